import type { Caller } from '../../src/service/ports.ts';
import { createIdempotencyStore } from '../../src/store/idempotency-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

const keys = storeKeys();
const caller: Caller = { id: 'token-1', name: 'gateway', address: null, roles: ['submitter'] };
const other = { ...caller, id: 'token-2' };
const request = ['POST', '/v1/drafts', Buffer.from('{"text":"employment at 74.0 per cent"}')];
const answer = { status: 200, body: { id: 'm1', verdict: 'hold' } };
let database: TestDatabase;

beforeAll(async () => {
  database = await aDatabase();
});
afterAll(() => database.close());
afterEach(() => database.pool.query('delete from idempotent_request'));

const record = () => createIdempotencyStore(database.pool, keys);

async function begin(key: string, as = caller, what: readonly (string | Uint8Array)[] = request) {
  return record().begin(as, key, what);
}

async function ticketOf(key: string): Promise<string> {
  const begun = await begin(key);
  if (begun.kind !== 'new') throw new Error(`${key} is ${begun.kind}`);
  return begun.ticket;
}

test('the same request again gets the answer of the first', async () => {
  await record().finish(await ticketOf('k'), answer);
  expect(await begin('k')).toEqual({ kind: 'answered', answer });
});

test('while the first is at work nobody else runs it, however many ask at once', async () => {
  const begun = await Promise.all(Array.from({ length: 12 }, () => begin('k')));
  expect(begun.filter(({ kind }) => kind === 'new')).toHaveLength(1);
  expect(begun.filter(({ kind }) => kind === 'running')).toHaveLength(11);
});

test('the key of one caller is not the key of another', async () => {
  await record().finish(await ticketOf('k'), answer);
  expect(await begin('k', other)).toMatchObject({ kind: 'new' });
});

test.each([
  ['another body', ['POST', '/v1/drafts', Buffer.from('{"text":"employment at 73.9 per cent"}')]],
  ['another address', ['POST', '/v1/drafts/check', request[2] ?? '']],
  ['parts that only join to the same', ['POST/v1', '/drafts', request[2] ?? '']],
])('a key that came with %s is refused', async (_what, asked) => {
  await record().finish(await ticketOf('k'), answer);
  expect(await begin('k', caller, asked)).toEqual({ kind: 'other' });
});

test('what failed is forgotten, and may be tried again', async () => {
  await record().forget(await ticketOf('k'));
  expect(await begin('k')).toMatchObject({ kind: 'new' });
});

test('an answer is kept for a day, then the key is new', async () => {
  await record().finish(await ticketOf('k'), answer);
  await database.pool.query(`update idempotent_request set begun_at = now() - interval '23 hours 59 minutes'`);
  expect(await begin('k')).toMatchObject({ kind: 'answered' });
  await database.pool.query(`update idempotent_request set begun_at = now() - interval '24 hours 1 minute'`);
  expect(await begin('k')).toMatchObject({ kind: 'new' });
});

test('a request whose process died is run again once its lease is over', async () => {
  await ticketOf('k');
  await database.pool.query(`update idempotent_request set lease_until = now() - interval '1 second'`);
  expect(await begin('k')).toMatchObject({ kind: 'new' });
});

test('the database has neither body nor answer in the clear, and no digest that a figure could be guessed by', async () => {
  await record().finish(await ticketOf('k'), answer);
  const { rows } = await database.pool.query<{ request: Buffer; answer: Buffer }>('select * from idempotent_request');
  expect(rows[0]?.answer.includes('hold')).toBe(false);
  const withOtherKeys = createIdempotencyStore(database.pool, storeKeys());
  await withOtherKeys.begin(caller, 'other key', request);
  const digests = await database.pool.query<{ request: Buffer }>('select request from idempotent_request');
  expect(new Set(digests.rows.map((row) => row.request.toString('hex'))).size).toBe(2);
});
