/** What a story of a Word document says. */
export interface WordWords {
  /** As a reader sees it: cells by tabs, rows and paragraphs by lines, fields by their results. */
  readonly text: string;
  /** What fields are made of: addresses, names of linked files, index entries. */
  readonly fields: readonly string[];
}

const char = (code: number): string => String.fromCharCode(code);
const FIELD_BEGIN = char(19);
const FIELD_MIDDLE = char(20);
const FIELD_END = char(21);
/** What ends a cell, and a row where nothing else tells. */
export const CELL_END = char(7);
/** Put for the cell mark that ends a row where the formatting tells; a code that Word does not use. */
export const ROW_END_MARK = char(28);
const ROW_END = CELL_END + CELL_END;
const MARKED_ROW_END = new RegExp(`[\r${CELL_END}]*${ROW_END_MARK}`, 'g');
const FIELD_MARKS = new RegExp(`([${FIELD_BEGIN}-${FIELD_END}])`);
// Built, since a pattern must not hide control characters.
const LINE_ENDS = new RegExp(`[\r\v\f${char(14)}]`, 'g');
const MARKS = new RegExp(`[${char(0)}-${char(8)}${char(15)}-${char(29)}\uffff]`, 'g');

/** Undoes the marks that stand in Word's text ([MS-DOC] 2.4.1). A field without a result leaves its code to `fields`. */
export function readWordCharacters(raw: string): WordWords {
  const { shown, fields } = splitFields(raw);
  // Without formatting, two cell marks are a row's end; they may be an empty cell as well.
  const rows = shown.includes(ROW_END_MARK)
    ? shown.replace(MARKED_ROW_END, (end) => `${end.slice(0, -2).replaceAll('\r', '')}\r`)
    : shown.replaceAll(`\r${ROW_END}`, '\n').replaceAll(ROW_END, '\n');
  const text = rows
    .replaceAll(CELL_END, '\t')
    .replace(LINE_ENDS, '\n')
    .replace(MARKS, '')
    .replaceAll('\x1e', '\u2011')
    .replaceAll('\x1f', '')
    .replace(/\n{3,}/g, '\n\n');
  return { text, fields };
}

function splitFields(raw: string): { readonly shown: string; readonly fields: readonly string[] } {
  if (!raw.includes(FIELD_BEGIN)) return { shown: raw, fields: [] };
  let shown = '';
  const fields: string[] = [];
  /** Codes still open, outermost first; a field in a code adds its result to that code. */
  const open: { code: string; inResult: boolean }[] = [];
  const add = (text: string): void => {
    const at = open.findLastIndex((field) => !field.inResult);
    const hiding = open[at];
    if (hiding === undefined) shown += text;
    else hiding.code += text;
  };
  for (const piece of raw.split(FIELD_MARKS)) {
    const last = open.at(-1);
    if (piece === FIELD_BEGIN) open.push({ code: '', inResult: false });
    else if (piece === FIELD_MIDDLE && last !== undefined) last.inResult = true;
    else if (piece === FIELD_END && last !== undefined) {
      open.pop();
      const code = last.code.replace(MARKS, '').trim();
      if (code !== '') fields.push(code);
    } else add(piece);
  }
  // A field that never ends hides nothing.
  for (const field of open) if (!field.inResult) shown += field.code;
  return { shown, fields };
}
