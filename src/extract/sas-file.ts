import type { Budget } from './budget.ts';
import { type DataWords, shownDuration, shownNumber, shownTime } from './data-file.ts';
import { decodeText } from './decode-text.ts';
import { expandRdc, expandRle } from './sas-compression.ts';
import { SAS_CHARSETS, SAS_SUBHEADERS } from './sas-constant.ts';
import { Unreadable } from './unreadable.ts';

interface Column {
  offset: number;
  length: number;
  isNumber: boolean;
  name: string;
  label: string;
  format: string;
}

export interface SasFile {
  readonly words: DataWords;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly rowLength: number;
  readonly littleEndian: boolean;
  readonly charset: string;
  readonly compression: 'none' | 'rle' | 'rdc';
  /** Where rows lie, in order: pages of rows, or single rows (compressed where shorter than a row). */
  readonly places: readonly { readonly start: number; readonly length: number; readonly rows: number }[];
  readonly file: Buffer;
}

/**
 * Reads the pages of a SAS data set for its columns and where its rows lie.
 *
 * Sources: M. Shotwell, "SAS7BDAT Database Binary Format"; the readers of pandas and ReadStat agree on it.
 */
export function readSasFile(file: Buffer): SasFile {
  if (file.length < 288) throw new Unreadable('corrupt', 'the SAS file is cut off');
  const wide = file[32] === 0x33;
  const shift = file[35] === 0x33 ? 4 : 0;
  const littleEndian = file[37] === 1;
  const charset = SAS_CHARSETS[file[70] ?? 0] ?? 'windows-1252';
  const u16 = (at: number): number =>
    guarded(file, at, 2, () => (littleEndian ? file.readUInt16LE(at) : file.readUInt16BE(at)));
  const u32 = (at: number): number =>
    guarded(file, at, 4, () => (littleEndian ? file.readUInt32LE(at) : file.readUInt32BE(at)));
  const word = (at: number): number =>
    wide
      ? guarded(file, at, 8, () => Number(littleEndian ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at)))
      : u32(at);
  const size = wide ? 8 : 4;
  const headerLength = u32(196 + shift);
  const pageSize = u32(200 + shift);
  const pageCount = word(204 + shift);
  if (pageSize < 256 || headerLength < 256) throw new Unreadable('corrupt', 'the SAS file has no sensible page size');
  const texts: Buffer[] = [];
  const columns: Column[] = [];
  const column = (index: number): Column => {
    while (columns.length <= index)
      columns.push({ offset: 0, length: 0, isNumber: false, name: '', label: '', format: '' });
    return columns[index] as Column;
  };
  const textAt = (block: number, offset: number, length: number): string =>
    decodeText((texts[block] ?? Buffer.alloc(0)).subarray(offset, offset + length), charset).replace(/[\0\s]+$/, '');
  let rowLength = 0;
  let rowCount = 0;
  let mixRows = 0;
  let labelAt = { block: 0, offset: 0, length: 0 };
  let names = 0;
  let formats = 0;
  let attributes = 0;
  let compression: SasFile['compression'] = 'none';
  const places: { start: number; length: number; rows: number }[] = [];

  const readSubheader = (start: number, length: number): void => {
    const kind =
      SAS_SUBHEADERS[file.toString('hex', start, start + size)] ??
      SAS_SUBHEADERS[file.toString('hex', start, start + 4)];
    if (kind === 'row-size') {
      rowLength = word(start + 5 * size);
      rowCount = word(start + 6 * size);
      mixRows = word(start + 15 * size);
      // The data set's own label stands in a text block that comes later.
      if (length >= (wide ? 250 : 190))
        labelAt = {
          block: u16(start + length - 130),
          offset: u16(start + length - 128),
          length: u16(start + length - 126),
        };
    } else if (kind === 'text') {
      // Its own length is that of the text without what some writers put behind it.
      const block = file.subarray(start + size, start + length);
      if (texts.length === 0) {
        const head = block.toString('latin1');
        compression = head.includes('SASYZCRL') ? 'rle' : head.includes('SASYZCR2') ? 'rdc' : 'none';
      }
      texts.push(block);
    } else if (kind === 'names') {
      const count = Math.floor((length - 2 * size - 12) / 8);
      for (let each = 0; each < count; each += 1) {
        const at = start + size + 8 * (each + 1);
        column(names).name = textAt(u16(at), u16(at + 2), u16(at + 4));
        names += 1;
      }
    } else if (kind === 'attributes') {
      const count = Math.floor((length - 2 * size - 12) / (size + 8));
      for (let each = 0; each < count; each += 1) {
        const at = start + size + 8 + each * (size + 8);
        const one = column(attributes);
        one.offset = word(at);
        one.length = u32(at + size);
        one.isNumber = file[at + size + 6] === 1;
        attributes += 1;
      }
    } else if (kind === 'format') {
      const at = start + 3 * size;
      const one = column(formats);
      one.format = textAt(u16(at + 22), u16(at + 24), u16(at + 26));
      one.label = textAt(u16(at + 28), u16(at + 30), u16(at + 32));
      formats += 1;
    }
  };

  for (let page = 0; page < pageCount; page += 1) {
    const base = headerLength + page * pageSize;
    if (base + pageSize > file.length) {
      if (page === 0) throw new Unreadable('corrupt', 'the SAS file is cut off');
      break;
    }
    const head = base + (wide ? 32 : 16);
    const kind = u16(head) & 0xff00;
    const blocks = u16(head + 2);
    const subheaders = u16(head + 4);
    const pointer = wide ? 24 : 12;
    if (kind === 0x0100) {
      places.push({ start: head + 8, length: 0, rows: blocks });
      continue;
    }
    for (let each = 0; each < subheaders; each += 1) {
      const at = head + 8 + each * pointer;
      const start = base + word(at);
      const length = word(at + size);
      const how = file[at + 2 * size];
      const what = file[at + 2 * size + 1];
      if (length === 0 || how === 1 || start + length > base + pageSize) continue;
      const isKnown =
        SAS_SUBHEADERS[file.toString('hex', start, start + size)] ??
        SAS_SUBHEADERS[file.toString('hex', start, start + 4)];
      if (compression !== 'none' && what === 1 && (how === 4 || how === 0) && (how === 4 || isKnown === undefined))
        places.push({ start, length, rows: 1 });
      else readSubheader(start, length);
    }
    if (kind === 0x0200) {
      const from = head + 8 + subheaders * pointer;
      places.push({ start: from + ((from - base) % 8), length: 0, rows: mixRows });
    }
  }
  const words: DataWords = {
    title: [
      decodeText(file.subarray(92, 156), charset).replace(/[\0\s]+$/, ''),
      labelAt.length > 0 && labelAt.length <= 256 ? textAt(labelAt.block, labelAt.offset, labelAt.length) : '',
    ]
      .filter((line) => line !== '')
      .join('\n'),
    columns: columns.map(({ name, label }) => ({ name, label })),
    valueLabels: [],
    notes: [],
  };
  return { words, columns, rowCount, rowLength, littleEndian, charset, compression, places, file };
}

/** The rows of a data set as shown cells. */
export function* sasRows(data: SasFile, budget: Budget): Iterable<string[]> {
  let left = data.rowCount;
  for (const { start, length, rows } of data.places) {
    for (let each = 0; each < rows && left > 0; each += 1) {
      let row: Buffer;
      if (length > 0 && length < data.rowLength) {
        const packed = data.file.subarray(start, start + length);
        row = data.compression === 'rdc' ? expandRdc(packed, data.rowLength) : expandRle(packed, data.rowLength);
        budget.takeBytes(data.rowLength);
      } else row = data.file.subarray(start + each * data.rowLength, start + (each + 1) * data.rowLength);
      if (row.length < data.rowLength) throw new Unreadable('corrupt', 'the rows of the SAS file are cut off');
      left -= 1;
      yield data.columns.map((column) => shownCell(row, column, data));
    }
  }
  if (left > 0) throw new Unreadable('corrupt', `${left} rows of the SAS file are missing`);
}

function shownCell(
  row: Buffer,
  { offset, length, isNumber, format }: Column,
  { littleEndian, charset }: SasFile,
): string {
  const raw = row.subarray(offset, offset + length);
  return isNumber ? shownSasNumber(raw, littleEndian, format) : decodeText(raw, charset).replace(/[\0\s]+$/, '');
}

/** Numbers may be kept in fewer than eight bytes: the last of their fraction are left out. */
function shownSasNumber(stored: Buffer, littleEndian: boolean, format: string): string {
  const raw = stored.subarray(0, 8);
  const whole = Buffer.alloc(8);
  if (littleEndian) raw.copy(whole, 8 - raw.length);
  else raw.copy(whole, 0);
  const value = littleEndian ? whole.readDoubleLE(0) : whole.readDoubleBE(0);
  return shownByFormat(value, format);
}

const DAYS_1960 = 3653;

/** A number by its SAS format: a date, an instant, or the number. */
export function shownByFormat(value: number, format: string): string {
  if (Number.isNaN(value)) return '';
  if (/^(DATETIME|DATEAMPM|[EB]8601DT|NLDATM|MDYAMPM)/i.test(format))
    return shownTime((value - DAYS_1960 * 86_400) * 1000, true);
  if (
    /^(DATE|DAY|DDMMYY|MMDDYY|YYMMDD|YYMM|MONYY|WEEKDATE|WORDDATE|JULIAN|NLDATE|[EB]8601DA|MONNAME|YYQ|YEAR|MMYY|QTR)/i.test(
      format,
    )
  )
    return shownTime((value - DAYS_1960) * 86_400_000, false);
  if (/^(TIME|HHMM|MMSS|TOD|HOUR|[EB]8601TM|NLTIM)/i.test(format)) return shownDuration(value);
  return shownNumber(value);
}

function guarded(file: Buffer, at: number, size: number, read: () => number): number {
  if (at < 0 || at + size > file.length) throw new Unreadable('corrupt', 'the SAS file is cut off');
  return read();
}
