import { z } from 'zod';
import { DEFAULT_LIMITS, type Limits } from './budget.ts';

type Name = keyof Limits;

/** The least and the most that each may be set to: a limit can be moved, and never taken away. */
const BOUNDS: Readonly<Record<Name, readonly [number, number]>> = {
  expandedBytes: [1024 ** 2, 64 * 1024 ** 3],
  ratio: [10, 10_000],
  ratioGrace: [0, 64 * 1024 ** 2],
  parts: [10, 200_000],
  text: [64 * 1024, 32 * 1024 ** 2], // it is in the memory of the process that detects
  depth: [2, 100],
  time: [1_000, 600_000],
  passwordTrials: [0, 100_000],
  passwordTime: [0, 300_000],
};

const entry = z
  .string()
  .regex(/^\s*[A-Za-z]+\s*=\s*\d{1,12}\s*$/)
  .transform((pair) => pair.split('=').map((side) => side.trim()) as [string, string])
  .transform(([name, digits]) => ({ name, value: Number(digits) }));

export type LimitsReading =
  | { readonly ok: true; readonly value: Limits }
  /** What is wrong with the first entry that cannot be taken, and what to write instead. */
  | { readonly ok: false; readonly fault: string };

/** Reads `name=number,name=number` over the defaults; every limit stays within its bounds. Bytes, characters, milliseconds. */
export function readLimits(text: string): LimitsReading {
  const given = new Map<Name, number>();
  for (const one of text.split(',')) {
    const parsed = entry.safeParse(one);
    if (!parsed.success) return refuse('is no list of limits, expected for example time=120000,parts=50000');
    const { name, value } = parsed.data;
    if (!isName(name)) return refuse(`has a limit that is not known, known are ${Object.keys(BOUNDS).join(', ')}`);
    const [least, most] = BOUNDS[name];
    if (value < least || value > most) return refuse(`${name} is out of bounds, expected ${least} to ${most}`);
    if (given.has(name)) return refuse(`${name} is set twice, leave one`);
    given.set(name, value);
  }
  return { ok: true, value: { ...DEFAULT_LIMITS, ...Object.fromEntries(given) } };
}

/** All of them, as `readLimits` reads them. */
export function showLimits(limits: Limits): string {
  return Object.entries(limits)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function isName(name: string): name is Name {
  return Object.hasOwn(BOUNDS, name);
}

function refuse(fault: string): LimitsReading {
  return { ok: false, fault };
}
