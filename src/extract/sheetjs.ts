import { isUtf8 } from 'node:buffer';
import type * as SheetJs from '@e965/xlsx';
import { readAll } from '../core/byte-source.ts';
import { readBiffNotes } from './biff-notes.ts';
import { isCompound, readCompoundRest } from './compound-rest.ts';
import { ExactValues } from './exact-values.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { loadSheetJs, MAX_EXPANDED } from './load-sheetjs.ts';
import { hasSoundRecords, LOTUS } from './lotus-records.ts';
import { builtInFormat } from './number-format.ts';
import { readOleRest } from './ole-rest.ts';
import { OoxmlPackage } from './ooxml-package.ts';
import { readRest } from './ooxml-rest.ts';
import { printableStrings } from './printable-strings.ts';
import { showCell } from './sheetjs-cell.ts';
import { type StoredEntry, storedZip } from './stored-zip.ts';
import { TableBuilder } from './table-builder.ts';
import { unlockOldOffice } from './unlock-old-office.ts';
import { Unreadable } from './unreadable.ts';
import { hasSoundCounts, xlsbStrings } from './xlsb-records.ts';
import { readZipDirectory } from './zip-directory.ts';
import { readZipEntry } from './zip-entry.ts';

const XLSB = 'application/vnd.ms-excel.sheet.binary.macroenabled.12';
const NUMBERS = 'application/vnd.apple.numbers';

/**
 * SheetJS holds a whole workbook as objects, some forty bytes of memory for each of these; `.xls` files end at 65,536 rows
 * and seldom reach a third of it.
 */
const MAX_BYTES = 48 * 1024 ** 2;
const MAX_SALVAGED = 1 << 20;
/** What reading may take, ms of wall clock; a tenth of it is usual. SheetJS loops in some damaged formulas. */
const LEAST_TIME = 10_000;
const BYTES_A_MS = 1_000;
/** Different formulas of a sheet that are shown. */
const MAX_FORMULAS = 2000;

/**
 * The old and odd spreadsheet formats, by SheetJS behind our limits: `.xls` from Excel 2 on, `.xlsb`, SpreadsheetML 2003, SYLK,
 * DIF, dBASE, Numbers. What it leaves out (text boxes, headers, embedded files) is read beside it.
 */
export const sheetjs: Extractor = {
  name: 'sheetjs',
  types: [
    'application/vnd.ms-excel',
    XLSB,
    NUMBERS,
    'application/vnd.ms-spreadsheetml+xml',
    'application/x-sylk',
    'application/x-dif',
    'application/x-dbf',
    'application/vnd.lotus-1-2-3',
    'application/x-quattro-pro',
  ],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    if (part.source.size > MAX_BYTES)
      throw new Unreadable('too-large', `spreadsheets of this format are read up to ${MAX_BYTES} bytes`);
    const isZip = part.type === XLSB || part.type === NUMBERS;
    const expanded = isZip ? await expandUnderBudget(part, context) : null;
    if (isZip && expanded === null) {
      yield* readXlsbRest(part, context, true);
      throw new Unreadable('corrupt', 'the records of the workbook are damaged');
    }
    const unlocked = part.type === 'application/vnd.ms-excel' ? await unlockOldOffice(part, context) : null;
    if (unlocked !== null) {
      yield* unlocked;
      return;
    }
    const bytes = expanded ?? Buffer.from(await readAll(part.source));
    if (LOTUS.has(part.type) && !hasSoundRecords(bytes)) {
      yield* salvaged(bytes);
      throw new Unreadable('corrupt', 'the records of the workbook are damaged');
    }
    yield* readBook(await loadSheetJs(), bytes, part, context);
    if (part.type === 'application/vnd.ms-excel') {
      yield* readBiffNotes(bytes, context.budget);
      yield* readOleRest(bytes, ['workbook', 'book']);
      if (isCompound(bytes)) yield* readCompoundRest(bytes);
    } else if (part.type === XLSB) yield* readXlsbRest(part, context);
    else if (part.type === NUMBERS) yield* readNumbersRest(part, context);
  },
};

function* readBook(library: typeof SheetJs, bytes: Buffer, part: RawPart, context: ExtractContext): Generator<Piece> {
  let book: SheetJs.WorkBook;
  const options: SheetJs.ParsingOptions = {
    type: 'buffer',
    dense: true,
    cellNF: true,
    cellStyles: true,
    cellHTML: false,
    cellFormula: true,
    dateNF: builtInFormat(14),
    // Old files name no code page; the office's is the Western one. Text formats are UTF-8 where they can be.
    codepage: /sylk|dif/.test(part.type) && isUtf8(bytes) ? 65_001 : 1252,
  };
  try {
    const time = Math.min(context.budget.timeLeft() / 2, LEAST_TIME + bytes.length / BYTES_A_MS);
    const read = context.runInTime?.(time, () => library.read(bytes, options));
    if (read === null) {
      yield* salvaged(bytes);
      yield { kind: 'incomplete', step: null, reason: 'timed-out', detail: 'the workbook took too long to read' };
      return;
    }
    book = read?.value ?? library.read(bytes, options);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const isLocked = /password|encrypt/i.test(said);
    if (!isLocked) yield* salvaged(bytes);
    yield {
      kind: 'incomplete',
      step: null,
      reason: isLocked ? 'encrypted' : 'corrupt',
      detail: isLocked ? 'the workbook needs a password' : 'the workbook is damaged',
    };
    return;
  }
  // Damaged books list sheets that they do not have.
  const names = [...new Set(book.SheetNames)].filter((name) => typeof name === 'string');
  if (names.length === 0) {
    yield { kind: 'incomplete', step: null, reason: 'corrupt', detail: `no sheet was found in ${part.type}` };
    return;
  }
  yield { kind: 'text', step: 'sheet names', role: 'name', text: names.join('\n') };
  const date1904 = book.Workbook?.WBProps?.date1904 === true;
  for (const name of names) {
    const at = book.SheetNames.indexOf(name);
    const sheet = book.Sheets[name];
    const isHidden = (book.Workbook?.Sheets?.[at]?.Hidden ?? 0) !== 0;
    if (sheet !== undefined) yield* readSheet({ name, sheet, isHidden, date1904 }, context);
    context.budget.checkTime();
  }
  yield* readBookWords(book, part.type !== 'application/vnd.ms-excel');
}

/** Cells that no reader can place are words still. */
function* salvaged(bytes: Buffer): Generator<Piece> {
  const text = printableStrings(bytes, MAX_SALVAGED);
  if (text !== '') yield { kind: 'text', step: 'strings', role: 'document', text };
}

interface NamedSheet {
  readonly name: string;
  readonly sheet: SheetJs.WorkSheet;
  readonly isHidden: boolean;
  readonly date1904: boolean;
}

function* readSheet({ name, sheet, isHidden, date1904 }: NamedSheet, context: ExtractContext): Generator<Piece> {
  const table = new TableBuilder(name, context.everyCell);
  const comments: string[] = [];
  const links: string[] = [];
  const formulas = new Set<string>();
  const exact = new ExactValues(context.everyCell === true);
  let hidesData = false;
  const columns = sheet['!cols'] ?? [];
  const rows = sheet['!rows'] ?? [];
  for (const [at, row] of (sheet['!data'] ?? []).entries()) {
    if (row === undefined || row === null) continue;
    const cells: string[] = [];
    for (const [column, cell] of row.entries()) {
      if (cell === undefined || cell === null) continue;
      const shown = showCell(cell, date1904);
      if (cell.f !== undefined && formulas.size < MAX_FORMULAS) formulas.add(cell.f);
      for (const comment of cell.c ?? []) comments.push([comment.a, comment.t].filter((word) => word).join(': '));
      if (cell.l?.Target !== undefined) links.push(cell.l.Target, cell.l.Tooltip ?? '');
      if (shown === '') continue;
      if (typeof cell.v === 'number') exact.noteByCode(cell.v, shown, String(cell.z ?? 'General'), date1904);
      while (cells.length < column) cells.push('');
      cells[column] = shown;
      if (columns[column]?.hidden === true || rows[at]?.hidden === true) hidesData = true;
    }
    table.addRow(cells);
  }
  yield { kind: 'table', step: name, ...table.finish(isHidden || hidesData) };
  if (comments.length > 0)
    yield { kind: 'text', step: `${name} comments`, role: 'document', text: comments.join('\n') };
  const addresses = links.filter((link) => link !== '');
  if (addresses.length > 0) yield { kind: 'text', step: `${name} links`, role: 'metadata', text: addresses.join('\n') };
  // What a formula compares with, or writes, is content as well.
  if (formulas.size > 0)
    yield { kind: 'text', step: `${name} formulas`, role: 'metadata', text: [...formulas].join('\n') };
  const inFull = exact.text();
  if (inFull !== '') yield { kind: 'text', step: `${name} exact values`, role: 'metadata', text: inFull, hidden: true };
  const frame = sheet['!headerfooter'] as Readonly<Record<string, string>> | undefined;
  if (frame !== undefined)
    yield {
      kind: 'text',
      step: `${name} headers and footers`,
      role: 'document',
      text: Object.values(frame).join('\n'),
    };
}

function* readBookWords(book: SheetJs.WorkBook, withProperties: boolean): Generator<Piece> {
  const names = (book.Workbook?.Names ?? [])
    .filter((one) => !one.Name.startsWith('_xlnm.'))
    .map((one) => [one.Name, one.Ref, one.Comment].filter((word) => word).join(' '));
  if (names.length > 0) yield { kind: 'text', step: 'workbook', role: 'metadata', text: names.join('\n') };
  if (!withProperties) return;
  const properties = { ...book.Props, ...book.Custprops } as Readonly<Record<string, unknown>>;
  const lines = Object.values(properties)
    .flat()
    .filter((value) => (typeof value === 'string' && value.trim() !== '') || typeof value === 'number')
    .map(String);
  if (lines.length > 0) yield { kind: 'text', step: 'properties', role: 'metadata', text: lines.join('\n') };
}

/**
 * The same package with every entry expanded under the budget, since SheetJS believes the sizes that a zip file claims and may read on
 * without end in damaged data; null where a record counts more than it holds, which it believes as well.
 */
async function expandUnderBudget(part: RawPart, context: ExtractContext): Promise<Buffer | null> {
  const { entries } = await readZipDirectory(part.source, context.budget);
  const stored: StoredEntry[] = [];
  let total = 0;
  for (const entry of entries) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of readZipEntry(part.source, entry, context.budget)) {
      total += chunk.length;
      chunks.push(chunk);
      if (total > MAX_EXPANDED)
        throw new Unreadable('too-large', 'the workbook expands past what this format is read to');
    }
    const bytes = Buffer.concat(chunks);
    if (/\.bin$/i.test(entry.name) && !FILES.test(entry.name) && !hasSoundCounts(bytes)) return null;
    stored.push({ name: Buffer.from(entry.name), bytes });
  }
  return storedZip(stored);
}

/** Parts of a Numbers document that hold settings, no words of its author. */
const SETTINGS = /(Stylesheet|ViewState|Metadata|CalculationEngine|ThemeStylesheet)[^/]*$/i;

/** Text boxes, comments and whatever else SheetJS leaves out of a Numbers document: its strings. */
async function* readNumbersRest(part: RawPart, context: ExtractContext): AsyncGenerator<Piece> {
  const { expandIwa } = await import('./iwa.ts');
  const { entries } = await readZipDirectory(part.source, context.budget);
  const found = new Set<string>();
  for (const entry of entries) {
    if (!/\.iwa$/i.test(entry.name) || SETTINGS.test(entry.name)) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of readZipEntry(part.source, entry, context.budget)) chunks.push(chunk);
    const strings = printableStrings(expandIwa(Buffer.concat(chunks), context.budget), MAX_SALVAGED);
    for (const line of strings.split('\n')) if (/\p{L}{2}/u.test(line)) found.add(line);
  }
  if (found.size > 0) yield { kind: 'text', step: 'strings', role: 'metadata', text: [...found].join('\n') };
}

/** Binary parts of an `.xlsb` that SheetJS reads in full. */
const READ =
  /^\w+\/(workbook|sharedStrings|styles|calcChain|metadata|comments\d*|(worksheets|macrosheets|chartsheets|dialogsheets)\/[^/]+)\.bin$/i;
/** Those of them that say more than their cells: headers, validations, paths. */
const AROUND = /^\w+\/(workbook|\w+sheets\/[^/]+)\.bin$/i;
/** Binary parts that are files of their own, or no records at all. */
const FILES = /\/(embeddings|activeX|printerSettings|media|model)\/|vbaProject/i;

/** Drawings, charts and properties of an `.xlsb` are XML like any other; of its other records the strings are read. */
async function* readXlsbRest(part: RawPart, context: ExtractContext, isUnread = false): AsyncGenerator<Piece> {
  const pack = await OoxmlPackage.open(part.source, context.budget);
  for (const { name } of pack.entries) {
    if (!/^\w+\/.*\.bin$/i.test(name) || FILES.test(name)) continue;
    if (!isUnread && READ.test(name) && !AROUND.test(name)) {
      pack.take(name);
      continue;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of pack.read(name)) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const text = READ.test(name) && !isUnread ? xlsbStrings(bytes) : printableStrings(bytes);
    if (text !== '') yield { kind: 'text', step: name, role: 'metadata', text };
    if (/pivotCacheRecords/i.test(name))
      yield {
        kind: 'incomplete',
        step: `${name} rest`,
        reason: 'unsupported',
        detail: 'numbers of a binary pivot cache',
      };
  }
  yield* readRest(pack);
}
