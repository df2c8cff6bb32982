import fc from 'fast-check';
import { Budget, DEFAULT_LIMITS } from './budget.ts';
import { cellStylesReader } from './cell-styles.ts';
import { SharedStrings } from './shared-strings.ts';
import { TableBuilder } from './table-builder.ts';
import { readSheet } from './xlsx-sheet.ts';
import { XmlReader } from './xml-reader.ts';

const STRINGS = [
  '',
  'London',
  'Employment rate rose in all regions of the country',
  '00123',
  '2016-01-20',
  'Größe',
  '12.50',
  '😀 x',
];
const STYLES =
  '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="0.0%"/></numFmts><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="2"/></cellXfs></styleSheet>';

interface Cell {
  readonly xml: string;
  readonly shown: string;
}

const number = fc.constantFrom(
  ['0', '0'],
  ['7', '7'],
  ['42', '42'],
  ['122.49', '122.49'],
  ['0.0', '0'],
  ['-9', '-9'],
  ['100023336956', '100023336956'],
  ['0.30000000000000004', '0.3'],
  ['1E-3', '0.001'],
);
const anyCell: fc.Arbitrary<Cell | null> = fc.oneof(
  fc.constant(null),
  number.map(([raw, shown]) => ({ xml: `<v>${raw}</v>`, shown: shown as string })),
  fc.nat({ max: STRINGS.length - 1 }).map((at) => ({ xml: `t="s"><v>${at}</v>`, shown: STRINGS[at] as string })),
  fc.constantFrom({ xml: 's="1"><v>42389</v>', shown: '2016-01-20' }, { xml: 's="2"><v>0.74</v>', shown: '74.0%' }),
  fc.constantFrom({ xml: 's="3"><v>5</v>', shown: '5.00' }, { xml: 't="b"><v>1</v>', shown: 'TRUE' }),
  fc.constant({ xml: 't="inlineStr"><is><t>in &amp; line</t></is>', shown: 'in & line' }),
  fc.constant({ xml: 't="str"><f>A1&amp;"x"</f><v>made</v>', shown: 'made' }),
);
const anyRow = fc.array(anyCell, { maxLength: 6 });

function columnName(at: number): string {
  return String.fromCharCode(65 + at);
}

function sheetXml(rows: readonly (readonly (Cell | null)[])[]): string {
  const lines = rows.map((cells, at) => {
    const xml = cells.map((cell, column) =>
      cell === null
        ? ''
        : `<c r="${columnName(column)}${at + 1}"${cell.xml.startsWith('<') ? '>' : ' '}${cell.xml}</c>`,
    );
    return `<row r="${at + 1}">${xml.join('')}</row>`;
  });
  return `<worksheet><sheetData>${lines.join('')}</sheetData></worksheet>`;
}

async function read(xml: string, chunk: number) {
  const strings = new SharedStrings();
  for (const text of STRINGS) strings.add(Buffer.from(text));
  const { handler, finish } = cellStylesReader(false);
  const reader = new XmlReader(handler);
  reader.write(STYLES);
  const bytes = Buffer.from(xml);
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  })();
  const budget = new Budget(DEFAULT_LIMITS, () => 0);
  return readSheet({
    name: 'S',
    isHidden: false,
    chunks,
    strings,
    styles: finish(),
    budget,
    everyCell: false,
    isLong: false,
    makeCounter: null,
  });
}

/** The same rows through the builder that every other format uses. */
function expected(rows: readonly (readonly (Cell | null)[])[]) {
  const builder = new TableBuilder('S', false);
  for (const cells of rows) builder.addRow(cells.map((cell) => cell?.shown ?? ''));
  return builder.finish(false);
}

/** Trailing empty cells are no difference. */
function trimmed(rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1));
}

describe('reading the rows of a sheet', () => {
  it('gives the table that the common builder gives, wherever the chunks break', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 12 }), fc.integer({ min: 1, max: 400 }), async (rows, chunk) => {
        const got = await read(sheetXml(rows), chunk);
        const want = expected(rows);
        expect(got.fault).toBeNull();
        expect(trimmed(got.table.sample)).toEqual(trimmed(want.table.sample));
        expect({ rows: got.table.rows, header: trimmed([got.table.header]) }).toEqual({
          rows: want.table.rows,
          header: trimmed([want.table.header]),
        });
        expect(got.table.profiles).toEqual(want.table.profiles);
      }),
      { numRuns: 60 },
    );
  });

  it('counts in bulk what it would have counted cell by cell', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 5, maxLength: 20 }), async (pattern) => {
        const rows = Array.from({ length: 6000 }, (_, at) => pattern[(at * 7) % pattern.length] ?? []);
        const got = await read(sheetXml(rows), 1 << 16);
        const want = expected(rows);
        expect(got.table.rows).toBe(want.table.rows);
        expect(got.table.profiles).toEqual(want.table.profiles);
        expect(trimmed(got.table.sample)).toEqual(trimmed(want.table.sample));
        const lines = (text: string) => new Set(text.split('\n').map((line) => line.trimEnd()));
        // In bulk a sentence of the first rows may be kept once more.
        const kept = lines(got.text);
        expect([...lines(want.text)].filter((line) => !kept.has(line))).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });

  it.each([
    [
      'names with a prefix',
      '<x:worksheet><x:sheetData><x:row><x:c t="str"><x:v>here</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    ],
    [
      'single quotes and line breaks',
      "<worksheet><sheetData>\n<row\n r='1'>\n<c\n r='A1'\n t='str'>\n<v>here</v>\n</c>\n</row>\n</sheetData></worksheet>",
    ],
    [
      'a value in CDATA',
      '<worksheet><sheetData><row><c t="str"><v><![CDATA[here]]></v></c></row></sheetData></worksheet>',
    ],
    ['an escape', '<worksheet><sheetData><row><c t="str"><v>he_x0072_e</v></c></row></sheetData></worksheet>'],
  ])('reads %s', async (_, xml) => {
    const { text, table } = await read(xml, 7);
    expect(text).toBe('here');
    expect(table.rows).toBe(1);
  });

  it('places a cell by its reference, and one without after the last', async () => {
    const { table } = await read(
      '<worksheet><sheetData><row><c r="C1"><v>3</v></c><c><v>4</v></c></row></sheetData></worksheet>',
      999,
    );
    expect(table.sample).toEqual([['', '', '3', '4']]);
  });
});
