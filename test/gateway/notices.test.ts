import { type DeliverDeps, deliverMessage } from '../../src/service/deliver-message.ts';
import { silentLog } from '../../src/service/log.ts';
import type { NextHop, RecipientOutcome } from '../../src/service/next-hop.ts';
import { recordSurely } from '../../src/service/record-surely.ts';
import type { TransportOptions } from '../../src/service/transport-options.ts';
import { FakeMessageStore } from '../fakes/fake-message-store.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2016-01-20T09:31:00Z');

interface Scene {
  readonly answers: Readonly<Record<string, Omit<RecipientOutcome, 'recipient'>>>;
  readonly verdict?: 'pass' | 'flag';
  readonly from?: string;
  readonly transport?: Partial<TransportOptions>;
  readonly ageHours?: number;
}

const delivered = { outcome: 'delivered', reply: '250 2.0.0 ok', server: 'sink.example' } as const;
const busy = { outcome: 'deferred', reply: '450 4.2.0 busy', server: 'sink.example' } as const;
const unknown = { outcome: 'failed', reply: '550 5.1.1 no such user', server: 'sink.example' } as const;

/** A cleared message to b, c and d, whose every attempt gets the same answers. */
async function aScene({ answers, verdict = 'pass', from = 'a@one.example', transport = {}, ageHours = 0 }: Scene) {
  const store = new FakeMessageStore();
  store.ageMs = () => ageHours * HOUR;
  const nextHop: NextHop = {
    name: 'sink.example:25',
    deliver: async ({ to }) => to.map((recipient) => ({ recipient, ...(answers[recipient[0] ?? ''] ?? delivered) })),
    close: async () => {},
  };
  let ids = 0;
  const deps: DeliverDeps = {
    store,
    nextHop,
    now: () => NOW,
    random: () => 0,
    newId: () => `notice-${++ids}`,
    host: 'gateway.example',
    log: silentLog,
  };
  await store.insert({
    id: 'm1',
    kind: 'email',
    receivedAt: NOW,
    publishAt: null,
    envelope: { from, to: ['b@two.example', 'c@two.example', 'd@two.example'] },
    messageId: '<1@one.example>',
    content: Buffer.from('Subject: Figures\r\nBcc: x@one.example\r\n\r\nHello.\r\n'),
    transport,
  });
  await store.claimForScan('m1', 'w', 60_000);
  await store.recordJudgement(
    'm1',
    'w',
    { verdict, holdUntil: null, effectiveAt: NOW, findings: [], incomplete: [] },
    'r',
  );
  const attempt = async () => {
    store.clock = () => Date.now() + 24 * HOUR * ++attempts;
    const before = store.results.length;
    await deliverMessage('m1', `d${attempts}`, deps);
    const result = store.results[before];
    return { result, notice: Buffer.from((result?.notice?.content ?? '') as Uint8Array).toString() };
  };
  let attempts = 0;
  return { store, attempt, deps, nextHop };
}

test('a refused recipient gives one notice, with the header of the mail and nothing of its body', async () => {
  const { attempt } = await aScene({ answers: { c: unknown } });
  const { result, notice } = await attempt();
  expect(result?.notice?.envelope).toEqual({ from: '', to: ['a@one.example'] });
  expect(notice).toContain(
    'Final-Recipient: rfc822; c@two.example\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; sink.example\r\n',
  );
  expect(notice).toContain('X-Holdfast-Id: m1\r\nSubject: Figures\r\n--');
  expect(notice).not.toMatch(/Hello|Bcc|[bd]@two/);
});

test('of a mail that was flagged the notice does not say the subject', async () => {
  const { attempt } = await aScene({ answers: { c: unknown }, verdict: 'flag' });
  expect((await attempt()).notice).not.toContain('Figures');
});

test('after four hours the sender is told once that the mail waits, and goes on to be tried', async () => {
  const { attempt, store } = await aScene({ answers: { c: busy } });
  expect((await attempt()).notice).toBe('');
  store.ageMs = () => 4 * HOUR;
  const { notice, result } = await attempt();
  expect(notice).toContain('Action: delayed\r\nStatus: 4.2.0\r\n');
  expect(notice).toContain('Will-Retry-Until: Mon, 25 Jan 2016 05:31:00 +0000');
  expect(result).toMatchObject({ failed: [], deferred: [{ recipient: 'c@two.example', reply: '450 4.2.0 busy' }] });
  expect(result?.retryAfterMs).toBeGreaterThan(0);
  expect((await attempt()).notice).toBe('');
});

test('after five days what was put off is returned', async () => {
  const { attempt, store } = await aScene({ answers: { c: busy }, ageHours: 120 });
  const { notice } = await attempt();
  expect(notice).toContain('Action: failed\r\nStatus: 5.4.7\r\n');
  expect(notice).toContain('450 4.2.0 busy');
  expect(store.rows.get('m1')?.message.state).toBe('delivered');
});

describe('the wishes of NOTIFY', () => {
  const wishing = (...notify: readonly string[]) => ({
    recipients: { 'c@two.example': { notify: [...notify], orcpt: 'rfc822;c+2Bx@two.example' } },
  });

  test.each<[string, readonly string[], Omit<RecipientOutcome, 'recipient'>, number, string | null]>([
    ['NEVER', ['NEVER'], unknown, 0, null],
    ['DELAY', ['DELAY'], unknown, 0, null],
    ['FAILURE', ['FAILURE'], unknown, 0, 'failed'],
    ['FAILURE', ['FAILURE'], busy, 4, null],
    ['NEVER', ['NEVER'], busy, 4, null],
    ['FAILURE,DELAY', ['FAILURE', 'DELAY'], busy, 4, 'delayed'],
    ['SUCCESS', ['SUCCESS'], delivered, 0, 'relayed'],
    ['SUCCESS', ['SUCCESS'], { ...delivered, takesDsn: true }, 0, null],
    ['FAILURE', ['FAILURE'], delivered, 0, null],
    ['NEVER', ['NEVER'], busy, 120, null],
  ])('NOTIFY=%s is honoured (case %#)', async (_, notify, answer, ageHours, action) => {
    const { attempt } = await aScene({ answers: { c: answer }, ageHours, transport: wishing(...notify) });
    const { notice } = await attempt();
    expect(/Action: (\w+)/.exec(notice)?.[1] ?? null).toBe(action);
    if (action !== null) expect(notice).toContain('Original-Recipient: rfc822;c+x@two.example\r\n');
  });
});

test('a bounce is never answered with a bounce, whatever becomes of it', async () => {
  for (const [answer, ageHours] of [
    [unknown, 0],
    [busy, 4],
    [busy, 120],
  ] as const) {
    const { attempt } = await aScene({ answers: { b: answer, c: answer, d: answer }, ageHours, from: '' });
    expect((await attempt()).result?.notice).toBeNull();
  }
});

test('while no server may be tried nothing is claimed', async () => {
  const { attempt, store, nextHop } = await aScene({ answers: {} });
  Object.assign(nextHop, { askLeave: () => false });
  await attempt();
  expect(store.rows.get('m1')?.message.state).toBe('cleared');
  Object.assign(nextHop, { askLeave: () => true });
  await attempt();
  expect(store.rows.get('m1')?.message.state).toBe('delivered');
});

test('a delivery is recorded though the store is away for a while, and the mail goes once', async () => {
  const { attempt, store, nextHop } = await aScene({ answers: {} });
  let away = 3;
  let sent = 0;
  const record = store.recordDelivery.bind(store);
  store.recordDelivery = async (...call) => {
    if (away-- > 0) throw new Error('connection refused');
    return record(...call);
  };
  const deliver = nextHop.deliver.bind(nextHop);
  Object.assign(nextHop, {
    deliver: (...call: Parameters<NextHop['deliver']>) => {
      sent += 1;
      return deliver(...call);
    },
  });
  await attempt();
  await attempt();
  expect(store.rows.get('m1')?.message.state).toBe('delivered');
  expect(sent).toBe(1);
});

test('the record is given up on in the end', async () => {
  await expect(recordSurely(() => Promise.reject(new Error('gone')), silentLog, 150)).rejects.toThrow('gone');
});
