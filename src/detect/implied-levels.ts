import type { PublicFigure } from '../core/entry.ts';
import { inUnit, powerOf, type WrittenNumber } from '../text/canonical-figure.ts';

/** Levels that one percentage stands for at most; the step between them is made coarser until they are so few. */
const MOST_LEVELS = 8;

/** A number beyond this part of the level before is a level itself. */
const LARGEST_CHANGE = 0.5;

/**
 * The levels that a change gives with the published one before it: previous and change added, and taken from each other, as precise as
 * the vaguer of the two. "Up 0.2 million" from 31.17 million is 31.4 million.
 */
export function levelsFromChange(previous: PublicFigure, change: WrittenNumber): readonly WrittenNumber[] {
  const known = decimalsOf(previous.value);
  const written = change.decimals + powerOf(previous.unit) - powerOf(change.unit);
  const decimals = Math.min(known, written);
  // "Up a point" says too little of a level with a decimal.
  if (decimals < Math.min(1, known)) return [];
  const by = inUnit(change, previous.unit);
  if (by > previous.value * LARGEST_CHANGE) return [];
  return [previous.value + by, previous.value - by]
    .filter((level) => level > 0)
    .map((level) => atDecimals(level, decimals, previous));
}

/** The levels that a percentage change gives with the published one before it: every level, as precise as that, whose change rounds to it. */
export function levelsFromShare(previous: PublicFigure, change: WrittenNumber): readonly WrittenNumber[] {
  if (change.unit !== 'percent' || change.decimals === 0 || change.value > 100 * LARGEST_CHANGE) return [];
  const half = 0.5 * 10 ** -change.decimals;
  return [1, -1].flatMap((sign) => {
    const ends = [change.value - half, change.value + half].map((by) => previous.value * (1 + (sign * by) / 100));
    const [least, most] = [Math.min(...ends), Math.max(...ends)];
    let decimals = decimalsOf(previous.value);
    while ((most - least) * 10 ** decimals > MOST_LEVELS) decimals -= 1;
    const step = 10 ** -decimals;
    const count = Math.floor(most / step) - Math.ceil(least / step) + 1;
    return Array.from({ length: Math.max(0, count) }, (_, at) => (Math.ceil(least / step) + at) * step)
      .filter((level) => level > 0)
      .map((level) => atDecimals(level, decimals, previous));
  });
}

function atDecimals(level: number, decimals: number, { unit }: PublicFigure): WrittenNumber {
  const scale = 10 ** decimals;
  const rounded = decimals >= 0 ? Number(level.toFixed(decimals)) : Math.round(level * scale) / scale;
  return { value: rounded, unit, decimals: Math.max(0, decimals) };
}

function decimalsOf(value: number): number {
  return String(value).split('.')[1]?.length ?? 0;
}
