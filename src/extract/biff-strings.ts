import { showGeneral } from './number-format.ts';
import { plainHeader } from './plain-header.ts';

/** What stands for the parts of a path. */
const PATH_MARKS = new RegExp(`[${String.fromCharCode(0)}-${String.fromCharCode(8)}]`, 'g');

/** A string with its length in two bytes, and the offset after it. */
function nextString(body: Buffer, at: number): { readonly text: string; readonly next: number } {
  const count = body.readUInt16LE(at);
  const isWide = ((body[at + 2] ?? 0) & 1) !== 0;
  const end = at + 3 + count * (isWide ? 2 : 1);
  return { text: body.toString(isWide ? 'utf16le' : 'latin1', at + 3, end), next: end };
}

/** Headers and footers of even and first pages ([MS-XLS] 2.4.137). */
export function laterHeaders(body: Buffer): string[] {
  const found: string[] = [];
  let at = 38;
  for (let each = 0; each < 4 && at + 3 <= body.length; each += 1) {
    if (body.readUInt16LE(30 + 2 * each) === 0) continue;
    const { text, next } = nextString(body, at);
    found.push(plainHeader(text));
    at = next;
  }
  return found.filter((text) => text.trim() !== '');
}

/** A linked workbook: its path, and the names of its sheets ([MS-XLS] 2.4.271). The workbook itself names none. */
export function linkedNames(body: Buffer): string[] {
  if (body.length < 7) return [];
  const found: string[] = [];
  for (let at = 2; at + 3 <= body.length; ) {
    const { text, next } = nextString(body, at);
    found.push(text.replace(PATH_MARKS, ' ').trim());
    at = next;
  }
  return found;
}

/** What a linked workbook calls some of its cells ([MS-XLS] 2.4.105). */
export function linkedName(body: Buffer): string {
  if (body.length < 9) return '';
  const isWide = ((body[7] as number) & 1) !== 0;
  const length = body[6] as number;
  const name = body.toString(isWide ? 'utf16le' : 'latin1', 8, 8 + length * (isWide ? 2 : 1));
  return name.replace(PATH_MARKS, ' ').trim();
}

/** Cells of a linked workbook as last read ([MS-XLS] 2.4.63). */
export function cachedRow(body: Buffer): string {
  const cells: string[] = [];
  const count = body.length < 4 ? 0 : (body[0] as number) - (body[1] as number) + 1;
  for (let at = 4, each = 0; each < count && at + 9 <= body.length + 8; each += 1) {
    const kind = body[at];
    if (kind === 2 && at + 4 <= body.length) {
      const { text, next } = nextString(body, at + 1);
      cells.push(text);
      at = next;
      continue;
    }
    if (kind === 1 && at + 9 <= body.length) cells.push(showGeneral(body.readDoubleLE(at + 1)));
    else if (kind === 4) cells.push((body[at + 1] ?? 0) === 0 ? 'FALSE' : 'TRUE');
    at += 9;
  }
  return cells.join('\t');
}

/** Titles and texts that a cell with a rule shows ([MS-XLS] 2.4.95). */
export function prompts(body: Buffer): string[] {
  const found: string[] = [];
  for (let at = 4, each = 0; each < 4 && at + 3 <= body.length; each += 1) {
    const { text, next } = nextString(body, at);
    found.push(text.replaceAll('\0', ''));
    at = next;
  }
  return found;
}
