import type { Token } from '../text/tokenise.ts';
import type { Heard } from './hear-message.ts';
import type { Mention } from './mentions.ts';
import type { Sentence } from './passage.ts';
import type { Range } from './relations.ts';

/**
 * Whether what rules find in a sentence is none, since it reads like anything but a statement of statistics, and so does the clause of it
 * that the words stand in: what else is said beside them does not make them less.
 *
 * What is said of a subject of the sentences before, or of "the figures", is never doubted: the sentence alone cannot tell. Nor is what names
 * an earlier release: the reviewer sees it where it holds nothing too.
 */
export function isDoubted(
  { passage, reading, impressions, readers }: Heard,
  what: 'words' | 'figures',
  found: Range,
  mention?: Mention,
): boolean {
  if (reading.attributed) return false;
  if (mention !== undefined && (mention.subject === null || !reading.mentions.includes(mention))) return false;
  const clause = clauseAround(passage.tokens, reading.sentence, found);
  return impressions().some(({ rule, indicates: whole }) => {
    const least = rule.doubt[what];
    if (whole >= least) return false;
    if (clause === null) return true;
    const part = readers.find((reader) => reader.rule === rule)?.read(passage.tokens, clause).indicates ?? 0;
    // A short clause has few words to tell by: where it tells against a statement at all, the rest of the sentence may say how much.
    return part < least || (part < 0 && part + whole < 2 * least);
  });
}

/** Words that a sentence goes on after with something else. */
const JOINT = /^(?:while|whereas|but|because|though|although|so|and|;|-|,|:|\(|\))$/;

/** The part of a sentence between joints that holds a range, as a sentence of its own; null where that is all of it. */
function clauseAround(tokens: readonly Token[], sentence: Sentence, { from, to }: Range): Sentence | null {
  let [first, last] = [from, to];
  while (first > sentence.from && !JOINT.test(tokens[first - 1]?.text ?? '')) first -= 1;
  while (last < sentence.to && !JOINT.test(tokens[last]?.text ?? '')) last += 1;
  if (first === sentence.from && last === sentence.to) return null;
  const found = sentence.found.filter((match) => match.from >= first && match.to <= last);
  return { ...sentence, from: first, to: last, found };
}
