import { scriptNumber } from './script-number.ts';

const ROMAN: readonly (readonly [value: number, letters: string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];
/** Beyond it no list is numbered in letters or Roman numbers. */
const MAX_LETTERS = 5000;

/** A list item's number in the format that Word names (ECMA-376 part 1, 17.18.59); those of scripts that are not known show as decimal. */
export function listLabel(value: number, format: string): string {
  const isLetter = value > 0 && value < MAX_LETTERS;
  switch (format) {
    case 'upperRoman':
      return isLetter ? roman(value).toUpperCase() : String(value);
    case 'lowerRoman':
      return isLetter ? roman(value) : String(value);
    case 'upperLetter':
      return isLetter ? letters(value).toUpperCase() : String(value);
    case 'lowerLetter':
      return isLetter ? letters(value) : String(value);
    case 'decimalZero':
      return String(value).padStart(2, '0');
    case 'ordinal':
      return `${value}${ordinalEnding(value)}`;
    case 'none':
    case 'bullet':
      return '';
    default:
      return scriptNumber(value, format) ?? String(value);
  }
}

function roman(value: number): string {
  let rest = value;
  let out = '';
  for (const [worth, text] of ROMAN) for (; rest >= worth; rest -= worth) out += text;
  return out;
}

/** After z comes aa, then bb: the letter is repeated, as Word does. */
function letters(value: number): string {
  const letter = String.fromCharCode(97 + ((value - 1) % 26));
  return letter.repeat(Math.ceil(value / 26));
}

function ordinalEnding(value: number): string {
  const tens = value % 100;
  if (tens > 10 && tens < 14) return 'th';
  return ['th', 'st', 'nd', 'rd'][value % 10] ?? 'th';
}
