import type { Token } from './tokenise.ts';

/** Letters that recognition of characters, or a hurried hand, puts for digits. */
const MISREAD: Readonly<Record<string, string>> = { o: '0', i: '1', l: '1', z: '2', s: '5', b: '8', g: '9', q: '9' };

const MISREAD_WORD = /^[oilzsbgq][oilzsbgq0-9]*$/;

/** What follows a number that is a quantity: without one of these, "3l" is three litres. */
const UNIT_AFTER = /^(?:%|percent|per|pct|pc|points?|pp|ppts?|million|millions|billion|thousand|m|mn|bn)$/;

const WHOLE = /^[0-9]+(?:\.[0-9]{1,4})?$/;
const GROUPED = /^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$/;

/**
 * A number in which letters stand for digits, "4.g%", "3l.39 million", "31,39O,OOO"; null for any other. It has a digit as well as a
 * letter, no blanks inside, and is written in groups of thousands or has a unit after it. `to` is the token after it.
 */
export function misreadNumber(
  tokens: readonly Token[],
  at: number,
  last: number,
): { readonly text: string; readonly to: number } | null {
  let text = '';
  let digits = 0;
  let letters = 0;
  let to = at;
  for (; to < last && (to === at || tokens[to]?.glued === true); to += 1) {
    const token = tokens[to] as Token;
    if (token.kind === 'number') {
      text += token.text;
      digits += 1;
    } else if (token.kind === 'word' && MISREAD_WORD.test(token.text)) {
      text += [...token.text].map((letter) => MISREAD[letter] ?? letter).join('');
      letters += 1;
    } else if (
      (token.text === '.' || token.text === ',') &&
      to + 1 < last &&
      tokens[to + 1]?.glued === true &&
      (tokens[to + 1]?.kind === 'number' || MISREAD_WORD.test(tokens[to + 1]?.text ?? ''))
    ) {
      text += token.text;
    } else break;
  }
  if (digits === 0 || letters === 0) return null;
  if (GROUPED.test(text)) return { text, to };
  return WHOLE.test(text) && UNIT_AFTER.test(tokens[to]?.text ?? '') ? { text, to } : null;
}

/** Whether a word may begin such a number: "l.39 million", "O.3%". */
export function mayBeginMisread(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return (
    next?.glued === true &&
    (next.text === '.' || next.text === ',') &&
    MISREAD_WORD.test(tokens[at]?.text ?? '') &&
    ((next.text === '.' && tokens[at + 2]?.kind === 'number') || (next.text === ',' && tokens[at + 2]?.glued === true))
  );
}
