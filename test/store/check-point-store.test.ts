import type { CheckPoint } from '../../src/service/check-points.ts';
import { createStore } from '../../src/store/open-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

const KEYS = storeKeys();
let database: TestDatabase;
let store: ReturnType<typeof createStore>;

beforeAll(async () => {
  database = await aDatabase();
  store = createStore(database.pool, KEYS, () => Date.now());
});
afterAll(() => database.close());

function aPoint(change: Partial<CheckPoint>): Omit<CheckPoint, 'createdAt' | 'isRevoked'> {
  return {
    id: 'point-1',
    kind: 'signed',
    name: 'Chat',
    author: 'press@department.example',
    origins: [],
    expiresAt: Date.now() + 60_000,
    ...change,
  };
}

const SECRET = 'a secret of sixteen';

it('keeps a secret sealed, and a token as a digest', async () => {
  await store.checkPoints.create(aPoint({}), SECRET, 'user:1');
  await store.checkPoints.create(
    aPoint({ id: 'point-2', kind: 'embed', origins: ['https://cms.example'] }),
    'holdfast_check_token',
    'user:1',
  );
  const { rows } = await database.pool.query('select * from check_point');
  const kept = rows.map((row) => JSON.stringify({ ...row, secret: row.secret?.toString('latin1') })).join();
  expect(kept).not.toContain(SECRET);
  expect(kept).not.toContain('holdfast_check_token');
  expect(await store.checkPoints.bySecret('point-1')).toMatchObject({ secret: SECRET, point: { kind: 'signed' } });
  expect(await store.checkPoints.byToken('holdfast_check_token')).toMatchObject({ id: 'point-2' });
  expect(await store.checkPoints.byToken(SECRET)).toBeNull();
  expect(await store.checkPoints.bySecret('point-2')).toBeNull();
  expect(await store.checkPoints.hasOrigin('https://cms.example')).toBe(true);
  expect(await store.checkPoints.hasOrigin('https://cms.example.evil.example')).toBe(false);
});

it('takes a signature once for each point, whoever asks at the same time', async () => {
  const signature = Buffer.from('a signature');
  const taken = await Promise.all(
    Array.from({ length: 10 }, () => store.checkPoints.isFirst('point-1', signature, 60_000)),
  );
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await store.checkPoints.isFirst('point-2', signature, 60_000)).toBe(true);
  await database.pool.query(`update check_point_seen set seen_at = now() - interval '2 minutes'`);
  expect(await store.checkPoints.isFirst('point-1', signature, 60_000)).toBe(true);
  expect((await database.pool.query('select from check_point_seen')).rowCount).toBe(1);
});

it('lets nothing in that was ended or has run out, and every act is in the audit log', async () => {
  expect(await store.checkPoints.revoke('point-1', 'user:1')).toBe(true);
  expect(await store.checkPoints.revoke('point-1', 'user:1')).toBe(false);
  expect(await store.checkPoints.bySecret('point-1')).toBeNull();
  await database.pool.query(`update check_point set expires_at = now() where id = 'point-2'`);
  expect(await store.checkPoints.byToken('holdfast_check_token')).toBeNull();
  expect(await store.checkPoints.hasOrigin('https://cms.example')).toBe(false);
  expect((await store.checkPoints.list()).map(({ id, isRevoked }) => [id, isRevoked])).toEqual([
    ['point-2', false],
    ['point-1', true],
  ]);
  const acts = await store.audit.list({ limit: 10 });
  expect(acts.map(({ action, target }) => `${action} ${target}`)).toEqual([
    'check-point.ended point-1',
    'check-point.created point-2',
    'check-point.created point-1',
  ]);
  expect(JSON.stringify(acts)).not.toContain(SECRET);
  expect(await store.audit.verify()).toMatchObject({ ok: true });
});
