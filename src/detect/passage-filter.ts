import type { OpenedMessage } from '../core/part.ts';
import { BloomFilter } from '../registers/bloom-filter.ts';
import type { DigestOf } from '../registers/cell-digest.ts';
import { winnowShingles } from '../text/shingles.ts';

/** Fewer passages than this are no document. */
const LEAST_PASSAGES = 8;
/** Filters are wider than rows' need: a mail is compared passage by passage, and a single one has to mean something. */
const SPARE = 3;

/** The passages of a document's running text that another does not have, as keyed tokens; null where there is hardly any. */
export function passageFilter(
  opened: OpenedMessage,
  digest: DigestOf,
  without: OpenedMessage | null = null,
): { readonly filter: BloomFilter; readonly count: number } | null {
  const boilerplate = without === null ? new Set<string>() : shinglesOf(without);
  const shingles = [...shinglesOf(opened)].filter((shingle) => !boilerplate.has(shingle));
  if (shingles.length < LEAST_PASSAGES) return null;
  const filter = new BloomFilter(shingles.length * SPARE);
  for (const shingle of shingles) filter.add(...digest(shingle));
  return { filter, count: shingles.length };
}

function shinglesOf(opened: OpenedMessage): ReadonlySet<string> {
  return new Set(
    opened.parts.flatMap(({ content }) =>
      content.kind === 'text' && (content.role === 'document' || content.role === 'body')
        ? winnowShingles(content.text)
        : [],
    ),
  );
}
