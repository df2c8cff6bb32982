import type { Unit } from '../core/entry.ts';
import type { WrittenNumber } from './canonical-figure.ts';
import type { Token } from './tokenise.ts';

/**
 * A number in text: token range, and how sure it is that it is a quantity.
 *
 * `measured`: has a unit, a scale or a currency. `plain`: a bare number. `label`: a date, time, year, ordinal or code.
 */
export interface NumberInText extends WrittenNumber {
  readonly from: number;
  readonly to: number;
  readonly sort: 'measured' | 'plain' | 'label';
}

const UNITS: Readonly<Record<string, number>> = {
  zero: 0,
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
};

const FRACTIONS: Readonly<Record<string, number>> = {
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
};

const SCALES: Readonly<Record<string, number>> = {
  thousand: 3,
  k: 3,
  million: 6,
  millions: 6,
  m: 6,
  mn: 6,
  mln: 6,
  mill: 6,
  billion: 9,
  billions: 9,
  bn: 9,
  b: 9,
  trillion: 12,
  tn: 12,
  miliwn: 6,
  biliwn: 9,
  mil: 3,
};

const MONTHS = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*$/;

const COUNT_UNITS: Readonly<Record<number, Unit>> = { 0: 'count', 3: 'thousand', 6: 'million', 9: 'billion' };
const MONEY_UNITS: Readonly<Record<number, Unit>> = { 0: 'gbp', 3: 'gbp-thousand', 6: 'gbp-million', 9: 'gbp-billion' };

interface Amount {
  readonly value: number;
  readonly decimals: number;
  readonly to: number;
  readonly words: boolean;
}

/** Every number in the tokens, in digits or words, with its unit and precision; the unit of a range counts for both its ends. */
export function readNumbers(tokens: readonly Token[], first = 0, last = tokens.length): readonly NumberInText[] {
  const numbers: NumberInText[] = [];
  let at = first;
  while (at < last) {
    const number = readNumber(tokens, at, last);
    if (number === null) at += 1;
    else {
      numbers.push(number);
      at = number.to;
    }
  }
  return numbers.map((number, index) => withRangeUnit(tokens, number, numbers[index + 1]));
}

function readNumber(tokens: readonly Token[], at: number, last: number): NumberInText | null {
  const amount = readAmount(tokens, at, last);
  if (amount === null) return null;
  const before = tokens[at - 1]?.text;
  const money = before === '£' || before === 'gbp';
  const from = money ? at - 1 : at;
  let to = amount.to;
  let scale = 0;
  const scaleWord = SCALES[tokens[to]?.text ?? ''];
  if (scaleWord !== undefined && to < last && (tokens[to]?.glued === true || (tokens[to]?.text.length ?? 0) > 1)) {
    scale = scaleWord;
    to += 1;
  } else if (
    tokens[to]?.text === 'of' &&
    tokens[to + 1]?.text === 'a' &&
    SCALES[tokens[to + 2]?.text ?? ''] !== undefined
  ) {
    scale = SCALES[tokens[to + 2]?.text ?? ''] ?? 0;
    to += 3;
  }
  let { value, decimals } = amount;
  if (scale === 12) {
    value *= 1000;
    decimals = Math.max(0, decimals - 3);
    scale = 9;
  }
  const rate = scale === 0 ? rateUnit(tokens, to) : null;
  if (rate !== null)
    return { value: value * rate.times, decimals, unit: rate.unit, from, to: rate.to, sort: 'measured' };
  const pounds = money || /^(?:pounds|gbp)$/.test(tokens[to]?.text ?? '');
  if (pounds) return { value, decimals, unit: MONEY_UNITS[scale] ?? 'gbp', from, to, sort: 'measured' };
  if (scale > 0) return { value, decimals, unit: COUNT_UNITS[scale] ?? 'count', from, to, sort: 'measured' };
  const share = readShare(tokens, at, amount);
  if (share !== null) return share;
  if (isLabel(tokens, at, amount)) return { value, decimals, unit: 'count', from, to, sort: 'label' };
  return { value, decimals, unit: 'count', from, to, sort: 'plain' };
}

function readAmount(tokens: readonly Token[], at: number, last: number): Amount | null {
  const token = tokens[at];
  if (token === undefined) return null;
  if (token.kind === 'number') return readDigits(tokens, at, last);
  const fraction = token.kind === 'symbol' ? FRACTIONS[token.text] : undefined;
  if (fraction !== undefined) return { value: fraction, decimals: 2, to: at + 1, words: false };
  return token.kind === 'word' ? readWords(tokens, at, last) : null;
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
  if (/^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$/.test(text)) text = text.replaceAll(',', '');
  else if (/^[0-9]+,[0-9]{1,2}$/.test(text)) text = text.replace(',', '.');
  else if (/^[0-9]{1,3}(?:\.[0-9]{3}){2,}$/.test(text)) text = text.replaceAll('.', '');
  if (!/^[0-9]+(?:\.[0-9]+)?$/.test(text))
    return { value: Number(text.replace(/[^0-9]/g, '').slice(0, 15)), decimals: 0, to, words: false };
  const value = Number(text);
  const fraction =
    tokens[to]?.kind === 'symbol' && tokens[to]?.glued === true ? FRACTIONS[tokens[to]?.text ?? ''] : undefined;
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
  if ((word(at) === 'a' || word(at) === 'an') && FRACTIONS[word(at + 1)] !== undefined && word(at + 1) !== 'quarters') {
    return /^(?:half|quarter|third|tenth|fifth|eighth)$/.test(word(at + 1)) && isQuantity(word, at + 2)
      ? { value: FRACTIONS[word(at + 1)] as number, decimals: 2, to: at + 2, words: true }
      : null;
  }
  if ((word(at) === 'a' || word(at) === 'one') && word(at + 1) === 'hundred') {
    current = 1;
    to = at + 1;
  }
  for (let offset = to; ; ) {
    const value = UNITS[word(offset)];
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
    } else if (word(offset) === 'thousand' && current !== null && UNITS[word(skip(offset + 1))] !== undefined) {
      total += current * 1000;
      current = null;
      to = offset + 1;
    } else if (
      !(word(offset) === 'and' && current !== null && current % 100 === 0 && UNITS[word(offset + 1)] !== undefined)
    )
      break;
    offset = skip(offset + 1);
  }
  if (current === null && total === 0) return null;
  const whole = total + (current ?? 0);
  const part = FRACTIONS[word(skip(to))];
  if (part !== undefined && whole > 0 && whole < 10 && /s$/.test(word(skip(to))))
    return { value: whole * part, decimals: 2, to: skip(to) + 1, words: true };
  if (word(to) === 'point' && UNITS[word(to + 1)] !== undefined) {
    let digits = '';
    let offset = to + 1;
    while (UNITS[word(offset)] !== undefined && (UNITS[word(offset)] as number) < 10) {
      digits += UNITS[word(offset)];
      offset += 1;
    }
    return { value: Number(`${whole}.${digits}`), decimals: digits.length, to: offset, words: true };
  }
  if (word(to) === 'and' && word(to + 1) === 'a' && FRACTIONS[word(to + 2)] !== undefined)
    return { value: whole + (FRACTIONS[word(to + 2)] as number), decimals: 2, to: to + 3, words: true };
  return { value: whole, decimals: 0, to, words: true };
}

function skipArticle(word: (offset: number) => string, at: number): number {
  const offset = word(at) === 'of' ? at + 1 : at;
  const article = word(offset) === 'a' || word(offset) === 'one' ? offset + 1 : offset;
  return SCALES[word(article)] !== undefined || /^(?:per|percent|percentage|point|%)$/.test(word(article))
    ? article
    : at;
}

function isQuantity(word: (offset: number) => string, at: number): boolean {
  return /^(?:of|per|percent|percentage|point|%)$/.test(word(at));
}

function rateUnit(tokens: readonly Token[], at: number): { unit: Unit; to: number; times: number } | null {
  const text = (offset: number): string => tokens[offset]?.text ?? '';
  const article = text(at) === 'of' && text(at + 1) === 'a' ? at + 2 : at;
  if (text(at) === '%' || text(at) === 'percent' || text(at) === 'pct' || (text(at) === 'y' && text(at + 1) === 'cant'))
    return { unit: 'percent', to: text(at) === 'y' ? at + 2 : at + 1, times: 1 };
  if (text(at) === 'per' && text(at + 1) === 'cent') return { unit: 'percent', to: at + 2, times: 1 };
  if (text(at) === '-' && tokens[at]?.glued === true && (text(at + 1) === 'percent' || text(at + 1) === 'percentage'))
    return { unit: 'percent', to: at + 2, times: 1 };
  if (/^(?:percentage|%)$/.test(text(article)) && /^points?$/.test(text(article + 1)))
    return { unit: 'percentage-points', to: article + 2, times: 1 };
  if (/^(?:points?|pts?|pp|ppts?|pps)$/.test(text(article)))
    return { unit: 'percentage-points', to: article + 1, times: 1 };
  if (/^(?:bps|bp)$/.test(text(at)) || (text(at) === 'basis' && text(at + 1) === 'points'))
    return { unit: 'percentage-points', to: text(at) === 'basis' ? at + 2 : at + 1, times: 0.01 };
  return null;
}

/** "one in six", "three quarters of", "two thirds of": a share, read as per cent. */
function readShare(tokens: readonly Token[], at: number, amount: Amount): NumberInText | null {
  const text = (offset: number): string => tokens[offset]?.text ?? '';
  if (text(amount.to) === 'in' || (text(amount.to) === 'out' && text(amount.to + 1) === 'of')) {
    const whole = readAmount(tokens, text(amount.to) === 'in' ? amount.to + 1 : amount.to + 2, tokens.length);
    if (
      whole !== null &&
      whole.value > amount.value &&
      whole.value <= 1000 &&
      amount.value > 0 &&
      whole.decimals === 0 &&
      amount.decimals === 0 &&
      amount.value < 100 &&
      !isYear(whole.value) &&
      !MONTHS.test(text(whole.to))
    )
      return {
        value: (100 * amount.value) / whole.value,
        decimals: 0,
        unit: 'percent',
        from: at,
        to: whole.to,
        sort: 'measured',
      };
  }
  if (amount.words && amount.value < 1 && amount.value > 0 && text(amount.to) === 'of')
    return { value: 100 * amount.value, decimals: 0, unit: 'percent', from: at, to: amount.to, sort: 'measured' };
  return null;
}

function isYear(value: number): boolean {
  return Number.isInteger(value) && value >= 1800 && value <= 2100;
}

function isLabel(tokens: readonly Token[], at: number, amount: Amount): boolean {
  const text = (offset: number): string => tokens[offset]?.text ?? '';
  const raw = text(at);
  const before = text(at - 1);
  const after = text(amount.to);
  const glued = tokens[amount.to]?.glued === true;
  if (isYear(amount.value) && amount.decimals === 0 && /^[0-9]{4}$/.test(raw)) return true;
  if (/^0[0-9]/.test(raw) && amount.decimals === 0) return true;
  if ((raw.match(/\./g)?.length ?? 0) > 1) return true;
  if (glued && /^(?:st|nd|rd|th|am|pm|a\.m|p\.m|h|hrs)$/.test(after)) return true;
  // A telephone or reference number in groups.
  if (tokens[at - 1]?.kind === 'number' || tokens[amount.to]?.kind === 'number') return true;
  if (after === 'am' || after === 'pm' || after === "o'clock") return true;
  if (MONTHS.test(after) || (MONTHS.test(before) && amount.value <= 31 && amount.decimals === 0 && before !== 'may'))
    return true;
  if (
    (after === ':' || after === '/' || after === '_') &&
    glued &&
    tokens[amount.to + 1]?.kind === 'number' &&
    tokens[amount.to + 1]?.glued === true
  )
    return true;
  if (
    (before === ':' || before === '/' || before === '_' || before === '#') &&
    tokens[at]?.glued === true &&
    (before === '#' || tokens[at - 2]?.kind === 'number')
  )
    return true;
  // A clock time with a full stop: "at 9.30", "until 10.00".
  if (
    /^(?:[01]?[0-9]|2[0-3])\.[0-5][0-9]$/.test(raw) &&
    /^(?:at|by|until|till|til|from|before|after|around|about|past|the)$/.test(before) &&
    !/^(?:per|%)$/.test(after)
  )
    return true;
  // A date or a range with hyphens: 2016-01-20, 16-64.
  if (after === '-' && glued && tokens[amount.to + 1]?.kind === 'number' && tokens[amount.to + 2]?.text !== '%')
    return amount.decimals === 0;
  if (before === '-' && tokens[at]?.glued === true && tokens[at - 2]?.kind === 'number') return amount.decimals === 0;
  return glued && tokens[amount.to]?.kind === 'word' && after.length > 0;
}

function withRangeUnit(tokens: readonly Token[], number: NumberInText, next: NumberInText | undefined): NumberInText {
  if (next === undefined || number.sort === 'measured' || next.sort !== 'measured') return number;
  const between = next.from - number.to;
  const link = tokens[number.to]?.text;
  const joins = between === 1 && (link === 'to' || link === 'and' || link === 'or' || link === '-' || link === '–');
  if (!joins || (number.sort === 'label' && link !== '-')) return number;
  return { ...number, unit: next.unit, sort: 'measured' };
}
