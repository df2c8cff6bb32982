import { builtInFormat, type NumberFormat, readNumberFormat, withLocalDate } from './number-format.ts';
import { ShownNumbers } from './shown-numbers.ts';
import type { XmlHandler } from './xml-reader.ts';

/** How cells of one style show. `isGeneral`: numbers show as they are written. */
export interface CellStyle {
  readonly format: NumberFormat;
  readonly isGeneral: boolean;
  /** White on white, or a format that shows nothing. */
  readonly isInvisible: boolean;
  /** Whole numbers as the style shows them. */
  readonly numbers: ShownNumbers;
}

const GENERAL: CellStyle = {
  format: readNumberFormat('General', false),
  isGeneral: true,
  isInvisible: false,
  numbers: new ShownNumbers(readNumberFormat('General', false)),
};

/** What the quick reader of cells has to know of a style. */
export const GENERAL_STYLE = 0;
export const SHOWN_STYLE = 1;
export const INVISIBLE_STYLE = 2;

/** The cell styles of a workbook, by the number cells give. */
export class CellStyles {
  private readonly styles: readonly CellStyle[];
  /** By style: one of the three above. */
  readonly modes: Uint8Array;

  constructor(styles: readonly CellStyle[]) {
    this.styles = styles;
    this.modes = Uint8Array.from(styles, (style) =>
      style.isInvisible ? INVISIBLE_STYLE : style.isGeneral ? GENERAL_STYLE : SHOWN_STYLE,
    );
  }

  at(index: number): CellStyle {
    return this.styles[index] ?? GENERAL;
  }
}

interface Fill {
  readonly pattern: string;
  readonly color: string;
}

/** Collects `styles.xml`; `finish` resolves it once the whole part was read. */
export function cellStylesReader(date1904: boolean): {
  readonly handler: XmlHandler;
  readonly finish: () => CellStyles;
} {
  const codes = new Map<number, string>();
  const fonts: string[] = [];
  const fills: Fill[] = [];
  const cells: { readonly format: number; readonly font: number; readonly fill: number }[] = [];
  const path: string[] = [];
  const handler: XmlHandler = {
    open(name, attributes) {
      const parent = path.at(-1);
      path.push(name);
      if (name === 'numFmt' && parent === 'numFmts')
        codes.set(Number(attributes.get('numFmtId')), attributes.get('formatCode') ?? 'General');
      else if (name === 'font' && parent === 'fonts') fonts.push('');
      else if (name === 'fill' && parent === 'fills') fills.push({ pattern: 'none', color: '' });
      else if (name === 'color' && parent === 'font' && path.at(-3) === 'fonts')
        fonts[fonts.length - 1] = colorOf(attributes);
      else if (name === 'patternFill' && path.at(-3) === 'fills')
        fills[fills.length - 1] = { pattern: attributes.get('patternType') ?? 'none', color: '' };
      else if (name === 'fgColor' && path.at(-4) === 'fills')
        fills[fills.length - 1] = { pattern: fills.at(-1)?.pattern ?? 'none', color: colorOf(attributes) };
      else if (name === 'xf' && parent === 'cellXfs')
        cells.push({
          format: Number(attributes.get('numFmtId') ?? 0),
          font: Number(attributes.get('fontId') ?? 0),
          fill: Number(attributes.get('fillId') ?? 0),
        });
    },
    text() {},
    close() {
      path.pop();
    },
  };
  const finish = (): CellStyles => {
    const known = new Map<string, ShownNumbers>();
    const formats = new Map<string, NumberFormat>();
    return new CellStyles(
      cells.map((cell) => {
        const code = codes.get(cell.format) ?? builtInFormat(cell.format);
        const read = formats.get(code) ?? readNumberFormat(code, date1904);
        formats.set(code, read);
        const format = codes.has(cell.format) ? read : withLocalDate(read, cell.format, date1904);
        const numbers = known.get(code) ?? new ShownNumbers(format);
        known.set(code, numbers);
        const fill = fills[cell.fill];
        const background = fill === undefined || fill.pattern === 'none' ? WHITE : fill.color;
        const isHiddenFormat = /^;+$/.test(code.trim());
        return {
          format,
          numbers,
          isGeneral: /^general$/i.test(code),
          isInvisible: isHiddenFormat || ((fonts[cell.font] ?? '') === background && background !== ''),
        };
      }),
    );
  };
  return { handler, finish };
}

const WHITE = 'FFFFFF';

/** A colour as RRGGBB, white by theme or index too; any other themed colour by its own name. */
function colorOf(attributes: ReadonlyMap<string, string>): string {
  const rgb = attributes.get('rgb');
  if (rgb !== undefined) return rgb.slice(-6).toUpperCase();
  const theme = attributes.get('theme');
  if (theme !== undefined)
    return theme === '0' && !attributes.has('tint') ? WHITE : `theme ${theme} ${attributes.get('tint') ?? ''}`;
  const indexed = attributes.get('indexed');
  if (indexed !== undefined) return indexed === '9' || indexed === '1' ? WHITE : `indexed ${indexed}`;
  return '';
}
