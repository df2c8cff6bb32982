import type { Guard } from '../rules/direction.ts';
import { hashText, joinHashes } from '../text/hash-text.ts';
import type { Token } from '../text/tokenise.ts';
import { shapeOf } from './marked-words.ts';
import type { Found, Sentence } from './passage.ts';
import type { Meaning } from './vocabulary.ts';

/** Marks of a hash that is no word's. */
const [START, END, SUBJECT, CUE, PREFIX, PHRASE, SHAPE] = ['^', '$', 'S', 'C', '~', 'K', '#'].map((mark) =>
  hashText(mark, 0x9e3779b9),
) as [number, number, number, number, number, number, number];

/** Longer words count by their first letters too, so that "unemployed" and "unemployment" share something. */
const STEM = 5;

/**
 * What a learned reader goes by in a sentence, as distinct buckets (hashes under a `mask` of low bits): words and pairs of words, numbers
 * by their shape, the phrases of the rules that stand in it, and what stands beside a subject or a word of direction whichever it is.
 */
export function sentenceFeatures(
  tokens: readonly Token[],
  { from, to, found, asks }: Sentence,
  mask: number,
): ReadonlySet<number> {
  const features = new Set<number>();
  const add = (hash: number): void => {
    features.add(hash & mask);
  };
  const words: number[] = [];
  for (let at = from; at < to; at += 1) {
    const token = tokens[at] as Token;
    const word = token.kind === 'number' ? joinHashes(SHAPE, hashText(shapeOf(token.text))) : hashText(token.text);
    words.push(word);
    add(word);
    if (token.kind === 'word' && token.text.length > STEM) add(joinHashes(PREFIX, hashText(token.text.slice(0, STEM))));
  }
  let before = START;
  for (const word of words) {
    add(joinHashes(before, word));
    before = word;
  }
  add(joinHashes(before, END));
  for (const { value } of found) for (const hash of phraseHashes(value)) add(hash);
  for (const guard of standingGuards(found)) add(joinHashes(PHRASE, hashText(`${guard.id} stands`)));
  if (asks) add(joinHashes(PHRASE, END));
  addSurroundings(add, words, from, found);
  return features;
}

const hashes = new WeakMap<Meaning, readonly number[]>();

function phraseHashes(meaning: Meaning): readonly number[] {
  let known = hashes.get(meaning);
  if (known === undefined) {
    known = namesOf(meaning).map((name) => joinHashes(PHRASE, hashText(name)));
    hashes.set(meaning, known);
  }
  return known;
}

function namesOf(meaning: Meaning): readonly string[] {
  switch (meaning.kind) {
    case 'subject': {
      const { clear, counted, terse, faint } = meaning;
      const sort = clear ? 'clear' : counted ? 'counted' : terse ? 'terse' : faint ? 'faint' : 'everyday';
      return ['subject', `subject ${sort}`, `of ${meaning.subject.id}`];
    }
    case 'spoken':
    case 'outright':
      return [meaning.kind, `of ${meaning.subject.id}`];
    case 'guard':
    case 'unless':
      return [`${meaning.kind} ${meaning.guard.id}`];
    case 'cue':
      return ['cue', `cue ${meaning.claim.id}`];
    case 'name':
      return [`name ${meaning.names.id}`];
    default:
      return [meaning.kind];
  }
}

/** Guards that nothing in the sentence lifts. */
function standingGuards(found: readonly Found[]): ReadonlySet<Guard> {
  const standing = new Set<Guard>();
  for (const { value } of found) if (value.kind === 'guard') standing.add(value.guard);
  for (const { value } of found) if (value.kind === 'unless') standing.delete(value.guard);
  return standing;
}

/** Pairs with subjects, words of direction and names put for themselves: what is said of one subject, or in one city, is said of another. */
function addSurroundings(
  add: (hash: number) => void,
  words: readonly number[],
  first: number,
  found: readonly Found[],
): void {
  const plain: number[] = [...words];
  const marks = new Set([SUBJECT, CUE]);
  const put = (kinds: readonly Meaning['kind'][], markOf: (meaning: Meaning) => number): void => {
    for (const { from, to, value } of found) {
      if (!kinds.includes(value.kind)) continue;
      const mark = markOf(value);
      marks.add(mark);
      for (let at = from - first; at < to - first && at < plain.length; at += 1) plain[at] = mark;
    }
  };
  put(['name'], (meaning) => phraseHashes(meaning)[0] as number);
  put(['cue'], () => CUE);
  put(['subject', 'spoken'], () => SUBJECT);
  let before = START;
  for (const word of [...plain, END]) {
    if (word === before && marks.has(word)) continue;
    if (marks.has(word) || marks.has(before)) add(joinHashes(before, word));
    before = word;
  }
}
