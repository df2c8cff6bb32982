import { type DataWords, shownNumber } from './data-file.ts';
import { decodeText } from './decode-text.ts';
import { shownByFormat } from './sas-file.ts';

const RECORD = 80;

interface Variable {
  readonly isNumber: boolean;
  readonly length: number;
  readonly position: number;
  readonly name: string;
  readonly label: string;
  readonly format: string;
}

export interface TransportMember {
  readonly name: string;
  readonly words: DataWords;
  readonly rows: Iterable<string[]>;
}

/** The data sets of a SAS transport file, version 5 and 8. SAS technical note TS-140. */
export function* readTransport(file: Buffer): Iterable<TransportMember> {
  const starts: number[] = [];
  for (
    let at = file.indexOf('HEADER RECORD*******MEM', 0, 'latin1');
    at >= 0;
    at = file.indexOf('HEADER RECORD*******MEM', at + RECORD, 'latin1')
  )
    starts.push(at);
  for (const [index, start] of starts.entries())
    yield readMember(file.subarray(start, starts[index + 1] ?? file.length), index);
}

function readMember(file: Buffer, index: number): TransportMember {
  const namestrs = file.indexOf('HEADER RECORD*******NAM', 0, 'latin1');
  const text = (start: number, end: number): string => decodeText(file.subarray(start, end)).replace(/[\0\s]+$/, '');
  const observations = file.indexOf('HEADER RECORD*******OBS', Math.max(0, namestrs), 'latin1');
  const long = file.toString('latin1', 0, RECORD).includes('MEMBV8');
  const name = text(2 * RECORD + 8, 2 * RECORD + (long ? 40 : 16)).trim() || `data set ${index + 1}`;
  const title = text(3 * RECORD + 32, 3 * RECORD + 72).trim();
  const size = Number.parseInt(file.toString('latin1', 74, 78), 10) || 140;
  const count = namestrs < 0 ? 0 : Number.parseInt(file.toString('latin1', namestrs + 54, namestrs + 58), 10) || 0;
  const variables: Variable[] = [];
  for (let each = 0; each < count; each += 1) {
    const at = namestrs + RECORD + each * size;
    if (at + size > file.length) break;
    const longName = long ? text(at + 88, at + 120).trim() : '';
    variables.push({
      isNumber: file.readUInt16BE(at) === 1,
      length: file.readUInt16BE(at + 4),
      name: longName || text(at + 8, at + 16).trim(),
      label: text(at + 16, at + 56).trim(),
      format: text(at + 56, at + 64).trim(),
      position: file.readUInt32BE(at + 84),
    });
  }
  const columns = variables.map((variable) => ({ name: variable.name, label: variable.label }));
  const start = observations < 0 ? file.length : observations + RECORD;
  return {
    name,
    words: { title, columns, valueLabels: [], notes: [] },
    rows: transportRows(file.subarray(start), variables),
  };
}

function* transportRows(data: Buffer, variables: readonly Variable[]): Iterable<string[]> {
  const width = variables.reduce((sum, variable) => sum + variable.length, 0);
  for (let at = 0; width > 0 && at + width <= data.length; at += width) {
    const row = data.subarray(at, at + width);
    // The last record is filled up with blanks.
    if (data.length - at < RECORD && row.every((byte) => byte === 0x20)) return;
    yield variables.map(({ isNumber, position, length, format }) => {
      const raw = row.subarray(position, position + length);
      return isNumber ? shownIbm(raw, format) : decodeText(raw).trimEnd();
    });
  }
}

/** IBM floating point: base 16, excess 64; a missing value is a letter and zeros. */
function shownIbm(raw: Buffer, format: string): string {
  const whole = Buffer.alloc(8);
  raw.copy(whole);
  const first = whole[0] as number;
  const fraction = whole.readUIntBE(1, 6) * 256 + (whole[7] as number);
  if (fraction === 0) return first === 0 ? shownByFormat(0, format) : '';
  const value = fraction * 2 ** -56 * 16 ** ((first & 0x7f) - 64) * (first >= 128 ? -1 : 1);
  return format === '' ? shownNumber(value) : shownByFormat(value, format);
}
