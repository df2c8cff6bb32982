import type { ExtractContext, Piece } from './extractor.ts';
import { entriesOf, type PdfDocument, settle } from './pdf-document.ts';
import { scriptsIn, wordsIn } from './pdf-text.ts';

/** What a document says beside its pages: properties, bookmarks, scripts, fields, page labels, names of layers. */
export async function* documentPieces(document: PdfDocument, context: ExtractContext): AsyncIterable<Piece> {
  const told = await settle(() => document.getMetadata(), null);
  const info: unknown = told?.info ?? {};
  const lines = Object.entries(info as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== ''
      ? [`${name}: ${value}`]
      : name === 'Custom'
        ? customLines(value)
        : [],
  );
  for (const [name, value] of told?.metadata ?? [])
    lines.push(...wordsIn(value).map((word) => `${String(name)}: ${word}`));
  if (lines.length > 0) yield { kind: 'text', step: 'properties', role: 'metadata', text: lines.join('\n') };
  context.budget.checkTime();
  const titles = outlineTitles(await settle(() => document.getOutline(), null));
  if (titles.length > 0) yield { kind: 'text', step: 'outline', role: 'document', text: titles.join('\n') };
  const scripts = scriptsIn(await settle(() => document.getJSActions(), null));
  if (scripts.length > 0)
    yield { kind: 'text', step: 'scripts', role: 'metadata', text: scripts.join('\n'), hidden: true };
  const labels = (await settle(() => document.getPageLabels(), null)) ?? [];
  // Labels that only count are no words.
  const telling = labels.filter((label) => /\p{L}{3}/u.test(label) && !/^[ivxlcdm]+$/i.test(label));
  const layers = await settle(() => layerNames(document), []);
  if (telling.length + layers.length > 0)
    yield { kind: 'text', step: 'labels', role: 'metadata', text: [...telling, ...layers].join('\n') };
  const fields = fieldWords(await settle(() => document.getFieldObjects(), null));
  if (fields !== '') yield { kind: 'text', step: 'fields', role: 'document', text: fields };
}

function customLines(value: unknown): readonly string[] {
  return entriesOf(value).map(([name, told]) => `${name}: ${wordsIn(told).join(' ') || String(told)}`);
}

function outlineTitles(outline: unknown): readonly string[] {
  const titles: string[] = [];
  const waiting: unknown[] = Array.isArray(outline) ? outline.toReversed() : [];
  for (let node = waiting.pop(); node !== undefined && titles.length < 100_000; node = waiting.pop()) {
    const { title, items, unsafeUrl } = node as Readonly<Record<string, unknown>>;
    titles.push(...wordsIn(title), ...wordsIn(unsafeUrl));
    if (Array.isArray(items)) waiting.push(...items.toReversed());
  }
  return titles;
}

function fieldWords(fields: unknown): string {
  const lines = entriesOf(fields).flatMap(([name, list]) =>
    (Array.isArray(list) ? list : []).flatMap((field: Readonly<Record<string, unknown>>) => {
      const words = [...wordsIn(field['value']), ...wordsIn(field['tooltip'])];
      return words.length > 0 ? [`${name}: ${words.join(' ')}`] : [];
    }),
  );
  return [...new Set(lines)].join('\n');
}

/** Names of optional content: layers of a drawing, languages, watermarks. */
async function layerNames(document: PdfDocument): Promise<readonly string[]> {
  const layers = await document.getOptionalContentConfig({ intent: 'any' });
  return [...layers].flatMap(([, layer]: readonly [string, { readonly name?: unknown }]) => wordsIn(layer.name));
}
