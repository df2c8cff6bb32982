import type { AuditLog } from '../../src/service/stores.ts';
import { createAuditLog } from '../../src/store/audit-log.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

const keys = storeKeys();
let database: TestDatabase;
let audit: AuditLog;

beforeAll(async () => {
  database = await aDatabase();
  audit = createAuditLog(database.pool, keys);
});
afterAll(() => database.close());
beforeEach(async () => {
  await tamper(`delete from audit_log; update audit_head set seq = 0, hash = '\\x'`);
  await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      audit.append({
        actor: `user:${n}`,
        action: 'message.revealed',
        target: `m${n}`,
        detail: { entries: ['a', 'b'] },
      }),
    ),
  );
});

/** What somebody with the database's superuser, but not the keys, can do. */
async function tamper(sql: string): Promise<void> {
  const client = await database.pool.connect();
  await client.query('set session_replication_role = replica');
  await client.query(sql);
  await client.query('set session_replication_role = origin');
  client.release();
}

describe('the audit log', () => {
  it('verifies as it was written, by many at once', async () => {
    expect(await audit.verify()).toEqual({ ok: true, rows: 12 });
    expect((await audit.list({ limit: 3 })).map((row) => row.seq)).toEqual([12, 11, 10]);
  });

  it.each([
    ['a changed actor', `update audit_log set actor = 'nobody' where seq = 5`, 5],
    ['a changed detail', `update audit_log set detail = '{"entries":["a"]}' where seq = 7`, 7],
    ['a changed time', `update audit_log set at = at + interval '1 second' where seq = 2`, 2],
    ['a row taken out', `delete from audit_log where seq = 6`, 6],
    ['the newest rows taken off', `delete from audit_log where seq > 9`, 10],
    [
      'the newest rows taken off and the head set back',
      `delete from audit_log where seq > 9; update audit_head set seq = 9`,
      10,
    ],
    ['everything taken out', `delete from audit_log`, 1],
    [
      'two rows exchanged',
      `update audit_log set seq = 100 where seq = 3; update audit_log set seq = 3 where seq = 4; update audit_log set seq = 4 where seq = 100`,
      3,
    ],
  ])('tells of %s', async (_what, sql, seq) => {
    await tamper(sql);
    expect(await audit.verify()).toMatchObject({ ok: false, seq });
  });

  it('does not verify under other keys', async () => {
    const others = createAuditLog(database.pool, storeKeys());
    expect(await others.verify()).toMatchObject({ ok: false, seq: 1 });
    expect(await others.isOurs()).toBe(false);
    expect(await audit.isOurs()).toBe(true);
  });

  it.each([
    `update audit_log set actor = 'x'`,
    'delete from audit_log',
    'truncate audit_log',
    'delete from audit_head',
  ])('the database refuses %s', async (sql) => {
    await expect(database.pool.query(sql)).rejects.toThrow(/append-only/);
  });
});
