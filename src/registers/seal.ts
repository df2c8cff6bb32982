import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { SealedFigure, Unit } from '../core/entry.ts';
import { canonicalRoundings } from '../text/canonical-figure.ts';
import type { FigureDocument, SealedValue } from './embargo-document.ts';
import type { KeyRing, KeySet } from './keys.ts';

/** Length every boxed value is padded to, so that its size says nothing. */
const BOXED_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where a figure stands: a sealed value moved to another entry, measure or unit does not open. */
export interface FigurePlace {
  readonly entry: string;
  readonly measure: string;
  readonly unit: Unit;
}

/**
 * Seals an embargoed value: keyed digests of its roundings, sorted, and the value itself encrypted.
 *
 * Deterministic, so that sealing twice writes the same file. A plain or salted hash would not do: a rate with one decimal is
 * found by trying a thousand values.
 */
export function sealValue(value: number, place: FigurePlace, keys: KeySet): SealedValue {
  const digests = canonicalRoundings(value, place.unit).map((canonical) => digestOf(place.entry, canonical, keys));
  return { key: keys.id, digests: digests.sort(), box: boxValue(value, place, keys) };
}

/** The value back from its box; null without the key it was sealed with, or where entry, measure or unit are not its own. */
export function unsealValue(sealed: SealedValue, place: FigurePlace, ring: KeyRing): number | null {
  const keys = ring.byId.get(sealed.key);
  if (keys === undefined) return null;
  const box = Buffer.from(sealed.box, 'base64');
  if (box.length !== NONCE_BYTES + BOXED_BYTES + TAG_BYTES) return null;
  const cipher = createDecipheriv('aes-256-gcm', keys.figures, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(placeBytes(place)).setAuthTag(box.subarray(-TAG_BYTES));
  try {
    const plain = Buffer.concat([cipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)), cipher.final()]);
    return Number(plain.toString('latin1'));
  } catch {
    return null;
  }
}

/** A figure as it is judged by, sealed with the current key; null where its key is not on the ring. */
export function sealedFigure(figure: FigureDocument, entry: string, ring: KeyRing): SealedFigure | null {
  const { measure, unit } = figure;
  const place = { entry, measure, unit };
  const value = figure.sealed === undefined ? figure.value : unsealValue(figure.sealed, place, ring);
  if (value === undefined || value === null) return null;
  return { measure, unit, digests: sealValue(value, place, ring.current).digests };
}

/**
 * The comparison that detectors are given: whether a canonical number is one of an entry's sealed digests.
 *
 * Digests are per entry, so that equal figures of two releases do not look alike at rest.
 */
export function makeMatchesSealed(
  ring: KeyRing,
): (entry: string, digests: readonly string[], canonical: string) => boolean {
  return (entry, digests, canonical) => digests.includes(digestOf(entry, canonical, ring.current));
}

function digestOf(entry: string, canonical: string, keys: KeySet): string {
  return createHmac('sha256', keys.sealing).update(`${entry}\0${canonical}`).digest('hex');
}

function boxValue(value: number, place: FigurePlace, keys: KeySet): string {
  const plain = Buffer.from(String(value).padEnd(BOXED_BYTES, ' '), 'latin1');
  // The nonce depends on key, place and value alone (as in SIV, RFC 5297): no two different values ever share one.
  const nonce = createHmac('sha256', keys.figures)
    .update(placeBytes(place))
    .update(plain)
    .digest()
    .subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keys.figures, nonce).setAAD(placeBytes(place));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function placeBytes({ entry, measure, unit }: FigurePlace): Buffer {
  return Buffer.from(`holdfast figure\0${entry}\0${measure}\0${unit}`);
}
