import type { Unit } from '../core/entry.ts';

/** A number as written: value in its written unit, and the decimal places that were written. */
export interface WrittenNumber {
  readonly value: number;
  readonly unit: Unit;
  readonly decimals: number;
}

type Dimension = 'rate' | 'count' | 'gbp' | 'index' | 'ratio';

/** What a unit measures, and the power of ten it counts in. Percentage points count as per cent: writers mix them up. */
const UNITS: Readonly<Record<Unit, readonly [Dimension, number]>> = {
  percent: ['rate', 0],
  'percentage-points': ['rate', 0],
  count: ['count', 0],
  thousand: ['count', 3],
  million: ['count', 6],
  billion: ['count', 9],
  gbp: ['gbp', 0],
  'gbp-thousand': ['gbp', 3],
  'gbp-million': ['gbp', 6],
  'gbp-billion': ['gbp', 9],
  index: ['index', 0],
  ratio: ['ratio', 0],
};

/** Whether two units measure the same: per cent and points, or millions and thousands. */
export function isSameDimension(one: Unit, other: Unit): boolean {
  return UNITS[one][0] === UNITS[other][0];
}

/** The power of ten that a unit counts in. */
export function powerOf(unit: Unit): number {
  return UNITS[unit][1];
}

/** A written number's value in another unit of its dimension, to the digits it was written with. */
export function inUnit({ value, unit, decimals }: WrittenNumber, other: Unit): number {
  const power = UNITS[unit][1] - UNITS[other][1];
  return Number((value * 10 ** power).toFixed(Math.max(0, Math.min(15, decimals - power))));
}

/** What a bare written number may stand for: the pound sign and the word "index" are often left out. */
const READINGS: Readonly<Record<Dimension, readonly (readonly [Dimension, number])[]>> = {
  rate: [
    ['rate', 0],
    ['ratio', -2],
  ],
  count: [
    ['count', 0],
    ['gbp', 0],
    ['index', 0],
    ['ratio', 0],
  ],
  gbp: [['gbp', 0]],
  index: [['index', 0]],
  ratio: [
    ['ratio', 0],
    ['rate', 2],
  ],
};

/** A rounding further than this from the value is no rounding a writer would use, in hundredths of the value. */
const FARTHEST_PERCENT = 5n;

/** Number of forms every value has, so that their count tells nothing about its length. */
export const ROUNDINGS = 24;

/**
 * Canonical forms of a true value at every precision a writer would plausibly round it to; what sealing digests.
 *
 * Always `ROUNDINGS` forms: those without use are decoys that no written number looks up. The sign is left out, since
 * "fell by 0.5%" carries it in a word.
 */
export function canonicalRoundings(value: number, unit: Unit): readonly string[] {
  const [dimension, scale] = UNITS[unit];
  const exact = shiftDecimal(toDecimal(value), scale);
  const forms = new Set([exactForm(dimension, exact)]);
  for (let step = exact.exponent; ; step += 1) {
    const rounded = roundings(exact, step).filter((digits) => isPlausible(exact, digits, step, dimension));
    for (const digits of rounded) forms.add(roundedForm(dimension, digits, step));
    if (rounded.length === 0 && step > exact.exponent) break;
    if (forms.size > ROUNDINGS - 2) break;
  }
  const decoys = Array.from({ length: Math.max(0, ROUNDINGS - forms.size) }, (_, at) => {
    return `decoy:${dimension}:${exact.digits}e${exact.exponent}:${at}`;
  });
  return [...forms, ...decoys];
}

/**
 * Canonical forms a written number is looked up by: equal to one of a value's roundings where the number reads as that value,
 * whatever its scale ("31.39 million" and "31,390,000"), and only there.
 */
export function canonicalNumber(number: WrittenNumber): readonly string[] {
  const [written, scale] = UNITS[number.unit];
  const plain = toDecimal(number.value);
  const precise = atStep(plain, Math.min(plain.exponent, -number.decimals));
  return READINGS[written].flatMap(([dimension, shift]) => {
    const exact = shiftDecimal(precise, scale + shift);
    const forms = [exactForm(dimension, exact)];
    // Zeros that close a whole number may stand for digits rounded away; zeros after the point were written on purpose.
    let { digits, exponent } = exact;
    forms.push(roundedForm(dimension, digits, exponent));
    while (number.decimals === 0 && digits !== 0n && digits % 10n === 0n) {
      digits /= 10n;
      exponent += 1;
      forms.push(roundedForm(dimension, digits, exponent));
    }
    return forms;
  });
}

/** `digits` times ten to the `exponent`; never negative. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function toDecimal(value: number): Decimal {
  if (!Number.isFinite(value)) throw new RangeError('a figure is a finite number');
  const [mantissa = '0', power = '0'] = Math.abs(value).toString().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

function shiftDecimal(decimal: Decimal, scale: number): Decimal {
  return { digits: decimal.digits, exponent: decimal.exponent + scale };
}

function atStep(decimal: Decimal, step: number): Decimal {
  return { digits: decimal.digits * 10n ** BigInt(decimal.exponent - step), exponent: step };
}

/** The value in units of ten to the `step`, rounded; both neighbours where it lies in the middle. */
function roundings(decimal: Decimal, step: number): readonly bigint[] {
  const unit = 10n ** BigInt(step - decimal.exponent);
  const below = decimal.digits / unit;
  const rest = (decimal.digits % unit) * 2n;
  if (rest === unit) return [below, below + 1n];
  return [rest > unit ? below + 1n : below];
}

function isPlausible(exact: Decimal, digits: bigint, step: number, dimension: Dimension): boolean {
  if (digits === 0n) return exact.digits === 0n && step === exact.exponent;
  // Rates are published to one decimal and spoken of in whole per cents, however small they are.
  if (dimension === 'rate' && step <= 0) return true;
  const rounded = digits * 10n ** BigInt(step - exact.exponent);
  const distance = rounded > exact.digits ? rounded - exact.digits : exact.digits - rounded;
  return distance * 100n <= exact.digits * FARTHEST_PERCENT;
}

function exactForm(dimension: Dimension, decimal: Decimal): string {
  let { digits, exponent } = decimal;
  if (digits === 0n) return `${dimension}=0`;
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent += 1;
  }
  return `${dimension}=${digits}e${exponent}`;
}

function roundedForm(dimension: Dimension, digits: bigint, exponent: number): string {
  return `${dimension}:${digits}e${exponent}`;
}
