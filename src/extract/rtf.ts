import { memorySource, readAll } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { htmlPieces } from './html.ts';
import { readOle1 } from './ole1-object.ts';
import { readRtf } from './read-rtf.ts';

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
  if (content.html !== null) yield* htmlPieces(content.html, step, role, context);
  else yield { kind: 'text', step, role, text: content.text, type: 'application/rtf' };
  if (content.hidden !== '')
    yield { kind: 'text', step: below('hidden'), role: 'document', text: content.hidden, hidden: true };
  if (content.metadata !== '')
    yield { kind: 'text', step: below('properties'), role: 'metadata', text: content.metadata };
  if (content.fields !== '') yield { kind: 'text', step: below('fields'), role: 'metadata', text: content.fields };
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
