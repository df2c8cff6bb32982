import type { Unit } from '../core/entry.ts';

/** A number as written: value in its written unit, and the decimal places that were written. */
export interface WrittenNumber {
  readonly value: number;
  readonly unit: Unit;
  readonly decimals: number;
}

/** Canonical forms of a true value at every precision a writer would plausibly round it to; what sealing digests. */
export function canonicalRoundings(_value: number, _unit: Unit): readonly string[] {
  throw new Error('not written yet');
}

/** Canonical forms a written number is looked up by. */
export function canonicalNumber(_number: WrittenNumber): readonly string[] {
  throw new Error('not written yet');
}
