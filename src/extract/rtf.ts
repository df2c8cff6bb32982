import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { htmlPieces } from './html.ts';
import { embeddedFiles } from './inline-file.ts';
import { joinedBetween } from './joined-file.ts';
import { readOle1 } from './ole1-object.ts';
import { pastedTables } from './pasted-table.ts';
import { readRtf } from './read-rtf.ts';
import { TableBuilder } from './table-builder.ts';

/** Rich text: text with headers, footnotes and annotations, hidden text, properties, fields, objects and pictures. */
export const rtf: Extractor = {
  name: 'rtf',
  types: ['application/rtf'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    context.budget.takeBytes(part.source.size);
    yield* rtfPieces(asBuffer(await readAll(part.source)), null, 'document', context);
  },
};

/** The pieces of rich text; a wrapped page is read as the page. `step` is the path step of its own text. */
export function* rtfPieces(
  file: Buffer,
  step: string | null,
  role: 'body' | 'document',
  context: ExtractContext,
): Iterable<Piece> {
  const content = readRtf(file);
  const below = (name: string): string => (step === null ? name : `${step} › ${name}`);
  if (content.html === null) {
    yield { kind: 'text', step, role, text: content.text, type: 'application/rtf' };
    for (const [at, rows] of pastedTables(content.text).entries()) {
      const table = new TableBuilder('table', context.everyCell);
      for (const row of rows) table.addRow(row);
      yield { kind: 'table', step: below(`table ${at + 1}`), ...table.finish(false) };
    }
  } else {
    const page = [...htmlPieces(content.html, step, role, context)];
    yield* page;
    const beside = linesBeside(content.text, page);
    if (beside !== '') yield { kind: 'text', step: below('beside the page'), role: 'document', text: beside };
  }
  if (content.asides !== '') yield { kind: 'text', step: below('notes'), role: 'document', text: content.asides };
  if (content.hidden !== '')
    yield { kind: 'text', step: below('hidden'), role: 'document', text: content.hidden, hidden: true };
  if (content.metadata !== '')
    yield { kind: 'text', step: below('properties'), role: 'metadata', text: content.metadata };
  if (content.fields !== '') yield { kind: 'text', step: below('fields'), role: 'metadata', text: content.fields };
  if (content.stray !== '')
    yield { kind: 'text', step: below('broken groups'), role: 'document', text: content.stray, hidden: true };
  // Pictures and objects are lines of hexadecimal digits, which base64 has as well.
  const encoded = embeddedFiles(file.toString('latin1').replace(/^[0-9a-f]+\r?$/gim, ''));
  for (const piece of [...encoded, ...joinedBetween(file, content.pictures)])
    if ('step' in piece) yield { ...piece, step: below(piece.step ?? 'encoded') };
  for (const [at, bytes] of content.objects.entries()) {
    const { name, content: inner } = readOle1(bytes);
    const source = memorySource(inner);
    yield { kind: 'part', step: below(name ?? `object ${at + 1}`), name, declaredType: null, source };
  }
  for (const [at, bytes] of content.pictures.entries())
    yield {
      kind: 'part',
      step: below(`picture ${at + 1}`),
      name: null,
      declaredType: null,
      source: memorySource(bytes),
    };
}

/** Lines of the rich text that the page wrapped in it does not have. */
function linesBeside(text: string, page: readonly Piece[]): string {
  const shown = squeeze(page.map((piece) => (piece.kind === 'text' ? piece.text : '')).join(''));
  return text
    .split('\n')
    .filter((line) => !shown.includes(squeeze(line)))
    .join('\n');
}

/** Letters and digits alone: the two forms space, break and bullet differently. */
function squeeze(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '');
}
