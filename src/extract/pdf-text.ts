import { entriesOf, type PdfDocument } from './pdf-document.ts';
import { noteFile, type PdfFile } from './pdf-files.ts';
import { knownLetters, type PdfRun } from './pdf-lines.ts';

export type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;

export type PdfOperators = Awaited<ReturnType<PdfPage['getOperatorList']>>;

/** A page's runs of letters in the order of its content stream. */
export async function pageRuns(page: PdfPage): Promise<readonly PdfRun[]> {
  const { items, styles } = await page.getTextContent();
  return items.flatMap((item): readonly PdfRun[] => {
    if (!('str' in item)) return [];
    const [a = 1, b = 0, c = 0, d = 1, x = 0, y = 0] = (item.transform as readonly unknown[]).map(Number);
    const scale = Math.hypot(a, b) || 1;
    const isVertical = styles[item.fontName]?.vertical === true;
    const along: readonly [number, number] = isVertical ? [0, -1] : [a / scale, b / scale];
    const width = isVertical ? item.height : item.width;
    return [{ text: knownLetters(item.str), x, y, along, width, height: Math.hypot(c, d), ends: item.hasEOL }];
  });
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
    const file = noteFile(note);
    if (file !== null) files.push(file);
  }
  return { lines: [...new Set(lines)], files };
}

export function scriptsIn(actions: unknown): readonly string[] {
  return entriesOf(actions).flatMap(([, script]) => wordsIn(script));
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
