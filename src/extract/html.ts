import { isUtf8 } from 'node:buffer';
import { memorySource, readAll } from '../core/byte-source.ts';
import { brokenMarkup, silentValues } from './broken-markup.ts';
import { decodeText, knownCharset } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { embeddedFiles } from './inline-file.ts';
import { joinedFiles } from './joined-file.ts';
import { readHtml } from './read-html.ts';
import { TableBuilder } from './table-builder.ts';

/** HTML pages: what is shown, what is hidden, data tables, and bytes inside data: URIs. */
export const html: Extractor = {
  name: 'html',
  types: ['text/html'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    const bytes = await readAll(part.source);
    yield* htmlPieces(decodeHtml(bytes, part.charset ?? null), null, 'document', context);
    yield* joinedFiles(bytes);
  },
};

/** Decodes a page by its mark, the mail's declaration, or its own `meta` element. */
export function decodeHtml(bytes: Uint8Array, declared: string | null): string {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16_384)).toString('latin1');
  const own = ownCharset(start);
  const told = knownCharset(declared);
  // A mail that calls every page ASCII or UTF-8 is not believed where the page is neither.
  if (own !== null && (told === 'us-ascii' || told === 'utf-8') && !isUtf8(bytes)) return decodeText(bytes, own);
  // A page whose bytes were read as Latin letters cannot be UTF-16, whatever its meta element says.
  return decodeText(bytes, told ?? (own?.startsWith('utf-16') === true ? 'utf-8' : own));
}

/** The first charset that a page names and a decoder knows; careless pages name several, or nonsense first. */
function ownCharset(start: string): string | null {
  const named = [
    ...start.matchAll(/<meta\s[^>]{0,1000}/gi),
    ...start.slice(0, 200).matchAll(/^\s*<\?xml\s[^>]+/g),
  ].flatMap(([element]) => [...element.matchAll(/(?:charset|encoding)\s*[=:]\s*["']?\s*([\w:.-]+)/gi)]);
  for (const [, name] of named) {
    const charset = knownCharset(name);
    if (charset !== null) return charset;
  }
  return null;
}

/** A tag that the page ends within: nobody shows it, and it may be all the rest of the file. */
function cutOffTag(markup: string): string {
  const start = markup.lastIndexOf('<');
  const tail = start < 0 || markup.indexOf('>', start) >= 0 ? '' : markup.slice(start + 1).trim();
  return /\s\S/.test(tail) ? tail : '';
}

function* stepped(pieces: Iterable<Piece>, below: (name: string) => string): Iterable<Piece> {
  for (const piece of pieces) if ('step' in piece) yield { ...piece, step: below(piece.step ?? 'encoded') };
}

/** The pieces of a page; `step` is the path step its own text takes. */
export function* htmlPieces(
  markup: string,
  step: string | null,
  role: 'body' | 'document',
  context: ExtractContext,
): Iterable<Piece> {
  const content = readHtml(markup);
  const below = (name: string): string => (step === null ? name : `${step} › ${name}`);
  yield { kind: 'text', step, role, text: content.visible, type: 'text/html' };
  if (content.hidden !== '')
    yield { kind: 'text', step: below('hidden'), role: 'document', text: content.hidden, hidden: true };
  const cut = cutOffTag(markup);
  if (cut !== '') yield { kind: 'text', step: below('cut off'), role: 'document', text: cut, hidden: true };
  const said = function* () {
    yield* [content.visible, content.hidden, cut, ...content.links];
    for (const rows of content.tables) for (const row of rows) yield row.join(' ');
  };
  const broken = brokenMarkup(markup, 'html', said);
  if (broken !== '') yield { kind: 'text', step: below('broken markup'), role: 'document', text: broken, hidden: true };
  const silent = silentValues(markup, said);
  if (silent !== '') yield { kind: 'text', step: below('attributes'), role: 'metadata', text: silent, hidden: true };
  if (content.links.length > 0)
    yield { kind: 'text', step: below('links'), role: 'metadata', text: content.links.join('\n') };
  for (const [at, rows] of content.tables.entries()) {
    const name = `table ${at + 1}`;
    const builder = new TableBuilder(name, context.everyCell);
    for (const row of rows) builder.addRow(row);
    yield { kind: 'table', step: below(name), ...builder.finish(false) };
  }
  // What a `data:` address holds was taken from it.
  yield* stepped(embeddedFiles(markup.replace(/\bdata:[^"')>]*/gi, '')), below);
  for (const [at, { type, bytes }] of content.embedded.entries())
    yield { kind: 'part', step: below(`data ${at + 1}`), name: null, declaredType: type, source: memorySource(bytes) };
}
