import { type NumberFormat, readNumberFormat, withLocalDate } from './number-format.ts';

const MAX_VALUES = 1000;
const MAX_EVERY = 50_000;

/**
 * Numbers of a sheet that are shown otherwise than they are, such as those a format rounds: whoever opens the file has them in full.
 * Each is told once, with the fifteen digits a spreadsheet keeps.
 *
 * With `every`, as for `open --text`, those are told too that differ in their signs alone, such as 4,488, and dates as ISO dates, and as an American
 * sees them where their format follows the reader.
 */
export class ExactValues {
  private readonly found = new Set<string>();
  private readonly formats = new Map<string, NumberFormat>();
  private readonly every: boolean;
  private readonly most: number;

  constructor(every = false) {
    this.every = every;
    this.most = every ? MAX_EVERY : MAX_VALUES;
  }

  /** Takes a number that the format shows so; null stands for a number that is no date. */
  note(value: number, shown: string, format: NumberFormat | null): void {
    if (this.found.size >= this.most) return;
    if (format?.isDate === true) {
      if (value >= 1) this.noteDate(format.isoDate(value), shown);
      if (format.localDate !== undefined) this.noteDate(format.localDate(value), shown);
      return;
    }
    const exact = String(Number(value.toPrecision(15)));
    if (this.every) this.noteText(exact, shown);
    else if (!saysAsMuch(shown, Math.abs(value))) this.found.add(exact);
  }

  /** Takes an ISO date that is shown in another way. */
  noteDate(iso: string, shown: string): void {
    if (this.every && this.found.size < this.most) this.noteText(iso, shown);
  }

  /** Takes a number with the code of its format. */
  noteByCode(value: number, shown: string, code: string, date1904: boolean): void {
    const format = this.formats.get(code) ?? this.read(code, date1904);
    this.formats.set(code, format);
    this.note(value, shown, format);
  }

  private read(code: string, date1904: boolean): NumberFormat {
    const id = code === 'm/d/yy' ? 14 : code === 'm/d/yy h:mm' ? 22 : -1;
    return withLocalDate(readNumberFormat(code, date1904), id, date1904);
  }

  /** One a line; '' where there is none. */
  text(): string {
    return [...this.found].join('\n');
  }

  private noteText(exact: string, shown: string): void {
    if (!shown.includes(exact)) this.found.add(exact);
  }
}

/** Whether the digits shown are those of the number, with a point or a comma before its decimals. */
function saysAsMuch(shown: string, size: number): boolean {
  return (
    Number(shown.replace(/[^\d.]/g, '')) === size || Number(shown.replace(/[^\d,]/g, '').replace(',', '.')) === size
  );
}
