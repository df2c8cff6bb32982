import { createHash, createHmac } from 'node:crypto';
import { ephemeralKeyRing } from '../../src/registers/keys.ts';
import { parseRegisters } from '../../src/registers/parse-registers.ts';
import { makeMatchesSealed } from '../../src/registers/seal.ts';
import { createRegisterStore } from '../../src/store/register-store.ts';
import { canonicalRoundings } from '../../src/text/canonical-figure.ts';
import { dumpOf } from '../oracle/what-is-kept.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

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

function parsed() {
  const files = RATES.map((rate, index) => ({
    file: `${index}`,
    path: `embargoes/${index}.yaml`,
    text: release(rate, index),
  }));
  const measures = [{ id: 'employment-rate', subject: 'labour-market', units: ['percent'] }];
  const read = parseRegisters(files, { subjects: ['labour-market'], measures, datasets: [], key: KEY });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.documents;
}

/** The rows of the store that hold the entries, as a dump has them; every table's rows are gone through for the values below. */
async function dump(): Promise<readonly Entry[]> {
  const { rows } = await database.pool.query<Entry>(
    "select id, document::text as text from embargo_entry order by (regexp_replace(id, '\\D', '', 'g'))::int",
  );
  return rows;
}

interface Entry {
  readonly id: string;
  readonly text: string;
}

let database: TestDatabase;
beforeAll(async () => {
  database = await aDatabase();
  await createRegisterStore(database.pool, storeKeys()).import(parsed(), { actor: 'test' });
}, 60_000);
afterAll(() => database?.close());

/** Every way an attacker who knows this source would digest a guess without the key. */
const DIGESTS: readonly ((canonical: string, entry: string) => string)[] = [
  (canonical) => createHash('sha256').update(canonical).digest('hex'),
  (canonical, entry) => createHash('sha256').update(`${entry}\0${canonical}`).digest('hex'),
  (canonical, entry) => createHmac('sha256', entry).update(canonical).digest('hex'),
  (canonical, entry) => createHmac('sha256', '').update(`${entry}\0${canonical}`).digest('hex'),
  (canonical, entry) => createHmac('sha256', new Uint8Array(32)).update(`${entry}\0${canonical}`).digest('hex'),
];

/** The rates that trying all thousand of them finds in the dump. */
function guess(entries: readonly Entry[]): readonly number[] {
  return entries.flatMap(({ id, text }) => {
    for (let tenths = 0; tenths <= 1000; tenths += 1) {
      const forms = canonicalRoundings(tenths / 10, 'percent').slice(0, 1);
      for (const form of [...forms, String(tenths / 10)])
        if (DIGESTS.some((digest) => text.includes(digest(form, id).slice(0, 32)))) return [tenths / 10];
    }
    return [];
  });
}

describe('twenty sealed rates, to somebody with the store and without the key', () => {
  it('are none of them found by trying every rate', async () => {
    expect(RATES).toHaveLength(20);
    const entries = await dump();
    expect(entries).toHaveLength(20);
    expect(guess(entries)).toEqual([]);
  });

  it('would all be found if they were hashed without a key, so that this attack is one', () => {
    const hashed = RATES.map((rate, index) => {
      const digests = canonicalRoundings(rate, 'percent').map((form) =>
        createHash('sha256').update(form).digest('hex'),
      );
      return { id: `release-${index}`, text: JSON.stringify(digests) };
    });
    expect(guess(hashed)).toEqual(RATES);
  });

  it('are all found by whoever has the key file too, so that the digests are of these values', async () => {
    const matches = makeMatchesSealed(KEY);
    const found = (await dump()).map(({ id, text }) => {
      const digests = text.match(/[0-9a-f]{32}/g) ?? [];
      const tenths = Array.from({ length: 1001 }, (_, at) => at);
      return tenths
        .filter((one) => matches(id, digests, canonicalRoundings(one / 10, 'percent')[0] ?? ''))
        .map((one) => one / 10);
    });
    expect(found).toEqual(RATES.map((rate) => [rate]));
  });

  it('stand nowhere in the dump, in no table', async () => {
    const exact = RATES.map((rate) => `${rate}`).filter((rate) => rate.includes('.'));
    const rows = (await dumpOf(database)).filter((row) => row.length < 100_000).map((row) => row.toString('latin1'));
    const clear = rows.map((row) => row.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?|[0-9a-f]{32}|"box":"[^"]*"/g, ''));
    expect(
      exact.filter((rate) => clear.some((row) => new RegExp(`\\b${rate.replace('.', '\\.')}\\b`).test(row))),
    ).toEqual([]);
    (await dump()).forEach(({ text }, index) => {
      expect(text).not.toContain(`"value"`);
      expect(text.replaceAll(/[0-9a-f]{32}/g, '')).not.toMatch(
        new RegExp(`\\b${String(RATES[index]).replace('.', '\\.')}\\b`),
      );
    });
  });

  it('look alike in number and size of what is kept', async () => {
    const sizes = (await dump()).map(({ id, text }) => text.length - 2 * id.length);
    expect(new Set(sizes).size).toBeLessThanOrEqual(2);
  });
});
