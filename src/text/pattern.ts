import { inflect } from './inflect.ts';
import { tokenise } from './tokenise.ts';

/** Stands for any written number in a pattern. */
export const ANY_NUMBER = '<n>';

/** Stands for any one word in a pattern. */
export const ANY_WORD = '<w>';

/** One place in a pattern: the word sequences that may stand there. */
export interface PatternElement {
  readonly optional: boolean;
  readonly choices: readonly (readonly string[])[];
}

export class PatternFault extends Error {}

const parsedChoices = new Map<string, readonly (readonly string[])[]>();

/**
 * Reads a phrase pattern into its places.
 *
 * `a|b` either word, `(word)` may be missing, `~verb` every form of the verb, `<n>` any number, `<w>` any word (never the first), `_` a blank inside an alternative
 * (`half_past|about`). Words are folded as text is, so case, marks and hyphens do not matter.
 */
export function parsePattern(pattern: string): readonly PatternElement[] {
  const elements = pattern
    .trim()
    .split(/\s+/)
    .map((element): PatternElement => {
      const optional = element.length > 2 && element.startsWith('(') && element.endsWith(')');
      const inner = optional ? element.slice(1, -1) : element;
      return { optional, choices: inner.split('|').flatMap(parseChoice) };
    });
  if (elements.some(({ choices }) => choices.length === 0 || choices.some((choice) => choice.length === 0)))
    throw new PatternFault(`"${pattern}" has an empty alternative, remove the stray "|"`);
  const opens = elements.slice(0, elements.findIndex(({ optional }) => !optional) + 1);
  if (opens.some(({ choices }) => choices.some(([first]) => first === ANY_WORD)))
    throw new PatternFault(`"${pattern}" begins with any word at all, begin it with a word of its own`);
  if (elements.every(({ optional }) => optional))
    throw new PatternFault(`"${pattern}" may be nothing at all, make one word of it required`);
  return elements;
}

function parseChoice(choice: string): readonly (readonly string[])[] {
  let parsed = parsedChoices.get(choice);
  if (parsed === undefined) {
    let sequences: (readonly string[])[] = [[]];
    for (const word of choice.split('_')) {
      const forms =
        word === ANY_NUMBER || word === ANY_WORD
          ? [[word]]
          : (word.startsWith('~') ? inflect(word.slice(1)) : [word]).map(foldWord);
      sequences = sequences.flatMap((sequence) => forms.map((form) => [...sequence, ...form]));
    }
    parsed = sequences;
    parsedChoices.set(choice, parsed);
  }
  return parsed;
}

function foldWord(word: string): readonly string[] {
  if (/^'?[a-z]+$/.test(word)) return [word];
  return tokenise(word)
    .filter((token) => !(token.kind === 'mark' && token.text === '-'))
    .map((token) => token.text);
}
