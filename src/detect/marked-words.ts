import type { Token } from '../text/tokenise.ts';
import type { WordVectors } from '../text/word-vectors.ts';
import type { Sentence } from './passage.ts';
import type { Meaning } from './vocabulary.ts';

/** What a word of a sentence is besides its vector, a bit each; `WORD_MARKS` in all. */
const MARKS = {
  subject: 1,
  spoken: 2,
  cue: 4,
  guard: 8,
  phrase: 16,
  year: 32,
  fraction: 64,
  large: 128,
  small: 256,
  unknown: 512,
  /** The first kind of names; two others may follow. */
  name: 1024,
  /** Stands ahead of, or behind, the mention of an earlier release. */
  ahead: 8192,
  behind: 16384,
} as const;

/** The words of a sentence in their order: rows of the table of vectors (-1 for none), and their marks as bits. */
export interface MarkedWords {
  readonly rows: Int32Array;
  readonly marks: Uint16Array;
}

/** What attention goes by in a sentence: each word by its vector, and which phrases of the rules it stands in. */
export function markWords(tokens: readonly Token[], { from, to, found }: Sentence, vectors: WordVectors): MarkedWords {
  const rows = new Int32Array(to - from).fill(-1);
  const marks = new Uint16Array(to - from);
  for (let at = from; at < to; at += 1) {
    const { kind, text } = tokens[at] as Token;
    if (kind === 'number') {
      marks[at - from] = MARKS[shapeOf(text)];
      continue;
    }
    const row = vectors.rowOf(text);
    rows[at - from] = row;
    if (row < 0) marks[at - from] = MARKS.unknown;
  }
  for (const match of found) {
    const mark = markOf(match.value);
    for (let at = Math.max(from, match.from); at < Math.min(to, match.to); at += 1)
      marks[at - from] = (marks[at - from] as number) | mark;
  }
  markSides(marks, { from, found });
  return { rows, marks };
}

/** Which words stand ahead of all that mentions an earlier release, and which behind it: news and what it is compared with. */
function markSides(marks: Uint16Array, { from, found }: Pick<Sentence, 'from' | 'found'>): void {
  const releases = found.filter(({ value }) => value.kind === 'guard' && value.guard.effect === 'attribute');
  if (releases.length === 0) return;
  const first = Math.min(...releases.map((release) => release.from)) - from;
  const last = Math.max(...releases.map((release) => release.to)) - from;
  for (let at = 0; at < marks.length; at += 1) {
    const side = at < first ? MARKS.ahead : at >= last ? MARKS.behind : 0;
    marks[at] = (marks[at] as number) | side;
  }
}

/** A year, a fraction, thousands or a small number: the digits themselves are chance. */
export function shapeOf(number: string): 'year' | 'fraction' | 'large' | 'small' {
  if (/^(?:19|20)\d\d$/.test(number)) return 'year';
  if (/[.·]\d+$/.test(number) && !/^\d{1,3}(?:[.,]\d{3})+$/.test(number)) return 'fraction';
  return number.length > 3 ? 'large' : 'small';
}

function markOf(meaning: Meaning): number {
  switch (meaning.kind) {
    case 'subject':
    case 'cue':
    case 'guard':
      return MARKS[meaning.kind];
    case 'name':
      return MARKS.name << meaning.index;
    case 'spoken':
    case 'outright':
      return MARKS.spoken;
    default:
      return MARKS.phrase;
  }
}
