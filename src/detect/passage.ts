import type { TextRole } from '../core/part.ts';
import type { PhraseMatch } from '../text/phrase-index.ts';
import { restoreWords } from '../text/restore-words.ts';
import { type Token, tokenise } from '../text/tokenise.ts';
import type { Meaning, Vocabulary } from './vocabulary.ts';

export type Found = PhraseMatch<Meaning>;

/** A run of tokens without a full stop or line end in it; token indexes are half-open. */
export interface Sentence {
  readonly from: number;
  readonly to: number;
  readonly asks: boolean;
  /** What of the vocabulary stands in it, by first token. */
  readonly found: readonly Found[];
  /** A subject, or the figures, may be meant in it. */
  readonly speaks: boolean;
  /** A word of direction stands in it. */
  readonly cued: boolean;
}

/** One text of a message, read: its tokens and the sentences that hold a word of the vocabulary or a number. */
export interface Passage {
  readonly path: string;
  readonly role: TextRole;
  readonly tokens: readonly Token[];
  readonly sentences: readonly Sentence[];
}

/** A run-on of more tokens is parted, so that the work in one sentence is bounded. */
const LONGEST_SENTENCE = 100;

/** Meanings that make a sentence speak of a subject. */
const SPEAKING: ReadonlySet<Meaning['kind']> = new Set([
  'subject',
  'figures',
  'outright',
  'hint',
  'due-hint',
  'soon-hint',
] as const);

/** Reads a text in one pass: tokens, sentences, and the phrases of the vocabulary in each. */
export function readPassage(path: string, role: TextRole, text: string, vocabulary: Vocabulary): Passage {
  const tokens = restoreWords(
    tokenise(text, { table: role === 'table' }),
    vocabulary.phrases.words,
    vocabulary.misspellings,
  );
  const found = vocabulary.phrases.match(tokens);
  const sentences: Sentence[] = [];
  let next = 0;
  for (let from = 0; from < tokens.length; ) {
    let to = from;
    while (to < tokens.length && to - from < LONGEST_SENTENCE && !isBreak(tokens[to] as Token)) to += 1;
    const inside: Found[] = [];
    let speaks = false;
    let cued = false;
    let isSpokenOf = false;
    let isCompared = false;
    for (; next < found.length && (found[next] as Found).from < to; next += 1) {
      const match = found[next] as Found;
      if (match.from < from || match.to > to) continue;
      inside.push(match);
      speaks ||= SPEAKING.has(match.value.kind);
      cued ||= match.value.kind === 'cue';
      isSpokenOf ||= match.value.kind === 'spoken';
      isCompared ||= match.value.kind === 'compared';
    }
    speaks ||= isSpokenOf && isCompared;
    if (to > from) sentences.push({ from, to, asks: tokens[to]?.text === '?', found: inside, speaks, cued });
    from = to < tokens.length && isBreak(tokens[to] as Token) ? to + 1 : to;
  }
  return { path, role, tokens, sentences };
}

function isBreak(token: Token): boolean {
  return token.kind === 'end' || token.kind === 'line' || token.kind === 'paragraph';
}

/** Whether a mask covers any token of a match; `covered` counts from the sentence's first token. */
export function isCovered(
  match: { readonly from: number; readonly to: number },
  sentence: Sentence,
  covered: readonly boolean[],
): boolean {
  for (let at = match.from; at < match.to; at += 1) if (covered[at - sentence.from]) return true;
  return false;
}
