import type { OpenedPart } from '../core/part.ts';
import type { BloomFilter } from '../registers/bloom-filter.ts';
import type { Digest } from '../registers/cell-digest.ts';
import type { Sketch } from '../registers/sketch.ts';
import { winnowShingles } from '../text/shingles.ts';
import type { Sketches } from './detector.ts';

/** A registered document to look for. */
export interface RegisteredDocument {
  /** The entry that a finding concerns: the release of a bulletin, or the document's own. */
  readonly id: string;
  readonly title: string;
  readonly release: string | null;
  readonly sketch: Sketch;
  readonly filter: BloomFilter;
}

export interface PassageMatch {
  readonly path: string;
  readonly document: RegisteredDocument;
  readonly found: number;
}

/** Different kept shingles that must be found: some seventeen words in a row, which chance gives to one mail in a million. */
export const LEAST_PASSAGES_FOUND = 4;

/** The registered documents that a part of a message shares passages with. */
export function matchPassages(
  { path, content }: OpenedPart,
  documents: readonly RegisteredDocument[],
  sketches: Sketches,
): readonly PassageMatch[] {
  if (content.kind !== 'text' && content.kind !== 'table') return [];
  const shingles = [...new Set(winnowShingles(content.text))];
  if (shingles.length < LEAST_PASSAGES_FOUND) return [];
  const keys = new Set(documents.map(({ sketch }) => sketch.header.key));
  const digests = new Map([...keys].map((key) => [key, digestAll(shingles, key, sketches)]));
  return documents.flatMap((document) => {
    const under = digests.get(document.sketch.header.key) ?? [];
    const found = under.filter(([high, low]) => document.filter.has(high, low)).length;
    return found >= LEAST_PASSAGES_FOUND ? [{ path, document, found }] : [];
  });
}

function digestAll(shingles: readonly string[], key: string, sketches: Sketches): readonly Digest[] {
  const digest = sketches.digestOf(key);
  return digest === undefined ? [] : shingles.map(digest);
}
