import type { OpenedMessage } from '../core/part.ts';
import { BloomFilter } from '../registers/bloom-filter.ts';
import type { DigestOf } from '../registers/cell-digest.ts';
import { winnowShingles } from '../text/shingles.ts';

/** Fewer passages than this are no document. */
const LEAST_PASSAGES = 8;
/** Filters are wider than rows' need: a mail is compared passage by passage, and a single one has to mean something. */
const SPARE = 3;

/** The passages of a document's running text, as keyed tokens; null where there is hardly any. */
export function passageFilter(
  opened: OpenedMessage,
  digest: DigestOf,
): { readonly filter: BloomFilter; readonly count: number } | null {
  const shingles = new Set(
    opened.parts.flatMap(({ content }) => (isProse(content) ? winnowShingles(content.text) : [])),
  );
  if (shingles.size < LEAST_PASSAGES) return null;
  const filter = new BloomFilter(shingles.size * SPARE);
  for (const shingle of shingles) filter.add(...digest(shingle));
  return { filter, count: shingles.size };
}

function isProse(
  content: OpenedMessage['parts'][number]['content'],
): content is { kind: 'text'; role: 'document'; text: string } {
  return content.kind === 'text' && (content.role === 'document' || content.role === 'body');
}
