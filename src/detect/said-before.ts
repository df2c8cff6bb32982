import type { Token } from '../text/tokenise.ts';
import type { Passage, Sentence } from './passage.ts';

/** A sentence with the tokens that it is of. */
export interface Said {
  readonly tokens: readonly Token[];
  readonly sentence: Sentence;
}

/** Farther back than so many tokens, or sentences, a text has gone on to something else. */
const MOST_TOKENS = 100;
const MOST_SENTENCES = 12;

/**
 * What was said before a sentence that may tell what it is about: those right before it, the first of its text, and of the subject line where
 * the text is short ("Notes from Wellington", then "Rents are up").
 */
export function saidBefore(passage: Passage, index: number, topic: Passage | null): readonly Said[] {
  const said: Said[] = [];
  let tokens = 0;
  let at = index - 1;
  const take = (of: Passage, sentence: Sentence): boolean => {
    tokens += sentence.to - sentence.from;
    if (tokens > MOST_TOKENS || said.length === MOST_SENTENCES) return false;
    said.push({ tokens: of.tokens, sentence });
    return true;
  };
  while (at >= 0 && take(passage, passage.sentences[at] as Sentence)) at -= 1;
  const first = passage.sentences[0];
  if (at >= 0 && first !== undefined) said.push({ tokens: passage.tokens, sentence: first });
  else if (topic !== null) for (const sentence of topic.sentences) if (!take(topic, sentence)) break;
  return said;
}
