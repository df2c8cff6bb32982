import { CellCounter } from './cell-counter.ts';
import type { CellStyles } from './cell-styles.ts';
import { cellStylesReader } from './cell-styles.ts';
import type { ExtractContext, Piece } from './extractor.ts';
import { hiddenStateLines } from './hidden-state.ts';
import type { OoxmlPackage, Relationship } from './ooxml-package.ts';
import { readSharedStrings } from './read-shared-strings.ts';
import { SharedStrings } from './shared-strings.ts';
import { Unreadable } from './unreadable.ts';
import { readPeople, readSheetNotes } from './xlsx-notes.ts';
import { readPivotCaches } from './xlsx-pivot.ts';
import { readSheet, type SheetContent } from './xlsx-sheet.ts';
import { readWorkbook, type SheetEntry } from './xlsx-workbook.ts';
import { asUtf8 } from './xml-reader.ts';

/** New strings that a row of a wide table brings at most, as a quick look reckons. */
const STRINGS_A_ROW = 100;
/** Bytes of the markup of a sheet that is a large one. A size that lies is told when the part ends. */
const LONG_SHEET = 64 * 1024 ** 2;
const SHEET_PART = /(^|\/)worksheets\/[^/]+\.xml$/i;

/** The sheets of a workbook as tables, in the workbook's order, each followed by what hangs on it. */
export async function* readXlsx(pack: OoxmlPackage, main: string, context: ExtractContext): AsyncGenerator<Piece> {
  const workbook = await readWorkbook(pack, main);
  const relations = await pack.relationships(main);
  yield {
    kind: 'text',
    step: 'sheet names',
    role: 'name',
    text: workbook.sheets.map((sheet) => sheet.name).join('\n'),
  };
  if (workbook.words.length > 0)
    yield { kind: 'text', step: 'workbook', role: 'metadata', text: workbook.words.join('\n') };
  const people = await readPeople(pack, relations);
  const styles = await readStyles(pack, relations, workbook.date1904);
  const strings = yield* loadStrings(pack, relations, context);
  let counter: CellCounter | null = null;
  const makeCounter = (): CellCounter => {
    counter ??= new CellCounter(strings, styles);
    return counter;
  };

  async function* readCells(
    sheet: Pick<SheetEntry, 'name' | 'isHidden' | 'state'>,
    part: string,
  ): AsyncGenerator<Piece> {
    const content = await readSheet({
      name: sheet.name,
      isHidden: sheet.isHidden,
      chunks: asUtf8(pack.read(part, true)),
      strings,
      styles,
      budget: context.budget,
      everyCell: context.everyCell,
      isLong: (pack.entry(part)?.claimedSize ?? 0) > LONG_SHEET,
      firstRows: context.firstRows,
      makeCounter,
    });
    const { table, text, isProseCut } = content;
    yield { kind: 'table', step: sheet.name, table, text, ...(isProseCut === true ? { isProseCut } : {}) };
    yield* hiddenState(sheet, content);
    yield* aroundCells(sheet.name, sheet.isHidden, content);
    yield* readSheetNotes(pack, part, sheet.name, people);
  }

  for (const sheet of workbook.sheets) {
    const relation = relations.find((one) => one.id === sheet.relation && !one.isExternal);
    if (relation === undefined || !pack.has(relation.target)) {
      yield { kind: 'incomplete', step: sheet.name, reason: 'corrupt', detail: 'the sheet is missing' };
      continue;
    }
    // A sheet of charts alone has no cells; its words come with the other parts.
    if (relation.kind === 'chartsheet') continue;
    yield* readCells(sheet, relation.target);
  }
  // A damaged or doctored list of sheets must not turn a sheet into loose words: what is there as a sheet is read as one.
  for (const { name } of [...pack.untaken()])
    if (SHEET_PART.test(name)) yield* readCells({ name, isHidden: true, state: 'hidden' }, name);
  const caches = relations.filter((one) => one.kind === 'pivotCacheDefinition' && pack.has(one.target));
  yield* readPivotCaches(
    pack,
    caches.map((one) => one.target),
    context,
  );
  const left = context.firstRows === undefined ? [...strings.unused()].join('\n') : '';
  if (left !== '') yield { kind: 'text', step: 'unused strings', role: 'document', text: left, hidden: true };
}

function* hiddenState({ name, state }: Pick<SheetEntry, 'name' | 'state'>, content: SheetContent): Generator<Piece> {
  const { frame, notes } = content;
  const lines = hiddenStateLines({
    name,
    sheet: state,
    columns: frame.hiddenColumns,
    rows: notes.hiddenRows,
    rowsByDefault: frame.rowsAreHidden,
    invisibleCells: notes.invisible.length,
  });
  if (lines.length > 0)
    yield { kind: 'text', step: `${name} hidden`, role: 'metadata', text: lines.join('\n'), hidden: true };
}

function* aroundCells(name: string, isHidden: boolean, { frame, notes, fault }: SheetContent): Generator<Piece> {
  const hidden = isHidden ? { hidden: true } : {};
  if (frame.headers.length > 0)
    yield {
      kind: 'text',
      step: `${name} headers and footers`,
      role: 'document',
      text: frame.headers.join('\n'),
      ...hidden,
    };
  const words = [...new Set(frame.words)].join('\n');
  if (words !== '') yield { kind: 'text', step: `${name} settings`, role: 'metadata', text: words, ...hidden };
  if (notes.invisible.length > 0)
    yield {
      kind: 'text',
      step: `${name} invisible cells`,
      role: 'table',
      text: notes.invisible.join('\n'),
      hidden: true,
    };
  if (notes.formulaTexts.size > 0)
    yield {
      kind: 'text',
      step: `${name} formulas`,
      role: 'metadata',
      text: [...notes.formulaTexts].join('\n'),
      hidden: true,
    };
  const exact = notes.exact.text();
  if (exact !== '') yield { kind: 'text', step: `${name} exact values`, role: 'metadata', text: exact, hidden: true };
  if (notes.stray.length > 0)
    yield { kind: 'text', step: `${name} between cells`, role: 'document', text: notes.stray.join('\n'), hidden: true };
  if (fault !== null) yield { kind: 'incomplete', step: `${name} rest`, reason: fault.reason, detail: fault.message };
}

async function readStyles(
  pack: OoxmlPackage,
  relations: readonly Relationship[],
  date1904: boolean,
): Promise<CellStyles> {
  const { handler, finish } = cellStylesReader(date1904);
  const part = relations.find((one) => one.kind === 'styles' && !one.isExternal)?.target;
  if (part !== undefined && pack.has(part)) await pack.readXml(part, handler);
  return finish();
}

/** The shared strings; where they are damaged the cells lose their text, and the part says so. */
async function* loadStrings(
  pack: OoxmlPackage,
  relations: readonly Relationship[],
  context: ExtractContext,
): AsyncGenerator<Piece, SharedStrings> {
  const part =
    relations.find((one) => one.kind === 'sharedStrings' && !one.isExternal)?.target ?? 'xl/sharedStrings.xml';
  const strings = new SharedStrings();
  if (pack.has(part)) {
    try {
      const most = context.firstRows === undefined ? undefined : context.firstRows * STRINGS_A_ROW;
      await readSharedStrings(asUtf8(pack.read(part, true)), context.budget, strings, most);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      yield { kind: 'incomplete', step: 'shared strings', reason: error.reason, detail: error.message };
    }
  }
  return strings;
}
