import type { PdfDocument } from './pdf-document.ts';

export type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;

/** A page's text in the order of its content stream, lines as the page has them. */
export async function pageText(page: PdfPage): Promise<string> {
  const { items } = await page.getTextContent();
  const pieces: string[] = [];
  for (const item of items) {
    if (!('str' in item)) continue;
    pieces.push(item.str);
    if (item.hasEOL) pieces.push('\n');
  }
  return pieces
    .join('')
    .replace(/[ \t]+\n/g, '\n')
    .trim();
}

/** Words of notes, form fields, links and their like on a page, and the files attached there. */
export async function pageNotes(
  page: PdfPage,
): Promise<{ readonly lines: readonly string[]; readonly files: readonly PdfFile[] }> {
  const lines: string[] = [];
  const files: PdfFile[] = [];
  for (const note of (await page.getAnnotations({ intent: 'any' })) as readonly Readonly<Record<string, unknown>>[]) {
    for (const key of ['titleObj', 'contentsObj', 'richText', 'defaultAppearanceData'])
      lines.push(...wordsIn(note[key]));
    for (const key of [
      'fieldName',
      'alternativeText',
      'fieldValue',
      'buttonValue',
      'exportValue',
      'defaultFieldValue',
      'textContent',
      'url',
      'unsafeUrl',
    ])
      lines.push(...wordsIn(note[key]));
    for (const option of Array.isArray(note['options']) ? note['options'] : [])
      lines.push(...wordsIn((option as { displayValue?: unknown }).displayValue));
    lines.push(...scriptsIn(note['actions']));
    const file = fileIn(note['file']);
    if (file !== null) files.push(file);
  }
  return { lines: [...new Set(lines)], files };
}

export interface PdfFile {
  readonly name: string;
  readonly description: string;
  readonly bytes: Uint8Array;
}

export function fileIn(value: unknown): PdfFile | null {
  if (typeof value !== 'object' || value === null) return null;
  const { filename, rawFilename, description, content } = value as Readonly<Record<string, unknown>>;
  if (!(content instanceof Uint8Array)) return null;
  const name = [filename, rawFilename].find((one) => typeof one === 'string' && one !== '');
  return {
    name: typeof name === 'string' ? name : 'attachment',
    description: typeof description === 'string' ? description : '',
    bytes: content,
  };
}

export function scriptsIn(actions: unknown): readonly string[] {
  if (typeof actions !== 'object' || actions === null) return [];
  return Object.values(actions).flatMap(wordsIn);
}

/** The strings in whatever the reader hands out for a value: a string, `{ str }`, a tree of rich text, an array. */
export function wordsIn(value: unknown): readonly string[] {
  const found: string[] = [];
  const waiting: unknown[] = [value];
  for (let one = waiting.pop(); one !== undefined || waiting.length > 0; one = waiting.pop()) {
    if (typeof one === 'string') {
      if (one.trim() !== '') found.push(one);
    } else if (Array.isArray(one)) waiting.push(...one.toReversed());
    else if (typeof one === 'object' && one !== null && !ArrayBuffer.isView(one)) {
      const { str, value: inner, children, html } = one as Readonly<Record<string, unknown>>;
      waiting.push(html, children, inner, str);
    }
    if (found.length > 10_000) break;
  }
  return found;
}

/** Alternative and actual texts of a tagged page's structure. */
export async function structureWords(page: PdfPage): Promise<readonly string[]> {
  const tree: unknown = await page.getStructTree();
  const found = new Set<string>();
  const waiting: unknown[] = [tree];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    const { alt, children } = node as Readonly<Record<string, unknown>>;
    if (typeof alt === 'string' && alt.trim() !== '') found.add(alt);
    if (Array.isArray(children)) for (let at = children.length - 1; at >= 0; at -= 1) waiting.push(children[at]);
  }
  return [...found];
}

/** Words of a dynamic form (XFA), which has no page content of its own. */
export async function formWords(page: PdfPage): Promise<string> {
  const tree: unknown = await page.getXfa();
  const lines: string[] = [];
  const waiting: unknown[] = [tree];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    const { value, attributes, children } = node as Readonly<Record<string, unknown>>;
    if (typeof value === 'string' && value.trim() !== '') lines.push(value);
    if (typeof attributes === 'object' && attributes !== null)
      for (const name of ['value', 'textContent', 'aria-label', 'title', 'alt']) {
        const word = (attributes as Readonly<Record<string, unknown>>)[name];
        if (typeof word === 'string' && word.trim() !== '') lines.push(word);
      }
    if (Array.isArray(children)) for (let at = children.length - 1; at >= 0; at -= 1) waiting.push(children[at]);
  }
  return lines.join('\n');
}
