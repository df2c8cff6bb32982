import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { memorySource } from '../../src/core/byte-source.ts';
import type { Judgement } from '../../src/core/verdict.ts';
import { newMessageId } from '../../src/service/message-id.ts';
import type { Caller } from '../../src/service/ports.ts';
import type { MessageRecord } from '../../src/service/stores.ts';
import { createAuditLog } from '../../src/store/audit-log.ts';
import { createMessageStore } from '../../src/store/message-store.ts';
import type { SmallMessage } from '../../src/store/messages/insert-together.ts';
import { MAX_SCAN_ATTEMPTS } from '../../src/store/messages/scan-claim.ts';
import { createRegisterStore } from '../../src/store/register-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

const keys = storeKeys();
const LIFT = Date.parse('2016-01-20T09:30:00Z');
let database: TestDatabase;
let store: MessageRecord;
let now = Date.parse('2016-01-20T09:22:00Z');

beforeAll(async () => {
  database = await aDatabase();
  store = createMessageStore(database.pool, keys, () => now);
});
afterAll(() => database.close());
beforeEach(() => {
  now = Date.parse('2016-01-20T09:22:00Z');
});

function aMessage(change: Partial<SmallMessage> = {}): SmallMessage {
  return {
    id: newMessageId(),
    kind: 'email',
    receivedAt: now,
    publishAt: null,
    envelope: { from: 'press@department.example', to: ['a@paper.example', 'b@paper.example'] },
    messageId: '<1@department.example>',
    content: Buffer.from('Subject: The figures\r\n\r\nRecord employment!\r\n'),
    transport: { body: '8BITMIME' },
    ...change,
  };
}

function aJudgement(change: Partial<Judgement> = {}): Judgement {
  return { verdict: 'pass', holdUntil: null, effectiveAt: now, findings: [], incomplete: [], ...change };
}

const aHold = aJudgement({
  verdict: 'hold',
  holdUntil: LIFT,
  findings: [
    {
      detector: 'direction',
      rule: 'record-level-of-measure',
      entry: 'labour-market-2016-01',
      path: 'body',
      span: { start: 0, end: 17 },
      severity: 'high',
      summary: 'Says which way employment goes.',
      insight: 'equals the embargoed figure',
      weight: 'embargoed',
    },
  ],
});

function aCaller(id: string): Caller {
  return { id, name: id, address: null, roles: ['reviewer'] };
}

async function judged(judgement: Judgement, message = aMessage()): Promise<string> {
  await store.insert(message);
  await store.claimForScan(message.id, 'w', 60_000);
  await store.recordJudgement(message.id, 'w', judgement, 'rules-1');
  return message.id;
}

async function pendingIds(kind: 'scan' | 'deliver'): Promise<readonly string[]> {
  return (await store.pending(now, 1000, [kind])).filter((job) => job.kind === kind).map((job) => job.id);
}

const run = (sql: string, ...values: readonly unknown[]) => database.pool.query(sql, [...values]);

describe('the record of messages', () => {
  it.each([0, 1, 5_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_500_000])(
    'gives %i bytes back as they came',
    async (bytes) => {
      const message = aMessage({ content: randomBytes(bytes) });
      await store.insert(message);
      expect(Buffer.compare(await store.content(message.id), message.content)).toBe(0);
      const source = await store.source(message.id);
      expect(source.size).toBe(bytes);
      const streamed: Uint8Array[] = [];
      for await (const chunk of source.stream()) streamed.push(chunk);
      expect(Buffer.concat(streamed).equals(message.content)).toBe(true);
      for (const [start, end] of [
        [0, 10],
        [bytes - 5, bytes + 5],
        [(1 << 20) - 3, (1 << 20) + 3],
        [7, bytes],
      ] as const)
        expect(
          Buffer.from(await source.read(start, end)).equals(message.content.subarray(Math.max(0, start), end)),
        ).toBe(true);
    },
  );

  it('gives back what it was told of a message', async () => {
    const id = await judged(aHold);
    expect(await store.find(id)).toMatchObject({
      id,
      kind: 'email',
      state: 'held',
      receivedAt: now,
      envelope: { from: 'press@department.example', to: ['a@paper.example', 'b@paper.example'] },
      messageId: '<1@department.example>',
      judgement: aHold,
      rulesVersion: 'rules-1',
    });
  });

  it('lists newest first, a page after another', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push(await judged(aHold));
    const newest = ids.reverse();
    const first = await store.list({ state: 'held', limit: 2 });
    const second = await store.list({ state: 'held', limit: 3, after: first.at(-1)?.id ?? '' });
    expect([...first, ...second].map((message) => message.id)).toEqual(newest);
  });

  it('keeps equal mails apart', async () => {
    const [one, other] = [aMessage(), aMessage()];
    await store.insert(one);
    await store.insert(other);
    expect(one.id).not.toBe(other.id);
    expect(await pendingIds('scan')).toEqual(expect.arrayContaining([one.id, other.id]));
  });

  it('has neither content nor findings nor subject in the clear anywhere in the database', async () => {
    const secret = 'Zq7 employment rose to 74.0 per cent';
    const message = aMessage({ content: Buffer.from(`Subject: ${secret}\r\n\r\n${secret}`) });
    await store.insert(message);
    await store.claimForScan(message.id, 'w', 60_000);
    const extras = { subject: secret, releasedAtLift: false };
    await store.recordJudgement(message.id, 'w', aHold, 'rules-1', extras);
    expect((await store.find(message.id))?.subject).toBe(secret);
    const tables = await run(`select table_name from information_schema.tables where table_schema = 'public'`);
    for (const { table_name } of tables.rows) {
      const dump = await run(
        `select coalesce(string_agg(encode(convert_to(t::text, 'UTF8'), 'hex'), ''), '') as hex from "${table_name}" t`,
      );
      const text = Buffer.from(dump.rows[0].hex, 'hex').toString('latin1');
      for (const words of [secret, 'equals the embargoed', 'Says which way', 'record-level-of-measure']) {
        expect(text).not.toContain(words);
        // Columns of bytes show as hex.
        expect(text).not.toContain(Buffer.from(words).toString('hex'));
      }
    }
  });

  it.each([
    [
      'a changed byte',
      3,
      'update message_content set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where message_id = $1 and chunk = 1',
    ],
    ['a dropped last chunk', 3, 'delete from message_content where message_id = $1 and chunk = 2'],
    ['a dropped middle chunk', 3, 'delete from message_content where message_id = $1 and chunk = 1'],
    [
      'a chunk dropped at the end of a page, and its bytes from the count',
      11,
      `with gone as (delete from message_content where message_id = $1 and chunk = 7)
       update message set bytes = bytes - 1048576 where id = $1`,
    ],
  ])('refuses content with %s', async (_what, chunks, sql) => {
    const message = aMessage({ content: randomBytes((chunks - 1) * (1 << 20) + 7) });
    await store.insert(message);
    await run(sql, message.id);
    await expect(store.content(message.id)).rejects.toThrow();
    const readPieces = async () => {
      const source = await store.source(message.id);
      return source.read(0, source.size);
    };
    await expect(readPieces()).rejects.toThrow();
  });

  it('takes a message that is read piece by piece, and gives it back', async () => {
    const content = randomBytes(2_500_000);
    const source = { ...memorySource(content), memory: null };
    const message = { ...aMessage(), content: source };
    await store.insert(message);
    expect(Buffer.from(await store.content(message.id)).equals(content)).toBe(true);
  });

  it("refuses another message's content in its place", async () => {
    const [one, other] = [aMessage(), aMessage()];
    await store.insert(one);
    await store.insert(other);
    await run('delete from message_content where message_id = $1', one.id);
    await run('update message_content set message_id = $1 where message_id = $2', one.id, other.id);
    await expect(store.content(one.id)).rejects.toThrow();
  });

  it('opens old messages after a key was added, and none without their key', async () => {
    const id = await judged(aHold);
    const added = { id: 'k2', key: randomBytes(32) };
    const rotated = createMessageStore(
      database.pool,
      { ...keys, current: added, all: [keys.current, added] },
      () => now,
    );
    expect((await rotated.find(id))?.judgement).toEqual(aHold);
    const lost = createMessageStore(database.pool, { ...keys, current: added, all: [added] }, () => now);
    await expect(lost.content(id)).rejects.toThrow(/no key k1/);
  });
});

describe('claims for scanning', () => {
  it('give a message to one of many', async () => {
    const message = aMessage();
    await store.insert(message);
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, n) => store.claimForScan(message.id, `w${n}`, 60_000)),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect(await pendingIds('scan')).not.toContain(message.id);
  });

  it('that ran out are taken over, and a late verdict no longer counts', async () => {
    const message = aMessage();
    await store.insert(message);
    await store.claimForScan(message.id, 'slow', 0);
    expect(await pendingIds('scan')).toContain(message.id);
    expect(await store.claimForScan(message.id, 'next', 60_000)).not.toBeNull();
    await store.recordJudgement(message.id, 'slow', aJudgement(), 'rules-1');
    expect(await store.find(message.id)).toMatchObject({ state: 'scanning', judgement: null });
    expect(await store.renewClaim(message.id, 'slow', 60_000)).toBe(false);
    expect(await store.renewClaim(message.id, 'next', 60_000)).toBe(true);
  });

  it('come with the message where it is stored for one that judges it at once', async () => {
    const message = aMessage({ kind: 'draft' });
    await store.insertClaimed({ ...message, name: 'draft.txt', submittedBy: 'token:1' }, 'inline', 60_000);
    expect(await store.claimForScan(message.id, 'other', 60_000)).toBeNull();
    await store.recordJudgement(message.id, 'inline', aJudgement(), 'rules-1');
    expect(await store.find(message.id)).toMatchObject({ state: 'cleared', name: 'draft.txt', submittedBy: 'token:1' });
  });

  it('flush what was stored for one that judges it at once with its verdict, and leave the connection as it was', async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    const ask = async (sql: string) => (await pool.query<{ answer: string }>(`select ${sql}::text as answer`)).rows[0];
    try {
      const one = createMessageStore(pool, keys, () => now);
      const message = aMessage({ kind: 'draft' });
      await one.insertClaimed({ ...message, name: 'draft.txt', submittedBy: 'token:1' }, 'inline', 60_000);
      expect(await ask(`current_setting('synchronous_commit')`)).toEqual({ answer: 'on' });
      const stored = await ask('pg_current_wal_insert_lsn()');
      await one.recordJudgement(message.id, 'inline', aJudgement(), 'rules-1');
      expect(await ask(`(pg_current_wal_flush_lsn() > '${stored?.answer}')`)).toEqual({ answer: 'true' });
    } finally {
      await pool.end();
    }
  });

  it('given back often enough hold the message as crashed', async () => {
    const message = aMessage();
    await store.insert(message);
    for (let attempt = 0; attempt < MAX_SCAN_ATTEMPTS; attempt++) {
      expect(await store.claimForScan(message.id, `w${attempt}`, 60_000)).not.toBeNull();
      await store.releaseClaim(message.id, `w${attempt}`, 'judging failed');
      expect(await store.claimForScan(message.id, 'too soon', 60_000)).toBeNull();
      await run('update message set next_attempt_at = now() where id = $1', message.id);
    }
    expect(await store.find(message.id)).toMatchObject({
      state: 'held',
      judgement: { verdict: 'hold', incomplete: [{ reason: 'crashed' }] },
    });
  });

  it('of messages that kill whoever opens them end in a hold', async () => {
    const message = aMessage();
    await store.insert(message);
    for (let attempt = 0; attempt < MAX_SCAN_ATTEMPTS; attempt++)
      expect(await store.claimForScan(message.id, `w${attempt}`, 0)).not.toBeNull();
    expect(await store.claimForScan(message.id, 'w5', 60_000)).toBeNull();
    expect(await store.find(message.id)).toMatchObject({ state: 'held', judgement: { verdict: 'hold' } });
  });
});

describe('no verdict, no exit', () => {
  it('does not hand out a message for delivery before it is judged, nor one that is held', async () => {
    const message = aMessage();
    await store.insert(message);
    expect(await store.claimForDelivery(message.id, 'd', 60_000)).toBeNull();
    await store.claimForScan(message.id, 'w', 60_000);
    expect(await store.claimForDelivery(message.id, 'd', 60_000)).toBeNull();
    await store.recordJudgement(message.id, 'w', aHold, 'rules-1');
    expect(await store.claimForDelivery(message.id, 'd', 60_000)).toBeNull();
    expect(await pendingIds('deliver')).not.toContain(message.id);
  });

  it.each(['cleared', 'delivering', 'delivered', 'released'])(
    'the database itself refuses received → %s',
    async (state) => {
      const message = aMessage();
      await store.insert(message);
      await expect(run('update message set state = $2 where id = $1', message.id, state)).rejects.toThrow();
    },
  );

  it.each(['cleared', 'delivering', 'delivered', 'released'])(
    'the database itself refuses held → %s without a release',
    async (state) => {
      const id = await judged(aHold);
      await expect(run('update message set state = $2 where id = $1', id, state)).rejects.toThrow();
    },
  );

  it('the database itself refuses to clear a hold, or to claim in the transaction of the verdict', async () => {
    const message = aMessage();
    await store.insert(message);
    await store.claimForScan(message.id, 'w', 60_000);
    await expect(
      run(`update message set state = 'cleared', verdict = 'hold', judgement = '\\x00' where id = $1`, message.id),
    ).rejects.toThrow();
    const client = await database.pool.connect();
    await client.query('begin');
    await client.query(
      `update message set state = 'cleared', verdict = 'pass', judgement = '\\x00', judged_in = pg_current_xact_id() where id = $1`,
      [message.id],
    );
    await expect(client.query(`update message set state = 'delivering' where id = $1`, [message.id])).rejects.toThrow(
      /no committed verdict/,
    );
    await client.query('rollback');
    client.release();
  });

  it.each(['cleared', 'being scanned'])('judges anew what was %s when a register entry was changed', async (when) => {
    const registers = createRegisterStore(database.pool, keys);
    const message = aMessage();
    await store.insert(message);
    await store.claimForScan(message.id, 'w', 60_000);
    const change = () =>
      registers.putSensitivity({ id: 'core', title: 'CORE', owner: 'a@b.example', allowedRecipients: [] }, 'user:1');
    if (when === 'being scanned') await change();
    await store.recordJudgement(message.id, 'w', aJudgement(), 'rules-1');
    if (when === 'cleared') await change();
    expect(await store.claimForDelivery(message.id, 'd', 60_000)).toBeNull();
    expect(await pendingIds('deliver')).not.toContain(message.id);
    expect(await pendingIds('scan')).toContain(message.id);
    expect(await store.claimForScan(message.id, 'w2', 60_000)).not.toBeNull();
    await store.recordJudgement(message.id, 'w2', aJudgement(), 'rules-1');
    expect(await store.claimForDelivery(message.id, 'd', 60_000)).not.toBeNull();
  });

  it('judges anew what has waited long for its next hop', async () => {
    const id = await judged(aJudgement());
    await run(`update message set judged_at = now() - interval '1 hour' where id = $1`, id);
    expect(await store.claimForDelivery(id, 'd', 60_000)).toBeNull();
    expect(await pendingIds('deliver')).not.toContain(id);
    expect(await pendingIds('scan')).not.toContain(id);
    expect(await store.pending(now, 1000, ['scan', 'deliver'])).toContainEqual({ kind: 'scan', id });
    await store.claimForScan(id, 'w', 60_000);
    await store.recordJudgement(id, 'w', aHold, 'rules-2');
    expect(await store.claimForDelivery(id, 'd', 60_000)).toBeNull();
    expect(await store.find(id)).toMatchObject({ state: 'held' });
  });
});

describe('delivery', () => {
  it('settles recipients one by one, and hands out only those still due', async () => {
    const id = await judged(aJudgement());
    expect(await store.claimForDelivery(id, 'd1', 60_000)).toMatchObject({
      attempt: 1,
      recipients: ['a@paper.example', 'b@paper.example'],
      transport: { body: '8BITMIME' },
    });
    await store.recordDelivery(id, 'd1', { delivered: ['b@paper.example'], failed: [], retryAfterMs: 0, notice: null });
    expect(await store.find(id)).toMatchObject({ state: 'delivering' });
    expect(await store.claimForDelivery(id, 'd2', 60_000)).toMatchObject({
      attempt: 2,
      recipients: ['a@paper.example'],
    });
    const notice = aMessage({ envelope: { from: '', to: ['press@department.example'] } });
    const failed = [{ recipient: 'a@paper.example', reply: '550 5.1.1 unknown' }];
    await store.recordDelivery(id, 'd2', { delivered: [], failed, retryAfterMs: null, notice });
    expect(await store.find(id)).toMatchObject({ state: 'delivered' });
    expect(await store.find(notice.id)).toMatchObject({ state: 'received' });
  });

  it('remembers that the sender was told of a delay, and what the last answer of each recipient was', async () => {
    const id = await judged(aJudgement());
    expect(await store.claimForDelivery(id, 'd1', 60_000)).toMatchObject({ isDelayTold: false });
    const deferred = [{ recipient: 'a@paper.example', reply: '450 4.2.0 busy' }];
    const put = { delivered: ['b@paper.example'], failed: [], deferred, retryAfterMs: 0, notice: null };
    await store.recordDelivery(id, 'd1', { ...put, isDelayTold: true });
    expect(await store.claimForDelivery(id, 'd2', 60_000)).toMatchObject({
      isDelayTold: true,
      recipients: ['a@paper.example'],
    });
    const { rows } = await run(
      'select address, state, reply, settled_at is null as open from message_recipient where message_id = $1 order by position',
      id,
    );
    expect(rows).toEqual([
      { address: 'a@paper.example', state: 'due', reply: '450 4.2.0 busy', open: true },
      { address: 'b@paper.example', state: 'delivered', reply: null, open: false },
    ]);
    await store.recordDelivery(id, 'd2', { ...put, delivered: [], isDelayTold: false });
    expect(await store.claimForDelivery(id, 'd3', 60_000)).toMatchObject({ isDelayTold: true });
  });

  it('is returned where nobody got it', async () => {
    const id = await judged(aJudgement(), aMessage({ envelope: { from: 'x@y.example', to: ['a@paper.example'] } }));
    await store.claimForDelivery(id, 'd', 60_000);
    const failed = [{ recipient: 'a@paper.example', reply: '550' }];
    await store.recordDelivery(id, 'd', { delivered: [], failed, retryAfterMs: null, notice: null });
    expect(await store.find(id)).toMatchObject({ state: 'returned' });
  });

  it('of a process that lost its claim writes nothing', async () => {
    const id = await judged(aJudgement());
    await store.claimForDelivery(id, 'slow', 0);
    await store.claimForDelivery(id, 'next', 60_000);
    const notice = aMessage();
    await store.recordDelivery(id, 'slow', { delivered: ['a@paper.example'], failed: [], retryAfterMs: 0, notice });
    expect(await store.find(notice.id)).toBeNull();
    expect(await store.find(id)).toMatchObject({ state: 'delivering' });
  });

  it('waits for its time after a failure, and only e-mail is ever delivered', async () => {
    const id = await judged(aJudgement());
    await store.claimForDelivery(id, 'd', 60_000);
    await store.recordDelivery(id, 'd', { delivered: [], failed: [], retryAfterMs: 60_000, notice: null });
    expect(await store.claimForDelivery(id, 'd', 60_000)).toBeNull();
    const draft = await judged(aJudgement(), aMessage({ kind: 'draft' }));
    expect(await store.claimForDelivery(draft, 'd', 60_000)).toBeNull();
    expect(await pendingIds('deliver')).not.toContain(draft);
  });
});

describe('a message being scanned when everything stops', () => {
  async function stopDuringScans(id: string, times: number): Promise<void> {
    for (let stop = 0; stop < times; stop++) {
      expect(await store.claimForScan(id, `w${stop}`, 60_000)).not.toBeNull();
      await store.endClaims();
    }
  }

  it('is scanned again as if nothing had been, some times', async () => {
    const message = aMessage();
    await store.insert(message);
    await stopDuringScans(message.id, MAX_SCAN_ATTEMPTS + 2);
    expect(await store.claimForScan(message.id, 'w', 60_000)).not.toBeNull();
  });

  it('is held in the end where it is what stops everything', async () => {
    const message = aMessage();
    await store.insert(message);
    await stopDuringScans(message.id, MAX_SCAN_ATTEMPTS + 4);
    expect(await store.claimForScan(message.id, 'w', 60_000)).toBeNull();
    expect((await store.find(message.id))?.state).toBe('held');
  });
});

describe('siblings', () => {
  it('are the mails with attachments that the same sender had judged before', async () => {
    const sender = `batch-${newMessageId()}@department.example`;
    const envelope = { from: sender, to: ['a@provider.example'] };
    const sibling = (id: string) => ({ id, sender, subject: 'Error logs', at: now, attachments: [], sensitive: [] });
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const message = aMessage({ envelope });
      ids.push(message.id);
      await store.insert(message);
      await store.claimForScan(message.id, 'w', 60_000);
      const extras = { subject: null, releasedAtLift: false, ...(n === 1 ? {} : { sibling: sibling(message.id) }) };
      await store.recordJudgement(message.id, 'w', aJudgement(), 'rules-1', extras);
    }
    const [first = '', , last = ''] = ids;
    expect(await store.siblings(sender, last)).toEqual({ own: sibling(last), judged: [sibling(first)], unjudged: 0 });
    await store.insert(aMessage({ envelope }));
    expect(await store.siblings(sender, last)).toMatchObject({ unjudged: 1 });
    const later = newMessageId(Date.now() + 4 * 3_600_000);
    const none = { own: null, judged: [], unjudged: 0 };
    expect(await store.siblings(sender, later)).toEqual(none);
    expect(await store.siblings('other@department.example', last)).toEqual(none);
    const { rows } = await run('select sibling from message where id = $1', first);
    expect(rows[0].sibling.toString('latin1')).not.toContain('Error logs');
  });
});

describe('a cleared mail that waits for its batch', () => {
  const wait = (waitMs: number) => ({ subject: null, releasedAtLift: false, batchWait: { waitMs, seen: 2 } });
  const backdate = (id: string) =>
    run(`update message set next_attempt_at = now(), batch_wait_since = now() - interval '9 s' where id = $1`, id);

  it('is neither delivered nor looked at before its time, and then looked at first', async () => {
    const message = aMessage();
    await store.insert(message);
    await store.claimForScan(message.id, 'w', 60_000);
    await store.recordJudgement(message.id, 'w', aJudgement(), 'rules-1', wait(60_000));
    expect(await store.claimForScan(message.id, 'w2', 60_000)).toBeNull();
    await backdate(message.id);
    expect(await store.claimForDelivery(message.id, 'd', 60_000)).toBeNull();
    expect(await pendingIds('deliver')).not.toContain(message.id);
    expect(await pendingIds('scan')).toContain(message.id);
    const claim = await store.claimForScan(message.id, 'w3', 60_000);
    expect(claim?.batchWait).toEqual({ seen: 2, waitedMs: expect.any(Number) });
    expect(claim?.batchWait?.waitedMs).toBeGreaterThanOrEqual(9000);
    await store.recordJudgement(message.id, 'w3', aJudgement(), 'rules-1');
    expect(await store.claimForDelivery(message.id, 'd', 60_000)).not.toBeNull();
  });

  it('is judged as a whole where the registers changed meanwhile', async () => {
    const message = aMessage();
    await store.insert(message);
    await store.claimForScan(message.id, 'w', 60_000);
    await store.recordJudgement(message.id, 'w', aJudgement(), 'rules-1', wait(60_000));
    await run('update message set judge_again = true, next_attempt_at = now() where id = $1', message.id);
    expect((await store.claimForScan(message.id, 'w2', 60_000))?.batchWait).toBeNull();
  });
});

describe('a message that a change of the registers has judged again', () => {
  const change = () => run('update register_version set version = version + 1');
  const mark = (id: string) =>
    run(
      'update message set judge_again = true, judge_again_version = (select version from register_version) where id = $1',
      id,
    );
  const version = async () =>
    Number((await run('select version from register_version')).rows[0]?.version ?? Number.NaN);

  it('is left alone by a process that has not got the change yet', async () => {
    const id = await judged(aHold);
    await change();
    await mark(id);
    const newest = await version();
    expect(await store.claimForScan(id, 'stale', 60_000, newest - 1)).toBeNull();
    expect(await pendingIds('scan')).toContain(id);
    expect((await store.claimForScan(id, 'fresh', 60_000, newest))?.id).toBe(id);
    await store.recordJudgement(id, 'fresh', aHold, 'rules-1');
    expect(await pendingIds('scan')).not.toContain(id);
  });

  it('keeps its mark where such a process judges it for another reason, and does not leave by that verdict', async () => {
    const id = await judged(aHold);
    await change();
    await mark(id);
    now = LIFT;
    const newest = await version();
    expect((await store.claimForScan(id, 'stale', 60_000, newest - 1))?.id).toBe(id);
    await store.recordJudgement(id, 'stale', aJudgement(), 'rules-1');
    expect((await store.find(id))?.state).toBe('cleared');
    expect(await store.claimForDelivery(id, 'd', 60_000)).toBeNull();
    expect((await store.claimForScan(id, 'fresh', 60_000, newest))?.id).toBe(id);
  });
});

describe('keeping', () => {
  const retention = { heldDays: 90, contentDays: 30, traceDays: 35 };

  it('deletes content with its delivery, and nothing else of the message', async () => {
    const id = await judged(aJudgement());
    await store.claimForDelivery(id, 'd', 60_000);
    const delivered = ['a@paper.example', 'b@paper.example'];
    await store.recordDelivery(id, 'd', { delivered, failed: [], retryAfterMs: null, notice: null });
    await expect(store.content(id)).rejects.toThrow(/no content/);
    expect(await store.find(id)).toMatchObject({
      state: 'delivered',
      hasContent: false,
      judgement: { verdict: 'pass' },
    });
  });

  it('expires what nobody decided on, and deletes content when its time has come', async () => {
    const [waiting, rejected, held] = [await judged(aHold), await judged(aHold), await judged(aHold)];
    await store.decide(rejected, { action: 'reject', reason: 'no', liftsAt: null }, aCaller('user:1'));
    await run(`update message set judged_at = now() - interval '91 days' where id = $1`, waiting);
    await store.tidyUp(retention);
    const state = async (id: string) => (await store.find(id))?.state;
    expect([await state(waiting), await state(rejected), await state(held)]).toEqual(['expired', 'rejected', 'held']);
    await store.content(rejected);
    await run(`update message set ended_at = now() - interval '31 days' where id = any($1)`, [waiting, rejected]);
    await store.tidyUp(retention);
    for (const id of [waiting, rejected]) await expect(store.content(id)).rejects.toThrow(/no content/);
    await store.content(held);
  });
});

describe('the lift', () => {
  it('makes what only an embargo holds due for another scan, not before', async () => {
    const id = await judged(aHold);
    expect(await pendingIds('scan')).not.toContain(id);
    now = LIFT - 1;
    expect(await store.claimForScan(id, 'w', 60_000)).toBeNull();
    now = LIFT;
    expect(await pendingIds('scan')).toContain(id);
    await store.claimForScan(id, 'w', 60_000);
    await store.recordJudgement(id, 'w', aJudgement({ effectiveAt: now }), 'rules-1');
    expect(await store.claimForDelivery(id, 'd', 60_000)).not.toBeNull();
  });

  it('is told of however much mail piled up before a next hop that is away', async () => {
    await judged(aJudgement());
    await judged(aHold);
    now = LIFT;
    const jobs = await store.pending(now, 1, ['scan', 'deliver']);
    expect(jobs.map(({ kind }) => kind).toSorted()).toEqual(['deliver', 'scan']);
  });

  it('never moves what is held for another reason as well', async () => {
    const id = await judged({ ...aHold, holdUntil: null });
    now = LIFT + 1_000_000;
    expect(await pendingIds('scan')).not.toContain(id);
    expect(await store.claimForScan(id, 'w', 60_000)).toBeNull();
  });

  it("comes for a reviewer's release-at-lift at the time given, and releases where the scan says so", async () => {
    const id = await judged({ ...aHold, holdUntil: null });
    const decision = { action: 'release-at-lift', reason: 'password checked', liftsAt: LIFT } as const;
    expect(await store.decide(id, decision, aCaller('user:1'))).toMatchObject({ state: 'held', releaseAtLift: true });
    now = LIFT;
    expect(await store.claimForScan(id, 'w', 60_000)).toMatchObject({ releaseAtLift: true });
    const still = aJudgement({ verdict: 'hold', incomplete: [{ path: 'a.zip', reason: 'encrypted' }] });
    await store.recordJudgement(id, 'w', still, 'rules-1', { subject: null, releasedAtLift: true });
    expect(await store.find(id)).toMatchObject({ state: 'released' });
    expect(await store.claimForDelivery(id, 'd', 60_000)).not.toBeNull();
  });
});

describe('decisions', () => {
  it('of many at once one applies, audited in the same transaction', async () => {
    const id = await judged(aHold);
    const decision = { action: 'release', reason: 'checked with the producer', liftsAt: null } as const;
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) => store.decide(id, decision, aCaller(`user:${n}`))),
    );
    expect(outcomes.filter((outcome) => outcome !== null)).toHaveLength(1);
    const audit = createAuditLog(database.pool, keys);
    expect(await audit.list({ limit: 100, target: id })).toHaveLength(1);
    expect(await audit.verify()).toMatchObject({ ok: true });
  });

  it('to reject is final', async () => {
    const id = await judged(aHold);
    await store.decide(id, { action: 'reject', reason: 'no', liftsAt: null }, aCaller('user:1'));
    now = LIFT + 1;
    expect(await store.claimForScan(id, 'w', 60_000)).toBeNull();
    expect(await store.claimForDelivery(id, 'd', 60_000)).toBeNull();
    expect(await store.decide(id, { action: 'release', reason: 'yes', liftsAt: null }, aCaller('user:2'))).toBeNull();
  });

  it('that cannot be audited do not happen', async () => {
    const id = await judged(aHold);
    await run('alter table audit_log add constraint broken check (target is null) not valid');
    try {
      await expect(
        store.decide(id, { action: 'release', reason: 'yes', liftsAt: null }, aCaller('user:1')),
      ).rejects.toThrow();
    } finally {
      await run('alter table audit_log drop constraint broken');
    }
    expect(await store.find(id)).toMatchObject({ state: 'held' });
  });
});

test('keeps messages apart that came in together: contents, recipients and options', async () => {
  const messages = Array.from({ length: 40 }, (_, index) =>
    aMessage({
      content: Buffer.from(`Subject: ${index}\r\n\r\n${'\0\xff'.repeat(index)}`, 'latin1'),
      envelope: {
        from: index % 2 === 0 ? '' : `sender${index}@department.example`,
        to: Array.from({ length: 1 + (index % 5) }, (_, n) => `r"{},\\${n}-${index}@paper.example`),
      },
      messageId: index % 3 === 0 ? null : `<${index}@department.example>`,
      transport: { envid: `e${index}` },
    }),
  );
  await Promise.all(messages.map((message) => store.insert(message)));
  for (const message of messages) {
    const kept = await store.find(message.id);
    expect(kept).toMatchObject({ state: 'received', envelope: message.envelope, messageId: message.messageId });
    expect(Buffer.from(await store.content(message.id)).equals(message.content)).toBe(true);
  }
});

test('one message that cannot be stored fails nobody else who came with it', async () => {
  const good = [aMessage(), aMessage()] as const;
  const bad = aMessage({ envelope: { from: 'nul\0@department.example', to: ['a@paper.example'] } });
  const settled = await Promise.allSettled([good[0], bad, good[1]].map((message) => store.insert(message)));
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await store.find(bad.id)).toBeNull();
});

test('claims made together give each message to one claimant', async () => {
  const messages = Array.from({ length: 10 }, () => aMessage());
  await Promise.all(messages.map((message) => store.insert(message)));
  const claims = await Promise.all(
    messages.flatMap(({ id }) => ['one', 'two'].map(async (worker) => store.claimForScan(id, worker, 30_000))),
  );
  expect(
    claims
      .filter((claim) => claim !== null)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(messages.map(({ id }) => id).sort());
});
