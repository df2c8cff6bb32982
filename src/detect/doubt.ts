import type { Token } from '../text/tokenise.ts';
import type { Heard } from './hear-message.ts';
import type { LearnedReader } from './learned-reader.ts';
import { speaksOfDatedRelease } from './long-past.ts';
import type { Mention } from './mentions.ts';
import type { Passage, Sentence } from './passage.ts';
import type { Range } from './relations.ts';

/**
 * Whether what rules find in a sentence is none, since it reads like anything but a statement of statistics, and so does the clause of it
 * that the words stand in: what else is said beside them does not make them less.
 *
 * What is said of a subject of the sentences before, or of "the figures", is doubted only far below, and so is what is said of a release with
 * a date: the sentence alone can hardly tell. What names an earlier release is never: the reviewer sees it where it holds nothing too, and
 * what is set against one is news.
 */
export function isDoubted(heard: Heard, what: 'words' | 'figures', found: Range, mention?: Mention): boolean {
  const { passage, reading, impressions, readers } = heard;
  if (reading.attributed || reading.against) return false;
  const named = mention === undefined || (mention.subject !== null && reading.mentions.includes(mention));
  if (!named && reading.sentence.to - reading.sentence.from < FRAGMENT) return false;
  const clause = clauseAround(passage.tokens, reading.sentence, found);
  return impressions().some(({ rule, indicates: whole }) => {
    const least = rule.doubt[what] * (speaksOfDatedRelease(passage.tokens, reading.sentence) ? FAR : named ? 1 : FAR);
    if (whole >= least) return false;
    if (clause === null) return true;
    const reader = readers.find((one) => one.rule === rule);
    return reader !== undefined && readClause(heard, reader, clause) < 0;
  });
}

/** What clauses of a passage read like, and how many more of them may be read. */
interface Clauses {
  readonly odds: Map<string, number>;
  left: number;
}

/** In one passage so many clauses are read for doubts; in more of them what rules find stands: a megabyte has ten thousands. */
const MOST_CLAUSES = 100;

const clausesOf = new WeakMap<Passage, Clauses>();

/** How a clause reads in its sentence, in log-odds; above all doubts where too many were read. */
function readClause({ passage, reading, before }: Heard, reader: LearnedReader, clause: Sentence): number {
  const known = clausesOf.get(passage) ?? { odds: new Map(), left: MOST_CLAUSES };
  clausesOf.set(passage, known);
  const key = `${reader.rule.id} ${clause.from} ${clause.to}`;
  const odds = known.odds.get(key);
  if (odds !== undefined) return odds;
  if (known.left === 0) return Number.POSITIVE_INFINITY;
  known.left -= 1;
  // What else the sentence says tells what the clause is about, as sentences before it do: "Tesco's profit rose, with sales up 5%".
  const { from, to } = reading.sentence;
  const rest = [partOf(reading.sentence, from, clause.from), partOf(reading.sentence, clause.to, to)].flatMap(
    (sentence) => (sentence.from < sentence.to ? [{ tokens: passage.tokens, sentence }] : []),
  );
  const { indicates } = reader.read(passage.tokens, clause, [...rest, ...before()]);
  known.odds.set(key, indicates);
  return indicates;
}

/** How many times as far below a sentence must read that itself can hardly tell. */
const FAR = 4;

/** What is carried over in fewer words has too few to tell by: "Down to 3.8 at last." */
const FRAGMENT = 10;

/** Words that a sentence goes on after with something else. */
const JOINT = /^(?:while|whereas|but|because|though|although|so|and|;|-|,|:|\(|\))$/;

/** The part of a sentence between joints that holds a range, as a sentence of its own; null where that is all of it. */
function clauseAround(tokens: readonly Token[], sentence: Sentence, { from, to }: Range): Sentence | null {
  let [first, last] = [from, to];
  const toJoint = (at: number): number => {
    let left = at;
    while (left > sentence.from && !JOINT.test(tokens[left - 1]?.text ?? '')) left -= 1;
    return left;
  };
  first = toJoint(first);
  // "Italy: unemployment down" is said of Italy.
  const label = first > sentence.from && tokens[first - 1]?.text === ':' ? toJoint(first - 1) : first;
  if (sentence.found.some((match) => match.value.kind === 'name' && match.from === label && match.to === first - 1))
    first = label;
  while (last < sentence.to && !JOINT.test(tokens[last]?.text ?? '')) last += 1;
  if (first === sentence.from && last === sentence.to) return null;
  return partOf(sentence, first, last);
}

function partOf(sentence: Sentence, from: number, to: number): Sentence {
  return { ...sentence, from, to, found: sentence.found.filter((match) => match.from >= from && match.to <= to) };
}
