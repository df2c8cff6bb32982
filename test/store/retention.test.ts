import type { Judgement } from '../../src/core/verdict.ts';
import { newMessageId } from '../../src/service/message-id.ts';
import { createAuditLog } from '../../src/store/audit-log.ts';
import { createMessageStore } from '../../src/store/message-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

// Each thing that is kept goes when its term is over, by the job itself, and not before.

const keys = storeKeys();
const TERMS = { heldDays: 90, contentDays: 30, traceDays: 35, deliveredDays: 7, recordDays: 2557 };
let database: TestDatabase;
beforeAll(async () => {
  database = await aDatabase();
}, 60_000);
afterAll(() => database?.close());
beforeEach(async () => {
  await database.pool.query('delete from message');
});

const PASS: Judgement = { verdict: 'pass', holdUntil: null, effectiveAt: Date.now(), findings: [], incomplete: [] };
const store = (keepsDelivered: boolean) => createMessageStore(database.pool, keys, Date.now, keepsDelivered);

async function deliver(keepsDelivered: boolean): Promise<string> {
  const messages = store(keepsDelivered);
  const id = newMessageId();
  const envelope = { from: 'a@department.example', to: ['b@network.example'] };
  const content = Buffer.from('Subject: one\r\n\r\nThe meeting is at ten.\r\n');
  await messages.insert({
    id,
    kind: 'email',
    receivedAt: Date.now(),
    publishAt: null,
    envelope,
    messageId: null,
    content,
    transport: {},
  });
  await messages.claimForScan(id, 'w', 60_000);
  await messages.recordJudgement(id, 'w', PASS, 'rules');
  await messages.claimForDelivery(id, 'w', 60_000);
  await messages.recordDelivery(id, 'w', {
    delivered: envelope.to,
    failed: [],
    deferred: [],
    retryAfterMs: null,
    notice: null,
  });
  return id;
}

const chunks = async () => (await database.pool.query('select from message_content')).rowCount;
const age = (days: number) =>
  database.pool.query(`update message set ended_at = now() - $1 * interval '1 day'`, [days]);

it('deletes the content of delivered mail with the delivery', async () => {
  const id = await deliver(false);
  expect(await chunks()).toBe(0);
  expect(await store(false).find(id)).toMatchObject({ state: 'delivered', hasContent: false });
});

it('keeps it for some days where that is wished, and then deletes it', async () => {
  await deliver(true);
  expect(await chunks()).toBe(1);
  await age(6);
  await store(true).tidyUp(TERMS);
  expect(await chunks()).toBe(1);
  await age(8);
  expect(await store(true).tidyUp(TERMS)).toMatchObject({ purged: 1 });
  expect(await chunks()).toBe(0);
});

it('forgets false alarms and changes of the registers as long after their end, and none that stand', async () => {
  await database.pool.query(
    `insert into false_alarm (id, message_id, detector, rule, sender, passage, reason, proposed_by, expires_at, rule_name, rule_key)
     select id, 'm', 'direction', 'digest', 'a@one.example', 'k:0', 'Somebody wrote it.', 'user:1', now() + days * interval '1 day', '\\x00', 'k'
     from (values ('ended', -2558), ('known', -2556), ('stands', 30)) as given (id, days)`,
  );
  await database.pool.query(
    `insert into register_change (id, register, entry, document, proposed_by, state, decided_by, decided_at)
     select 'c' || days, 'embargo', 'e' || days, '{}'::jsonb, 'user:1', 'approved', 'user:2', now() - days * interval '1 day'
     from (values (2558), (2556)) as given (days)
     union all select 'waits', 'embargo', 'e', '{}', 'user:1', 'waiting', null, null`,
  );
  await store(false).tidyUp(TERMS);
  const left = async (table: string) =>
    (await database.pool.query<{ id: string }>(`select id from ${table} order by id`)).rows.map(({ id }) => id);
  expect([await left('false_alarm'), await left('register_change')]).toEqual([
    ['known', 'stands'],
    ['c2556', 'waits'],
  ]);
});

it('forgets a message and the acts of its time after seven years, and the chain holds from there on', async () => {
  const audit = createAuditLog(database.pool, keys);
  const id = await deliver(false);
  for (let n = 0; n < 4; n++)
    await audit.append({ actor: 'test', action: 'message.revealed', target: id, detail: { n } });
  await age(2556);
  await store(false).tidyUp(TERMS);
  expect(await store(false).find(id)).not.toBeNull();
  await age(2558);
  await store(false).tidyUp(TERMS);
  expect(await store(false).find(id)).toBeNull();
  expect(await audit.verify()).toEqual({ ok: true, rows: 4 });

  // The clock is what makes them old: under a term of no days all have served.
  await store(false).tidyUp({ ...TERMS, recordDays: 0 });
  expect(await audit.verify()).toEqual({ ok: true, rows: 0 });
  expect(await audit.isOurs()).toBe(true);
  await audit.append({ actor: 'test', action: 'message.revealed', target: id, detail: { n: 5 } });
  expect(await audit.verify()).toEqual({ ok: true, rows: 1 });
  expect(await createAuditLog(database.pool, storeKeys()).isOurs()).toBe(false);

  // Nobody without the key shortens the log, though they can write to the database.
  await audit.append({ actor: 'test', action: 'message.revealed', target: id, detail: { n: 6 } });
  await expect(database.pool.query('delete from audit_log where seq = 6')).rejects.toThrow('append-only');
  await database.pool.query('update audit_base set seq = seq + 1, hash = (select hash from audit_log where seq = 5)');
  await database.pool.query('delete from audit_log where seq = 5');
  expect(await audit.verify()).toMatchObject({ ok: false });
  expect(await audit.isOurs()).toBe(false);
});
