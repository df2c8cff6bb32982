import type { Unit } from '../core/entry.ts';
import type { WrittenNumber } from './canonical-figure.ts';
import { type Amount, readAmount } from './read-amount.ts';
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

const SCALES: ReadonlyMap<string, number> = new Map(
  Object.entries({
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
  }),
);

const MONTHS = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*$/;

const COUNT_UNITS: Readonly<Record<number, Unit>> = { 0: 'count', 3: 'thousand', 6: 'million', 9: 'billion' };
const MONEY_UNITS: Readonly<Record<number, Unit>> = { 0: 'gbp', 3: 'gbp-thousand', 6: 'gbp-million', 9: 'gbp-billion' };

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
  const scaleWord = SCALES.get(tokens[to]?.text ?? '');
  if (
    scaleWord !== undefined &&
    to < last &&
    (money || tokens[to]?.glued === true || (tokens[to]?.text.length ?? 0) > 1)
  ) {
    scale = scaleWord;
    to += 1;
  } else if (
    tokens[to]?.text === 'of' &&
    tokens[to + 1]?.text === 'a' &&
    SCALES.get(tokens[to + 2]?.text ?? '') !== undefined
  ) {
    scale = SCALES.get(tokens[to + 2]?.text ?? '') ?? 0;
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
    return {
      value: value * rate.times,
      decimals: decimals + (rate.times < 1 ? 2 : 0),
      unit: rate.unit,
      from,
      to: rate.to,
      sort: 'measured',
    };
  const more = scale > 3 && amount.words ? lowerScale(tokens, to, last, scale) : null;
  if (more !== null) {
    value = value * 10 ** scale + more.value;
    decimals = 0;
    scale = 0;
    to = more.to;
  }
  const pounds = money || /^(?:pounds|gbp)$/.test(tokens[to]?.text ?? '');
  if (pounds) return { value, decimals, unit: MONEY_UNITS[scale] ?? 'gbp', from, to, sort: 'measured' };
  if (scale > 0 || more !== null)
    return { value, decimals, unit: COUNT_UNITS[scale] ?? 'count', from, to, sort: 'measured' };
  const share = readShare(tokens, at, amount);
  if (share !== null) return share;
  if (isLabel(tokens, at, amount)) return { value, decimals, unit: 'count', from, to, sort: 'label' };
  return { value, decimals, unit: 'count', from, to, sort: 'plain' };
}

/** "thirty-one million three hundred and ninety thousand": what follows a scale and counts in a smaller one, in single units. */
function lowerScale(
  tokens: readonly Token[],
  at: number,
  last: number,
  above: number,
): { readonly value: number; readonly to: number } | null {
  const from = tokens[at]?.text === 'and' ? at + 1 : at;
  const amount = from < last ? readAmount(tokens, from, last) : null;
  if (amount === null || !amount.words || amount.decimals > 0) return null;
  const scale = SCALES.get(tokens[amount.to]?.text ?? '');
  if (scale === undefined || amount.to >= last || (tokens[amount.to]?.text.length ?? 0) < 3)
    return amount.value < 1_000_000 && from > at ? { value: amount.value, to: amount.to } : null;
  return scale < above ? { value: amount.value * 10 ** scale, to: amount.to + 1 } : null;
}

function rateUnit(tokens: readonly Token[], at: number): { unit: Unit; to: number; times: number } | null {
  const text = (offset: number): string => tokens[offset]?.text ?? '';
  const article = text(at) === 'of' && text(at + 1) === 'a' ? at + 2 : at;
  if (text(at) === '%' || text(at) === 'percent' || text(at) === 'pct' || (text(at) === 'y' && text(at + 1) === 'cant'))
    return { unit: 'percent', to: text(at) === 'y' ? at + 2 : at + 1, times: 1 };
  if (text(at) === 'pc' && tokens[at]?.glued === true) return { unit: 'percent', to: at + 1, times: 1 };
  if (text(at) === 'p' && text(at + 1) === '.' && tokens[at + 1]?.glued === true && /^[cp]$/.test(text(at + 2)))
    return {
      unit: text(at + 2) === 'c' ? 'percent' : 'percentage-points',
      to: text(at + 3) === '.' && tokens[at + 3]?.glued === true && tokens[at + 3]?.kind === 'mark' ? at + 4 : at + 3,
      times: 1,
    };
  if (text(at) === 'per' && text(at + 1) === 'cent') return { unit: 'percent', to: at + 2, times: 1 };
  if (text(at) === '-' && tokens[at]?.glued === true && (text(at + 1) === 'percent' || text(at + 1) === 'percentage'))
    return { unit: 'percent', to: at + 2, times: 1 };
  if (/^(?:percentage|%)$/.test(text(article)) && /^(?:points?|pts?)$/.test(text(article + 1)))
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
  const per = text(amount.to) === 'per' ? readAmount(tokens, amount.to + 1, tokens.length) : null;
  if (per !== null && (per.value === 100 || per.value === 1000) && amount.value < per.value)
    return {
      value: (100 * amount.value) / per.value,
      decimals: amount.decimals + (per.value === 1000 ? 1 : 0),
      unit: 'percent',
      from: at,
      to: per.to,
      sort: 'measured',
    };
  if (text(amount.to) === 'in' || (text(amount.to) === 'out' && text(amount.to + 1) === 'of')) {
    const start = text(amount.to) === 'in' ? amount.to + 1 : amount.to + 2;
    const whole = readWhole(tokens, /^(?:every|each)$/.test(text(start)) ? start + 1 : start);
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

/** What a share is of: a number, "a hundred", "a thousand". */
function readWhole(tokens: readonly Token[], at: number): Amount | null {
  if (/^(?:a|one)$/.test(tokens[at]?.text ?? '') && tokens[at + 1]?.text === 'thousand')
    return { value: 1000, decimals: 0, to: at + 2, words: true };
  return readAmount(tokens, at, tokens.length);
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
  if ((raw.match(/\./g)?.length ?? 0) > 1 && !/^[0-9]{1,3}(?:\.[0-9]{3})+$/.test(raw)) return true;
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
  // Provisional, revised, estimated: a letter that tables put behind a number.
  if (amount.decimals > 0 && /^[prefbu]$/.test(after)) return false;
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
