import { mayBeginMisread, misreadNumber } from './misread-number.ts';
import type { Token } from './tokenise.ts';

const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    zero: 0,
    nought: 0,
    naught: 0,
    nil: 0,
    one: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
    eleven: 11,
    twelve: 12,
    thirteen: 13,
    fourteen: 14,
    fifteen: 15,
    sixteen: 16,
    seventeen: 17,
    eighteen: 18,
    nineteen: 19,
    twenty: 20,
    thirty: 30,
    forty: 40,
    fifty: 50,
    sixty: 60,
    seventy: 70,
    eighty: 80,
    ninety: 90,
  }),
);

const FRACTIONS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    '½': 1 / 2,
    '¼': 1 / 4,
    '¾': 3 / 4,
    '⅓': 1 / 3,
    '⅔': 2 / 3,
    '⅛': 1 / 8,
    '⅕': 1 / 5,
    half: 1 / 2,
    third: 1 / 3,
    thirds: 1 / 3,
    quarter: 1 / 4,
    quarters: 1 / 4,
    fifth: 1 / 5,
    fifths: 1 / 5,
    tenth: 1 / 10,
    tenths: 1 / 10,
    eighth: 1 / 8,
    eighths: 1 / 8,
    sixth: 1 / 6,
    sixths: 1 / 6,
    seventh: 1 / 7,
    sevenths: 1 / 7,
    ninth: 1 / 9,
    ninths: 1 / 9,
    twentieth: 1 / 20,
    twentieths: 1 / 20,
    hundredth: 1 / 100,
    hundredths: 1 / 100,
  }),
);

/** Words that may begin a number. */
const NUMBER_WORDS: ReadonlySet<string> = new Set([...UNITS.keys(), 'half', 'a', 'an']);

/** A value as written, in digits or in words, before its unit; `to` is the token after it. */
export interface Amount {
  readonly value: number;
  readonly decimals: number;
  readonly to: number;
  readonly words: boolean;
}

/** The number that begins at a token; null where none does. */
export function readAmount(tokens: readonly Token[], at: number, last: number): Amount | null {
  const token = tokens[at];
  if (token === undefined) return null;
  if (token.kind === 'number' || mayBeginMisread(tokens, at)) {
    const misread = misreadNumber(tokens, at, last);
    if (misread !== null) {
      const plain = misread.text.replaceAll(',', '');
      return { value: Number(plain), decimals: plain.split('.')[1]?.length ?? 0, to: misread.to, words: false };
    }
    if (token.kind === 'number') return readDigits(tokens, at, last);
  }
  const fraction = token.kind === 'symbol' ? FRACTIONS.get(token.text) : undefined;
  if (fraction !== undefined) return { value: fraction, decimals: 2, to: at + 1, words: false };
  return token.kind === 'word' && NUMBER_WORDS.has(token.text) ? readWords(tokens, at, last) : null;
}

function readDigits(tokens: readonly Token[], at: number, last: number): Amount | null {
  let text = (tokens[at] as Token).text;
  let to = at + 1;
  // "31 390 000": groups of three after a blank, as in tables of other countries.
  while (
    to < last &&
    tokens[to]?.kind === 'number' &&
    /^[0-9]{1,3}(?:[0-9]{3})*$/.test(text) &&
    /^[0-9]{3}$/.test(tokens[to]?.text ?? '') &&
    text.length <= 12
  ) {
    text += tokens[to]?.text;
    to += 1;
  }
  // "31'390'000".
  while (
    /^[0-9]{1,12}$/.test(text) &&
    tokens[to]?.text === "'" &&
    tokens[to]?.glued === true &&
    tokens[to + 1]?.glued === true &&
    /^[0-9]{3}$/.test(tokens[to + 1]?.text ?? '')
  ) {
    text += tokens[to + 1]?.text;
    to += 2;
  }
  // "up .2 points".
  if (
    /^[0-9]{1,2}$/.test(text) &&
    tokens[at]?.glued === true &&
    tokens[at - 1]?.text === '.' &&
    tokens[at - 1]?.glued === false
  )
    text = `0.${text}`;
  // "4 point 9 per cent".
  if (
    /^[0-9]+$/.test(text) &&
    tokens[to]?.text === 'point' &&
    /^[0-9]{1,2}$/.test(tokens[to + 1]?.text ?? '') &&
    to + 1 < last
  ) {
    text = `${text}.${tokens[to + 1]?.text}`;
    to += 2;
  }
  if (/^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$/.test(text)) text = text.replaceAll(',', '');
  else if (/^[0-9]+,[0-9]{1,2}$/.test(text)) text = text.replace(',', '.');
  else if (/^[0-9]{1,3}(?:\.[0-9]{3}){2,}$/.test(text)) text = text.replaceAll('.', '');
  if (!/^[0-9]+(?:\.[0-9]+)?$/.test(text))
    return { value: Number(text.replace(/[^0-9]/g, '').slice(0, 15)), decimals: 0, to, words: false };
  const value = Number(text);
  const fraction =
    tokens[to]?.kind === 'symbol' && tokens[to]?.glued === true ? FRACTIONS.get(tokens[to]?.text ?? '') : undefined;
  if (fraction !== undefined) return { value: value + fraction, decimals: 2, to: to + 1, words: false };
  return { value, decimals: text.split('.')[1]?.length ?? 0, to, words: false };
}

/** "seventy-four", "two hundred and sixty-seven", "five point one", "half", "three quarters", "a quarter". */
function readWords(tokens: readonly Token[], at: number, last: number): Amount | null {
  let total = 0;
  let current: number | null = null;
  let to = at;
  const word = (offset: number): string => (offset < last ? (tokens[offset]?.text ?? '') : '');
  const skip = (offset: number): number =>
    word(offset) === '-' && tokens[offset]?.glued === true ? offset + 1 : offset;
  if (word(at) === 'half')
    return {
      value: 0.5,
      decimals: 1,
      to: word(at + 1) === 'a' || word(at + 1) === 'of' ? skipArticle(word, at + 1) : at + 1,
      words: true,
    };
  if (
    (word(at) === 'a' || word(at) === 'an') &&
    FRACTIONS.get(word(at + 1)) !== undefined &&
    word(at + 1) !== 'quarters'
  ) {
    return !/s$/.test(word(at + 1)) && isQuantity(word, at + 2)
      ? { value: FRACTIONS.get(word(at + 1)) as number, decimals: 2, to: at + 2, words: true }
      : null;
  }
  if ((word(at) === 'a' || word(at) === 'one') && word(at + 1) === 'hundred') {
    current = 1;
    to = at + 1;
  }
  for (let offset = to; ; ) {
    const value = UNITS.get(word(offset));
    if (
      value !== undefined &&
      (current === null ||
        (current % 100 === 0 && current > 0) ||
        (current % 10 === 0 && value < 10 && value > 0 && current % 100 >= 20))
    ) {
      current = (current ?? 0) + value;
      to = offset + 1;
    } else if (word(offset) === 'hundred' && current !== null && current < 100) {
      current *= 100;
      to = offset + 1;
    } else if (word(offset) === 'thousand' && current !== null && UNITS.get(word(skip(offset + 1))) !== undefined) {
      total += current * 1000;
      current = null;
      to = offset + 1;
    } else if (
      !(word(offset) === 'and' && current !== null && current % 100 === 0 && UNITS.get(word(offset + 1)) !== undefined)
    )
      break;
    offset = skip(offset + 1);
  }
  if (current === null && total === 0) return null;
  const whole = total + (current ?? 0);
  const part = FRACTIONS.get(word(skip(to)));
  if (part !== undefined && whole > 0 && whole < 10 && /s$/.test(word(skip(to))))
    return { value: whole * part, decimals: 2, to: skip(to) + 1, words: true };
  const point = skip(to);
  if (word(point) === 'point' && UNITS.get(word(skip(point + 1))) !== undefined) {
    let digits = '';
    let offset = point + 1;
    while (UNITS.get(word(skip(offset))) !== undefined && (UNITS.get(word(skip(offset))) as number) < 10) {
      digits += UNITS.get(word(skip(offset)));
      offset = skip(offset) + 1;
    }
    return { value: Number(`${whole}.${digits}`), decimals: digits.length, to: offset, words: true };
  }
  if (word(to) === 'and' && word(to + 1) === 'a' && FRACTIONS.get(word(to + 2)) !== undefined)
    return { value: whole + (FRACTIONS.get(word(to + 2)) as number), decimals: 2, to: to + 3, words: true };
  const parts = word(to) === 'and' ? UNITS.get(word(to + 1)) : undefined;
  const share = FRACTIONS.get(word(skip(to + 2)));
  if (parts !== undefined && parts > 0 && parts < 10 && share !== undefined && parts * share < 1)
    return { value: whole + parts * share, decimals: share === 1 / 10 ? 1 : 2, to: skip(to + 2) + 1, words: true };
  return { value: whole, decimals: 0, to, words: true };
}

function skipArticle(word: (offset: number) => string, at: number): number {
  const offset = word(at) === 'of' ? at + 1 : at;
  const article = word(offset) === 'a' || word(offset) === 'one' ? offset + 1 : offset;
  return /^(?:thousand|million|billion|trillion|m|bn)$/.test(word(article)) ||
    /^(?:per|percent|percentage|point|%)$/.test(word(article))
    ? article
    : at;
}

function isQuantity(word: (offset: number) => string, at: number): boolean {
  return /^(?:of|per|percent|percentage|point|%)$/.test(word(at));
}
