import { newMessageId } from '../../src/service/message-id.ts';
import type { MessageRecord } from '../../src/service/stores.ts';
import { createMessageStore } from '../../src/store/message-store.ts';
import { readMigrations } from '../../src/store/migrate.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';
import { versionBefore } from './version-before.ts';

// A rolling upgrade: the first process of the new version migrates, and those of the version before go on beside it until they are
// replaced in their turn.

let database: TestDatabase;
let store: MessageRecord;

beforeAll(async () => {
  database = await aDatabase();
  store = createMessageStore(database.pool, storeKeys(), Date.now);
});
afterAll(() => database.close());

const judgement = { verdict: 'pass', holdUntil: null, effectiveAt: 0, findings: [], incomplete: [] } as const;
const outcome = { delivered: ['b@paper.example'], failed: [], retryAfterMs: null, notice: null };

async function received(by: 'old' | 'new'): Promise<string> {
  const id = newMessageId();
  if (by === 'old') {
    await versionBefore.insert(database.pool, id);
    return id;
  }
  const envelope = { from: 'a@department.example', to: ['b@paper.example'] };
  const content = Buffer.from('Subject: x\r\n\r\nx\r\n');
  const message = {
    id,
    kind: 'email',
    receivedAt: 0,
    publishAt: null,
    envelope,
    messageId: null,
    content,
    transport: {},
  };
  await store.insert({ ...message, kind: 'email' });
  return id;
}

const stateOf = async (id: string) =>
  (await database.pool.query<{ state: string }>('select state from message where id = $1', [id])).rows[0]?.state;

describe('the version before, beside this one', () => {
  it('takes, judges and delivers what a new gateway stored', async () => {
    const id = await received('new');
    const { pool } = database;
    expect(await versionBefore.claimForScan(pool, id, 'old')).toBe(true);
    expect(await versionBefore.recordJudgement(pool, id, 'old', 'cleared')).toBe(true);
    expect(await versionBefore.claimForDelivery(pool, id, 'old')).toBe(true);
    await versionBefore.recordDelivery(pool, id, 'old');
    expect(await stateOf(id)).toBe('delivered');
  });

  it('stores what a new worker finds at its turn', async () => {
    const id = await received('old');
    // Its key is none of ours, so it is only seen and not opened.
    const { rows } = await database.pool.query<{ id: string }>(
      `select id from message where state = 'received' and scan_attempts = 0 and queue_at <= now() and id = $1`,
      [id],
    );
    expect(rows).toHaveLength(1);
    expect(await store.pending(Date.now(), 10, ['scan'])).toContainEqual({ kind: 'scan', id });
  });

  it.each(['old', 'new'] as const)('never shares a message that the %s one has claimed', async (first) => {
    const id = await received('new');
    const { pool } = database;
    const byOld = () => versionBefore.claimForScan(pool, id, 'old');
    const byNew = async () => (await store.takeFresh('new', 30_000, 100)).some((one) => one.id === id);
    const [one, other] = first === 'old' ? [byOld, byNew] : [byNew, byOld];
    await pool.query(`delete from message where state = 'received' and id <> $1`, [id]);
    expect(await one()).toBe(true);
    expect(await other()).toBe(false);
  });

  it('judges, and the new one delivers; the database lets nothing out without a verdict to either', async () => {
    const id = await received('new');
    const { pool } = database;
    expect(await versionBefore.claimForDelivery(pool, id, 'old')).toBe(false);
    await versionBefore.claimForScan(pool, id, 'old');
    await expect(pool.query(`update message set state = 'delivering' where id = $1`, [id])).rejects.toThrow(
      /cannot go/,
    );
    await store.recordJudgement(id, 'old', judgement, 'new');
    expect((await store.claimForDelivery(id, 'new', 30_000))?.recipients).toEqual(['b@paper.example']);
    await store.recordDelivery(id, 'new', outcome);
    expect(await stateOf(id)).toBe('delivered');
  });
});

describe('migrations after the first', () => {
  it.each(
    readMigrations()
      .slice(1)
      .map(({ name, sql }) => [name, sql.replace(/--.*$/gm, '')] as const),
  )('%s takes nothing away that the version before uses', (_name, sql) => {
    expect(sql).not.toMatch(
      /\b(drop\s+(table|column|function|type)|rename\b|set\s+not\s+null|alter\s+column\s+\w+\s+type)\b/i,
    );
    for (const [column] of sql.matchAll(/add\s+column\s+[^,;]+/gi))
      if (/not\s+null/i.test(column)) expect(column).toMatch(/\bdefault\b/i);
  });
});
