import type { Judgement } from '../../src/core/verdict.ts';
import { newMessageId } from '../../src/service/message-id.ts';
import type { KeptMessageQuery } from '../../src/service/stores.ts';
import { digestRule } from '../../src/store/digest-rule.ts';
import { UNKNOWN_RULE } from '../../src/store/messages/rule-names.ts';
import { createStore, type Store } from '../../src/store/open-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

const NOW = Date.parse('2016-01-20T09:00:00Z');
const MINUTE = 60_000;

const keys = storeKeys();
let database: TestDatabase;
let store: Store;
/** Ids by the name that a test gave. */
const ids = new Map<string, string>();

interface Sent {
  readonly from: string;
  readonly to?: readonly string[];
  readonly minutesOld?: number;
  readonly liftIn?: number | null;
  readonly detector?: 'direction' | 'record-level';
  readonly verdict?: 'hold' | 'pass';
}

async function held(name: string, { from, to = ['b@paper.example'], minutesOld = 0, liftIn = null, ...more }: Sent) {
  const receivedAt = NOW - minutesOld * MINUTE;
  const id = newMessageId();
  ids.set(name, id);
  const envelope = { from, to };
  const content = Buffer.from('x');
  await store.messages.insert({
    id,
    kind: 'email',
    receivedAt,
    publishAt: null,
    envelope,
    messageId: null,
    content,
    transport: {},
  });
  await store.messages.claimForScan(id, 'w', 60_000);
  const judgement: Judgement = {
    verdict: more.verdict ?? 'hold',
    holdUntil: liftIn === null ? null : NOW + liftIn * MINUTE,
    effectiveAt: NOW,
    findings: [
      {
        detector: more.detector ?? 'direction',
        rule: 'r',
        entry: 'labour-market',
        path: 'body',
        span: null,
        severity: 'high',
        summary: 's',
      },
    ],
    incomplete: [{ path: 'a.zip', reason: 'encrypted' }],
  };
  await store.messages.recordJudgement(id, 'w', judgement, 'v', { subject: null, releasedAtLift: false });
}

beforeAll(async () => {
  database = await aDatabase();
  store = createStore(database.pool, keys, () => NOW);
  await held('old', { from: 'Press@Department.example', minutesOld: 300, liftIn: 90 });
  await held('none', { from: 'a@department.example', to: ['x@news.example', 'Y@Paper.example'], minutesOld: 60 });
  await held('soon', { from: 'news@other.example', liftIn: 5, detector: 'record-level' });
  await held('same', { from: '50%_off@other.example', liftIn: 90 });
  await held('gone', { from: 'press@department.example', verdict: 'pass' });
});
afterAll(() => database.close());

const namesOf = (found: readonly { readonly id: string }[]) =>
  found.map(({ id }) => [...ids].find(([, one]) => one === id)?.[0]);

async function listed(query: Partial<KeptMessageQuery>): Promise<readonly (string | undefined)[]> {
  const found = await store.messages.list({ state: 'held', limit: 10, ...query });
  expect(await store.messages.count({ state: 'held', limit: 10, ...query })).toBe(found.length);
  return namesOf(found);
}

describe('the queue', () => {
  it.each([
    ['newest', ['same', 'soon', 'none', 'old']],
    ['oldest', ['old', 'none', 'soon', 'same']],
    ['lift', ['soon', 'old', 'same', 'none']],
  ] as const)('goes on in the order %s where the page before ended, whatever came since', async (order, expected) => {
    expect(await listed({ order })).toEqual(expected);
    const seen: (string | undefined)[] = [];
    let after: string | undefined;
    for (let page = 0; page < 5; page += 1) {
      const found = await store.messages.list({
        state: 'held',
        order,
        limit: 1,
        ...(after === undefined ? {} : { after }),
      });
      seen.push(...namesOf(found));
      after = found[0]?.id;
      if (after === undefined) break;
    }
    expect(seen).toEqual(expected);
  });

  it.each<[string, Partial<KeptMessageQuery>, readonly string[]]>([
    ['a detector', { detector: 'record-level' }, ['soon']],
    ['an age', { receivedBefore: NOW - 60 * MINUTE }, ['none', 'old']],
    ['a lift', { liftBefore: NOW + 10 * MINUTE }, ['soon']],
    ['part of a sender, in any case', { search: 'PRESS@' }, ['old']],
    ['a recipient, in any case', { search: 'y@paper.EXAMPLE' }, ['none']],
    ['an organisation', { search: 'paper.example' }, ['same', 'soon', 'none', 'old']],
    ['an organisation with its sign', { search: '@news.example' }, ['none']],
    ['a sign that patterns have', { search: '%_' }, ['same']],
    ['part of a recipient, which is none', { search: 'y@pap' }, []],
    ['a sender and a release', { search: 'other.example', entry: 'labour-market', order: 'lift' }, ['soon', 'same']],
    ['all at once', { search: 'other', detector: 'direction', liftBefore: NOW + 100 * MINUTE }, ['same']],
  ])('is narrowed to %s', async (_what, query, expected) => {
    expect(await listed(query)).toEqual(expected);
  });

  it('finds an id, and what was sent as well as what is held', async () => {
    expect(await listed({ search: ids.get('none') ?? '' })).toEqual(['none']);
    const cleared = await store.messages.list({ state: 'cleared', search: 'b@paper.example', limit: 5 });
    expect(namesOf(cleared)).toEqual(['gone']);
  });

  it('keeps beside what is sealed only detectors, reasons, and rules as digests of this key', async () => {
    const beside = async (name: string) => {
      const { rows } = await database.pool.query('select rules, reasons, detectors from message where id = $1', [
        ids.get(name),
      ]);
      return rows[0];
    };
    const rule = { detector: 'record-level', rule: 'r' } as const;
    const digest = digestRule(rule, keys);
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
    expect(digestRule(rule, storeKeys())).not.toBe(digest);
    expect(await beside('soon')).toEqual({ rules: [digest], reasons: ['encrypted'], detectors: ['record-level'] });
    // Equal in every row, or nothing could be found by it.
    expect((await beside('old')).rules).toEqual((await beside('same')).rules);
  });

  it('tells those who oversee which rules hold, what they came to, and why parts stayed shut', async () => {
    const caller = { id: 'user:1', name: 'r', address: null, roles: ['reviewer'] } as const;
    await store.messages.decide(ids.get('same') ?? '', { action: 'reject', reason: 'x', liftsAt: null }, caller);
    const seen = await store.messages.oversight(NOW - 86_400_000);
    expect(seen.rules).toEqual([
      { rule: 'direction/r', held: 3, released: 0, rejected: 1, falseAlarms: 0 },
      { rule: 'record-level/r', held: 1, released: 0, rejected: 0, falseAlarms: 0 },
    ]);
    expect(seen.incomplete).toEqual([{ reason: 'encrypted', messages: 5 }]);
    expect(seen.waits.map(({ decisions }) => decisions)).toEqual([1, 0, 0, 0, 0, 0]);
    const nearMiss = { id: ids.get('same'), rules: ['direction/r'], action: 'reject', lift: NOW + 90 * MINUTE };
    expect(seen.nearMisses).toMatchObject([nearMiss]);
  });

  it('names a rule whose messages were sealed with a key that is lost as no longer known, and still counts it', async () => {
    const lost = { ...keys, all: [] };
    const seen = await createStore(database.pool, lost, () => NOW).messages.oversight(NOW - 86_400_000);
    expect(seen.rules.map(({ rule, held }) => [rule, held])).toEqual([
      [UNKNOWN_RULE, 3],
      [UNKNOWN_RULE, 1],
    ]);
    expect(seen.nearMisses).toMatchObject([{ id: ids.get('same'), rules: [UNKNOWN_RULE] }]);
  });

  it('has what one rule found judged again, and knows what was decided on others of the same rule', async () => {
    const [soon = '', none = '', same = ''] = ['soon', 'none', 'same'].map((name) => ids.get(name));
    expect(await store.reviews.judgeAgain({ detector: 'record-level', rule: 'r' })).toEqual([soon]);
    expect(await store.reviews.judgeAgain({ detector: 'record-level', rule: 'other' })).toEqual([]);
    expect((await store.reviews.similar(none, 5)).map(({ message }) => message)).toEqual([same]);
    expect(await store.reviews.similar(soon, 5)).toEqual([]);
  });

  it('counts approved false alarms beside their rule, and none that wait', async () => {
    for (const [detector, isApproved] of [
      ['direction', true],
      ['direction', true],
      ['direction', false],
      ['record-level', false],
    ] as const) {
      const id = newMessageId();
      const about = { id, message: ids.get('old') ?? '', detector, rule: 'r', entry: null, anyEntry: true };
      const rest = { sender: 'press@department.example', passage: 'k1:0', reason: 'x', until: Date.now() + MINUTE };
      await store.reviews.proposeFalseAlarm({ ...about, ...rest }, 'user:1');
      if (isApproved) expect(await store.reviews.settleFalseAlarm(id, 'approve', 'user:2')).toBe(true);
    }
    const seen = await store.messages.oversight(NOW - 86_400_000);
    expect(seen.rules.map(({ rule, falseAlarms }) => [rule, falseAlarms])).toEqual([
      ['direction/r', 2],
      ['record-level/r', 0],
    ]);
  });
});

it('what a release holds is held by it while it is judged again as well', async () => {
  const before = (await store.changes.heldBy('labour-market', 200)).count;
  await held('judged again', { from: 'a@b.example' });
  await held('passed', { from: 'a@b.example', verdict: 'pass' });
  const id = ids.get('judged again') ?? '';
  await database.pool.query('update message set judge_again = true where id = $1', [id]);
  await store.messages.claimForScan(id, 'w', 60_000);
  expect((await store.messages.find(id))?.state).toBe('scanning');
  expect((await store.changes.heldBy('labour-market', 200)).count).toBe(before + 1);
});
