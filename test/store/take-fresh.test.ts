import { setTimeout as sleep } from 'node:timers/promises';
import { createFairTurns } from '../../src/service/fair-turns.ts';
import { newMessageId } from '../../src/service/message-id.ts';
import type { MessageRecord } from '../../src/service/stores.ts';
import { createMessageStore } from '../../src/store/message-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

let database: TestDatabase;
let store: MessageRecord;

beforeAll(async () => {
  database = await aDatabase();
  store = createMessageStore(database.pool, storeKeys(), Date.now);
});
afterAll(() => database.close());
afterEach(() => database.pool.query('truncate message cascade'));

async function receive(sender: string, turnAfterMs?: number): Promise<string> {
  const id = newMessageId();
  await store.insert({
    id,
    kind: 'email',
    receivedAt: Date.now(),
    publishAt: null,
    envelope: { from: sender, to: ['news@paper.example'] },
    messageId: null,
    content: Buffer.from(`Subject: x\r\n\r\nfrom ${sender}\r\n`),
    transport: {},
    ...(turnAfterMs !== undefined && { turnAfterMs }),
  });
  return id;
}

const take = async (limit: number, worker = 'w1', leaseMs = 30_000) =>
  (await store.takeFresh(worker, leaseMs, limit)).map(({ id }) => id);

describe('mail that nobody has looked at yet', () => {
  it('goes by turns: one mail of an office is not behind 300 of a blast that came before it', async () => {
    const turns = createFairTurns(() => performance.now());
    const blast = Array.from({ length: 300 }, () => receive('list@department.example', turns.next('list', 1, 5_000)));
    await Promise.all(blast);
    const one = await receive('office@department.example', turns.next('office', 1, 5_000));
    // Those of the blast that had their turn while it came in are before it; what is left of its 7.5 s is behind.
    const first = await take(200);
    expect(first).toContain(one);
    expect(await store.countFresh(1_000)).toBe(101);
  });

  it('is behind what somebody waits for', async () => {
    await receive('list@department.example');
    const waitedFor = await receive('press@department.example', -86_400_000);
    expect(await take(1)).toEqual([waitedFor]);
  });

  it('comes in the order it came in where nobody sends much, with its content', async () => {
    const ids = [await receive('a@department.example'), await receive('b@department.example')];
    const taken = await store.takeFresh('w1', 30_000, 10);
    expect(taken.map(({ id }) => id)).toEqual(ids);
    expect(taken.map(({ state }) => state)).toEqual(['scanning', 'scanning']);
    expect(Buffer.from(taken[1]?.content ?? []).toString()).toContain('from b@department.example');
  });

  it('is taken by one worker alone, however many take at once', async () => {
    const ids = await Promise.all(Array.from({ length: 120 }, () => receive('a@department.example')));
    const rounds = await Promise.all(
      Array.from({ length: 40 }, (_, index) => take(5, `w${index % 4}/${index}`).then((taken) => taken)),
    );
    const taken = rounds.flat();
    while (taken.length < ids.length) taken.push(...(await take(20, 'w9')));
    expect(taken.toSorted()).toEqual(ids.toSorted());
  });

  it('is pending for those who do not take, and left out for those who do', async () => {
    const id = await receive('a@department.example');
    expect(await store.pending(Date.now(), 10, ['scan', 'deliver'])).toEqual([{ kind: 'scan', id }]);
    expect(await store.pending(Date.now(), 10, ['scan', 'deliver', 'take'])).toEqual([]);
  });

  it('of a worker that died is found once its lease has run out, and is then not taken with others', async () => {
    const id = await receive('a@department.example');
    expect(await take(10, 'dead', 150)).toEqual([id]);
    expect(await store.pending(Date.now(), 10, ['scan', 'take'])).toEqual([]);
    await sleep(200);
    expect(await take(10, 'other')).toEqual([]);
    expect(await store.pending(Date.now(), 10, ['scan', 'take'])).toEqual([{ kind: 'scan', id }]);
    expect(await store.claimForScan(id, 'other', 30_000)).toMatchObject({ id, state: 'scanning' });
  });

  it('is counted as far as asked', async () => {
    await Promise.all(Array.from({ length: 7 }, () => receive('a@department.example')));
    expect([await store.countFresh(5), await store.countFresh(50)]).toEqual([5, 7]);
  });
});

describe('a judgement of what was taken', () => {
  it('is written with the key that came along, and by nobody who lost the claim', async () => {
    const id = await receive('a@department.example');
    await take(10, 'w1');
    const judgement = {
      verdict: 'pass',
      holdUntil: null,
      effectiveAt: Date.now(),
      findings: [],
      incomplete: [],
    } as const;
    await store.recordJudgement(id, 'another', judgement, 'rules');
    expect((await store.find(id))?.state).toBe('scanning');
    await store.recordJudgement(id, 'w1', judgement, 'rules');
    expect(await store.find(id)).toMatchObject({ state: 'cleared', judgement: { verdict: 'pass' } });
  });

  it('is followed by a delivery with the content that is at hand, which is not read again', async () => {
    const id = await receive('a@department.example');
    await take(10, 'w1');
    const judgement = { verdict: 'pass', holdUntil: null, effectiveAt: 0, findings: [], incomplete: [] } as const;
    await store.recordJudgement(id, 'w1', judgement, 'rules');
    await database.pool.query('delete from message_content where message_id = $1', [id]);
    const content = Buffer.from('at hand');
    const claim = await store.claimForDelivery(id, 'w2', 30_000, content);
    expect(claim?.content).toBe(content);
    expect(claim?.recipients).toEqual(['news@paper.example']);
  });
});
