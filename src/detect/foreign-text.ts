import { DOMESTIC_WORDS, FOREIGN_WORDS } from '../text/english.ts';
import type { Passage, Sentence } from './passage.ts';

/** Shorter texts are somebody's own words. */
const LEAST_TOKENS = 300;

/** A text speaks of another country or of companies where so many words do, and none of this one. */
const LEAST_WORDS = 3;

/** So many sentences at the head are the sender's own, above what is passed on. */
const OWN_SENTENCES = 4;

/** Foreign words stand within so many sentences. */
const REACH = 12;

/** How many such words each sentence of a passage has, and all of them. */
interface ForeignWords {
  readonly words: readonly number[];
  readonly total: number;
}

/** Tells which sentences of long third-party texts speak of another country's economy or of a company's. */
export class ForeignText {
  private readonly passages: readonly Passage[];
  private domestic: boolean | null = null;
  private readonly words = new Map<Passage, ForeignWords>();

  constructor(passages: readonly Passage[]) {
    this.passages = passages;
  }

  /** Whether nothing near a sentence can mean this country; never for talk of a release that is due. */
  has(passage: Passage, sentence: Sentence, index: number): boolean {
    if (index < OWN_SENTENCES || passage.tokens.length < LEAST_TOKENS) return false;
    if (sentence.found.some(({ value }) => value.kind === 'due' || value.kind === 'soon')) return false;
    const { words, total } = this.wordsOf(passage);
    if (total < LEAST_WORDS) return false;
    if (!words.slice(Math.max(0, index - REACH), index + REACH + 1).some((count) => count > 0)) return false;
    this.domestic ??= this.passages.some(({ tokens }) => tokens.some(({ text }) => DOMESTIC_WORDS.has(text)));
    return !this.domestic;
  }

  private wordsOf(passage: Passage): ForeignWords {
    let known = this.words.get(passage);
    if (known === undefined) {
      const words = passage.sentences.map(({ from, to }) => {
        let count = 0;
        for (let at = from; at < to; at += 1) if (FOREIGN_WORDS.has(passage.tokens[at]?.text ?? '')) count += 1;
        return count;
      });
      known = { words, total: words.reduce((sum, count) => sum + count, 0) };
      this.words.set(passage, known);
    }
    return known;
  }
}
