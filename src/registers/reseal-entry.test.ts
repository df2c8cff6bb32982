import { canonicalNumber } from '../text/canonical-figure.ts';
import type { EmbargoDocument } from './embargo-document.ts';
import { addMasterKey, type KeyFile, keyRing } from './keys.ts';
import { resealEntry } from './reseal-entry.ts';
import { makeMatchesSealed, sealValue } from './seal.ts';
import { openPassword, sealPassword } from './seal-password.ts';

const first: KeyFile = addMasterKey(null, new Uint8Array(32).fill(1), '2016-01-01T00:00:00Z');
const both: KeyFile = addMasterKey(first, new Uint8Array(32).fill(2), '2016-02-01T00:00:00Z');
const second: KeyFile = { ...both, keys: both.keys.slice(1) };
const [oldRing, ring, newRing] = [keyRing(first), keyRing(both), keyRing(second)];

const place = { entry: 'release', measure: 'employment-rate', unit: 'percent' } as const;
const document: Pick<EmbargoDocument, 'id' | 'figures' | 'passwords'> = {
  id: 'release',
  figures: [{ measure: place.measure, unit: place.unit, sealed: sealValue(74.1, place, oldRing.current) }],
  passwords: [sealPassword('open sesame', 'release', oldRing)],
};
const isFound = (entry: typeof document, keys: ReturnType<typeof keyRing>): boolean =>
  canonicalNumber({ value: 74.1, unit: 'percent', decimals: 1 }).some((form) =>
    makeMatchesSealed(keys)('release', entry.figures?.[0]?.sealed?.digests ?? [], form),
  );

describe('an entry after a key was added', () => {
  it('is sealed anew, so that the old key can go', () => {
    const { document: anew, changed, stuck } = resealEntry(document, ring);
    expect([changed, stuck]).toEqual([2, []]);
    expect(isFound(document, newRing)).toBe(false);
    expect(isFound(anew, newRing)).toBe(true);
    expect(isFound(anew, oldRing)).toBe(false);
    expect(openPassword(anew.passwords?.[0] ?? '', 'release', newRing)).toBe('open sesame');
    const kept = new Set(document.figures?.[0]?.sealed?.digests);
    expect(anew.figures?.[0]?.sealed?.digests.some((digest) => kept.has(digest))).toBe(false);
  });

  it('stays as it is where it is sealed by that key already', () => {
    const { document: anew } = resealEntry(document, ring);
    expect(resealEntry(anew, ring)).toEqual({ document: anew, changed: 0, stuck: [] });
  });

  it('names what nobody can open any more, and leaves it alone', () => {
    expect(resealEntry(document, newRing)).toEqual({ document, changed: 0, stuck: ['employment-rate', 'a password'] });
  });
});
