import { memorySource } from '../core/byte-source.ts';
import { asBuffer } from './decode-text.ts';
import type { ExtractContext, Piece } from './extractor.ts';
import { objectsOf, streamContent } from './pdf-strings.ts';

const MAX_FILES = 100;

/**
 * Files in a document that its reader did not hand over (`given` it did): those for one kind of computer alone, those of a list
 * that nothing refers to any more. Encrypted documents give none. ISO 32000-2 section 7.11.4, embedded file streams.
 */
export function* unlistedFiles(
  bytes: Uint8Array,
  given: readonly Uint8Array[],
  { budget }: ExtractContext,
): Iterable<Piece> {
  const file = asBuffer(bytes);
  if (!file.includes('/EmbeddedFile') || file.includes('/Encrypt')) return;
  const known = given.map((one) => withoutLastLine(asBuffer(one)));
  let count = 0;
  for (const { dictionary, stream } of objectsOf(file)) {
    if (stream === null || count >= MAX_FILES || !/\/EmbeddedFile\b(?!s)/.test(dictionary)) continue;
    const content = streamContent(stream, dictionary);
    if (content === null || content.length === 0) continue;
    const whole = withoutLastLine(content);
    if (known.some((one) => one.equals(whole))) continue;
    known.push(whole);
    budget.takeBytes(content.length);
    budget.checkRatio(stream.length, content.length);
    count += 1;
    const step = `unlisted file ${count}`;
    yield { kind: 'part', step, name: null, declaredType: null, source: memorySource(content) };
  }
}

/** A stream's end is told by a line of its own, which may count as part of it. */
function withoutLastLine(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13)) end -= 1;
  return bytes.subarray(0, end);
}
