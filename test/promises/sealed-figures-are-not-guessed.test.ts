import { createHash, createHmac } from 'node:crypto';
import { ephemeralKeyRing } from '../../src/registers/keys.ts';
import { parseRegisters } from '../../src/registers/parse-registers.ts';
import { canonicalRoundings } from '../../src/text/canonical-figure.ts';

// Promise 5: a rate with one decimal has a thousand possible values, so whoever has the store but not the key tries them all.

/** Twenty rates nobody chose: the digits of pi, two and one at a time. */
const RATES =
  '31415926535897932384626433832795028841971693993751058209749445'
    .match(/.{3}/g)
    ?.map((digits) => Number(digits) / 10) ?? [];
const KEY = ephemeralKeyRing(createHash('sha256').update('a key that the attacker has not').digest());

const release = (rate: number, index: number) => `id: release-${index}
title: A release
producer: An office
subjects: [labour-market]
embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }
figures: [{ measure: employment-rate, value: ${rate}, unit: percent }]
`;

/** What a dump of the store has of the registers. */
function dump(): readonly { readonly id: string; readonly text: string }[] {
  const files = RATES.map((rate, index) => ({
    file: `${index}`,
    path: `embargoes/${index}.yaml`,
    text: release(rate, index),
  }));
  const measures = [{ id: 'employment-rate', subject: 'labour-market', units: ['percent'] }];
  const parsed = parseRegisters(files, { subjects: ['labour-market'], measures, datasets: [], key: KEY });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.documents.embargoes.map((document) => ({ id: document.id, text: JSON.stringify(document) }));
}

/** Every way an attacker who knows this source would digest a guess without the key. */
const DIGESTS: readonly ((canonical: string, entry: string) => string)[] = [
  (canonical) => createHash('sha256').update(canonical).digest('hex'),
  (canonical, entry) => createHash('sha256').update(`${entry}\0${canonical}`).digest('hex'),
  (canonical, entry) => createHmac('sha256', entry).update(canonical).digest('hex'),
  (canonical, entry) => createHmac('sha256', '').update(`${entry}\0${canonical}`).digest('hex'),
  (canonical, entry) => createHmac('sha256', new Uint8Array(32)).update(`${entry}\0${canonical}`).digest('hex'),
];

/** The rates that trying all thousand of them finds in the dump. */
function guess(entries: readonly { readonly id: string; readonly text: string }[]): number {
  return entries.filter(({ id, text }) => {
    for (let tenths = 0; tenths <= 1000; tenths += 1) {
      const forms = canonicalRoundings(tenths / 10, 'percent').slice(0, 1);
      for (const form of [...forms, String(tenths / 10)])
        if (DIGESTS.some((digest) => text.includes(digest(form, id).slice(0, 32)))) return true;
    }
    return false;
  }).length;
}

describe('twenty sealed rates, to somebody with the store and without the key', () => {
  it('are none of them found by trying every rate', () => {
    expect(RATES).toHaveLength(20);
    expect(guess(dump())).toBe(0);
  });

  it('would all be found if they were hashed without a key, so that this attack is one', () => {
    const hashed = RATES.map((rate, index) => {
      const digests = canonicalRoundings(rate, 'percent').map((form) =>
        createHash('sha256').update(form).digest('hex'),
      );
      return { id: `release-${index}`, text: JSON.stringify(digests) };
    });
    expect(guess(hashed)).toBe(20);
  });

  it('stand nowhere in the dump', () => {
    dump().forEach(({ text }, index) => {
      expect(text).not.toContain(`"value"`);
      expect(text.replaceAll(/[0-9a-f]{32}/g, '')).not.toMatch(
        new RegExp(`\\b${String(RATES[index]).replace('.', '\\.')}\\b`),
      );
    });
  });

  it('look alike in number and size of what is kept', () => {
    const sizes = dump().map(({ id, text }) => text.length - 2 * id.length);
    expect(new Set(sizes).size).toBeLessThanOrEqual(2);
  });
});
