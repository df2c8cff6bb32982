import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Unit } from '../core/entry.ts';
import { canonicalRoundings } from '../text/canonical-figure.ts';
import { boxText, unboxText } from './box.ts';
import type { FigureDocument, SealedValue } from './embargo-document.ts';
import type { KeyRing, KeySet } from './keys.ts';

/** To be raised whenever `canonicalRoundings` gives other forms: digests of an older scheme are made anew from the box. */
export const SEAL_SCHEME = 1;

/** Length every boxed value is padded to, so that its size says nothing. */
const BOXED_BYTES = 32;
/** Digests of written numbers that are kept for the next figure they are compared with; few, so that no draft is quick because of another. */
const MOST_KEPT = 64;
/** Hex digits kept of an HMAC-SHA-256: 128 bits (RFC 2104, section 5). */
const DIGEST_DIGITS = 32;

/** Where a figure stands: a sealed value moved to another entry, measure or unit does not open. */
export interface FigurePlace {
  readonly entry: string;
  readonly measure: string;
  readonly unit: Unit;
}

/**
 * Seals an embargoed value: keyed digests of its roundings and of its place, sorted, and the value itself encrypted.
 *
 * Deterministic, so that sealing twice writes the same file. A plain or salted hash would not do: a rate with one decimal is
 * found by trying a thousand values.
 */
export function sealValue(value: number, place: FigurePlace, keys: KeySet): SealedValue {
  const digests = canonicalRoundings(value, place.unit).map((canonical) => digestOf(place.entry, canonical, keys));
  return {
    key: keys.id,
    scheme: SEAL_SCHEME,
    digests: [...digests, digestOfPlace(place, keys)].sort(),
    box: boxText(String(value), placeName(place), BOXED_BYTES, keys),
  };
}

/** The value back from its box; null without the key it was sealed with, or where entry, measure or unit are not its own. */
export function unsealValue(sealed: SealedValue, place: FigurePlace, ring: KeyRing): number | null {
  const text = unboxText(sealed, placeName(place), ring);
  return text === null ? null : Number(text);
}

export type SealState =
  /** Can be compared as it is. */
  | 'sound'
  /** Can be compared once its digests are made anew from the box. */
  | 'outdated'
  /** Sealed with a key that is not on the ring. */
  | 'foreign'
  /** Sealed for another entry, measure or unit, or damaged. */
  | 'misplaced';

/** How far a sealed value can be used where it stands; the box stays shut. */
export function sealState(sealed: SealedValue, place: FigurePlace, ring: KeyRing): SealState {
  const keys = ring.byId.get(sealed.key);
  if (keys === undefined) return 'foreign';
  if (!sealed.digests.includes(digestOfPlace(place, keys))) return 'misplaced';
  return sealed.scheme === SEAL_SCHEME ? 'sound' : 'outdated';
}

/** A figure sealed by the ring's current key and scheme, from its value or from its box; null where neither can be read. */
export function resealFigure(figure: FigureDocument, entry: string, ring: KeyRing): FigureDocument | null {
  const { measure, unit } = figure;
  const place = { entry, measure, unit };
  const value = figure.sealed === undefined ? figure.value : unsealValue(figure.sealed, place, ring);
  return value === undefined || value === null
    ? null
    : { measure, unit, sealed: sealValue(value, place, ring.current) };
}

/** A figure in a form that can be compared: sealed now, or made anew where its digests are outdated; null where it cannot be. */
export function comparableFigure(figure: FigureDocument, entry: string, ring: KeyRing): FigureDocument | null {
  const { measure, unit, sealed } = figure;
  // The box of a sound one stays shut, so that its value is not in memory again.
  if (sealed !== undefined && sealState(sealed, { entry, measure, unit }, ring) !== 'outdated') return figure;
  return resealFigure(figure, entry, ring);
}

/**
 * The comparison that detectors are given: whether a canonical number is one of an entry's sealed digests, by any key of the ring.
 *
 * Digests are per entry, so that equal figures of two releases do not look alike at rest.
 */
export function makeMatchesSealed(
  ring: KeyRing,
): (entry: string, digests: readonly string[], canonical: string) => boolean {
  // A key that is added while this process runs is compared with from then on.
  let known = ring.byId;
  let keys = [...known.values()];
  // A number is looked up for every figure of an entry, one after the other; what is kept is of the written number, right or wrong.
  const made = new Map<string, readonly string[]>();
  const digestsOf = (entry: string, canonical: string): readonly string[] => {
    const name = `${entry}\0${canonical}`;
    const kept = made.get(name);
    if (kept !== undefined) return kept;
    if (made.size >= MOST_KEPT) made.clear();
    const wanted = keys.map((key) => digestOf(entry, canonical, key));
    made.set(name, wanted);
    return wanted;
  };
  return (entry, digests, canonical) => {
    if (ring.byId !== known) {
      known = ring.byId;
      keys = [...known.values()];
      made.clear();
    }
    let found = 0;
    // Every key and every digest is gone through to its end, so that the time taken is the same with a match and without.
    for (const wanted of digestsOf(entry, canonical)) {
      for (const digest of digests) found += digest === wanted ? 1 : 0;
    }
    return found > 0;
  };
}

function digestOf(entry: string, canonical: string, keys: KeySet): string {
  return createHmac('sha256', hmacKey(keys)).update(`${entry}\0${canonical}`).digest('hex').slice(0, DIGEST_DIGITS);
}

const hmacKeys = new WeakMap<KeySet, KeyObject>();

/** Preparing a key costs more than the digest itself. */
function hmacKey(keys: KeySet): KeyObject {
  const known = hmacKeys.get(keys);
  if (known !== undefined) return known;
  const made = createSecretKey(keys.sealing);
  hmacKeys.set(keys, made);
  return made;
}

/** Never equal to the digest of a value: canonical forms have no NUL. */
function digestOfPlace(place: FigurePlace, keys: KeySet): string {
  return digestOf(place.entry, `place\0${place.measure}\0${place.unit}`, keys);
}

function placeName({ entry, measure, unit }: FigurePlace): string {
  return `figure\0${entry}\0${measure}\0${unit}`;
}
