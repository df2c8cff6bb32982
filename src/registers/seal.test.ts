import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Unit } from '../core/entry.ts';
import { canonicalNumber } from '../text/canonical-figure.ts';
import { addMasterKey, deriveKeys, ephemeralKeyRing, keyRing } from './keys.ts';
import {
  comparableFigure,
  type FigurePlace,
  makeMatchesSealed,
  resealFigure,
  sealState,
  sealValue,
  unsealValue,
} from './seal.ts';

const ring = ephemeralKeyRing(new Uint8Array(32).fill(1));
const other = ephemeralKeyRing(new Uint8Array(32).fill(2));
const place: FigurePlace = { entry: 'labour-market-2016-01', measure: 'employment-rate', unit: 'percent' };

function matches(
  value: number,
  unit: Unit,
  written: { value: number; unit: Unit; decimals: number },
  entry = place.entry,
): boolean {
  const { digests } = sealValue(value, { ...place, unit }, ring.current);
  const matchesSealed = makeMatchesSealed(ring);
  return canonicalNumber(written).some((canonical) => matchesSealed(entry, digests, canonical));
}

describe('a sealed figure', () => {
  it.each([
    ['as it stands', 74.1, 'percent', { value: 74.1, unit: 'percent', decimals: 1 }, true],
    ['rounded to a whole per cent', 74.1, 'percent', { value: 74, unit: 'percent', decimals: 0 }, true],
    ['at another scale', 31.39, 'million', { value: 31_390_000, unit: 'count', decimals: 0 }, true],
    ['but not another value', 74.1, 'percent', { value: 74.2, unit: 'percent', decimals: 1 }, false],
  ] as const)('is found %s', (_what, value, unit, written, found) => {
    expect(matches(value, unit, written)).toBe(found);
  });

  it('is not found by the digests of another entry', () => {
    expect(matches(74.1, 'percent', { value: 74.1, unit: 'percent', decimals: 1 }, 'labour-market-2016-02')).toBe(
      false,
    );
  });

  it('is not found without its key', () => {
    const { digests } = sealValue(74.1, place, ring.current);
    const matchesSealed = makeMatchesSealed(other);
    const forms = canonicalNumber({ value: 74.1, unit: 'percent', decimals: 1 });
    expect(forms.some((canonical) => matchesSealed(place.entry, digests, canonical))).toBe(false);
  });

  it('looks the same in size and number of digests, whatever its value', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 });
    fc.assert(
      fc.property(value, fc.constantFrom<Unit>('percent', 'million', 'gbp', 'index', 'ratio'), (figure, unit) => {
        const sealed = sealValue(figure, { ...place, unit }, ring.current);
        expect(sealed.digests).toHaveLength(25);
        expect(sealed.digests).toEqual(sealed.digests.toSorted());
        expect(sealed.box).toHaveLength(80);
      }),
      { numRuns: 300 },
    );
  });

  it('opens to its value with its key, at its place, and nowhere else', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const sealed = sealValue(value, place, ring.current);
        expect(unsealValue(sealed, place, ring)).toBe(value === 0 ? 0 : value);
        expect(unsealValue(sealed, place, other)).toBeNull();
        expect(unsealValue(sealed, { ...place, entry: 'x' }, ring)).toBeNull();
        expect(unsealValue(sealed, { ...place, unit: 'ratio' }, ring)).toBeNull();
      }),
    );
  });

  it('says where it was sealed for another place, by another key or another scheme', () => {
    const sealed = sealValue(74.1, place, ring.current);
    expect(sealState(sealed, place, ring)).toBe('sound');
    expect(sealState(sealed, { ...place, entry: 'copied' }, ring)).toBe('misplaced');
    expect(sealState(sealed, { ...place, measure: 'unemployment-rate' }, ring)).toBe('misplaced');
    expect(sealState(sealed, place, other)).toBe('foreign');
    expect(sealState({ ...sealed, scheme: 99 }, place, ring)).toBe('outdated');
  });

  it('gets new digests from its box where the scheme has changed', () => {
    const sealed = sealValue(74.1, place, ring.current);
    const without = (digest: string) => ({ ...sealed, digests: sealed.digests.filter((one) => one !== digest) });
    const ofPlace = sealed.digests.filter((digest) => sealState(without(digest), place, ring) === 'misplaced');
    expect(ofPlace).toHaveLength(1);
    const old = { ...sealed, scheme: 99, digests: ofPlace };
    const figure = { measure: place.measure, unit: place.unit, sealed: old };
    expect(comparableFigure(figure, place.entry, ring)?.sealed?.digests).toEqual(sealed.digests);
  });
});

describe('rotation', () => {
  const one = addMasterKey(null, randomBytes(32), '2026-01-01T00:00:00.000Z');
  const two = addMasterKey(one, randomBytes(32), '2026-02-01T00:00:00.000Z');

  it('goes on finding what an older key sealed, and re-seals it with the current one', () => {
    const sealed = sealValue(74.1, place, keyRing(one).current);
    const rotated = keyRing(two);
    const form = canonicalNumber({ value: 74.1, unit: 'percent', decimals: 1 });
    const found = (digests: readonly string[]) =>
      form.some((canonical) => makeMatchesSealed(rotated)(place.entry, digests, canonical));
    expect(found(sealed.digests)).toBe(true);
    expect(rotated.current.id).toMatch(/^k2-/);
    const again = resealFigure({ measure: place.measure, unit: place.unit, sealed }, place.entry, rotated);
    expect(again?.sealed?.key).toBe(rotated.current.id);
    expect(found(again?.sealed?.digests ?? [])).toBe(true);
  });

  it('keeps the keys of the audit chain and of stored tokens', () => {
    expect(keyRing(two).first.audit).toEqual(keyRing(one).first.audit);
    expect(keyRing(two).current.audit).not.toEqual(keyRing(one).current.audit);
  });
});

describe('derived keys', () => {
  it('differ for each use and are the same every time', () => {
    const secret = new Uint8Array(32).fill(9);
    const { id: _id, ...keys } = deriveKeys('k1', secret);
    const hex = Object.values(keys).map((key) => Buffer.from(key).toString('hex'));
    expect(new Set(hex).size).toBe(hex.length);
    expect(deriveKeys('k1', secret)).toEqual({ id: 'k1', ...keys });
  });

  it('are refused from a master key of another length', () => {
    expect(() => deriveKeys('k1', new Uint8Array(16))).toThrow('32 bytes');
  });
});
