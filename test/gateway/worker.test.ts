import { setTimeout as sleep } from 'node:timers/promises';
import type { Judgement } from '../../src/core/verdict.ts';
import type { Engine } from '../../src/scan/engine.ts';
import { silentLog } from '../../src/service/log.ts';
import type { NextHop, OutgoingMail, RecipientOutcome } from '../../src/service/next-hop.ts';
import type { IncomingMessage } from '../../src/service/ports.ts';
import { runWorker, type Worker, type WorkerDeps } from '../../src/service/run-worker.ts';
import { FakeMessageStore } from '../fakes/fake-message-store.ts';
import { MemoryQueue } from '../fakes/memory-queue.ts';

class RecordingHop implements NextHop {
  readonly name = 'sink.example:25';
  readonly sent: OutgoingMail[] = [];
  answer: (recipient: string) => Omit<RecipientOutcome, 'recipient'> = () => ({
    outcome: 'delivered',
    reply: '250 ok',
  });

  async deliver(mail: OutgoingMail): Promise<readonly RecipientOutcome[]> {
    this.sent.push(mail);
    return mail.to.map((recipient) => ({ recipient, ...this.answer(recipient) }));
  }

  async close(): Promise<void> {}

  text(index: number): string {
    return Buffer.concat((this.sent[index]?.content ?? []).filter((piece) => piece instanceof Uint8Array)).toString();
  }
}

const judgement = (verdict: Judgement['verdict']): Judgement => ({
  verdict,
  holdUntil: null,
  effectiveAt: 0,
  findings: [],
  incomplete: [],
});

/** Holds what says so. */
const engine: Engine = {
  registers: { embargoes: [], sensitivity: [] },
  rulesVersion: 'test',
  judge: async ({ source, parties }) => {
    const text = Buffer.from(source.memory ?? []).toString();
    if (text.includes('CRASH')) throw new Error('poison');
    return {
      judgement: judgement(text.includes('HOLD') ? 'hold' : text.includes('FLAG') ? 'flag' : 'pass'),
      opened: { parts: [], headers: null },
      parties: parties ?? { from: null, to: [] },
      rulesVersion: 'test',
    };
  },
};

const workers: Worker[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});

function aSetting(change: Partial<WorkerDeps> = {}) {
  const store = new FakeMessageStore();
  const queue = new MemoryQueue();
  const hop = new RecordingHop();
  let ids = 0;
  const deps: WorkerDeps = {
    store,
    queue,
    nextHop: hop,
    engine: async () => engine,
    now: () => Date.parse('2016-01-20T09:22:00Z'),
    random: () => 0.5,
    newId: () => `notice-${++ids}`,
    host: 'gateway.example',
    log: silentLog,
    workerId: 'w',
    concurrency: 2,
    ...change,
  };
  const start = async () => {
    const worker = await runWorker(deps);
    workers.push(worker);
    return worker;
  };
  return { store, queue, hop, deps, start };
}

function aMessage(change: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    id: 'm1',
    kind: 'email',
    receivedAt: Date.parse('2016-01-20T09:22:00Z'),
    publishAt: null,
    envelope: { from: 'a@one.example', to: ['b@two.example', 'c@two.example'] },
    messageId: '<1@one.example>',
    content: Buffer.from('Subject: x\r\n\r\nHello.\r\n'),
    transport: { received: { helo: 'mta.example', address: '192.0.2.1', protocol: 'ESMTP' } },
    ...change,
  };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; !(await condition()); turn++) {
    if (turn > 600) throw new Error('did not come true in 6 s');
    await sleep(10);
  }
}

const stateOf = (store: FakeMessageStore, id = 'm1') => store.rows.get(id)?.message.state;

test.each([
  ['Hello.', 'delivered'],
  ['FLAG', 'delivered'],
  ['HOLD', 'held'],
])('a mail that says %s ends %s', async (text, expected) => {
  const { store, hop, start } = aSetting();
  await store.insert(aMessage({ content: Buffer.from(`Subject: x\r\n\r\n${text}\r\n`) }));
  await start();
  await until(() => stateOf(store) === expected);
  expect(hop.sent).toHaveLength(expected === 'held' ? 0 : 1);
});

test('relays the bytes as received below its own headers', async () => {
  const { store, hop, start } = aSetting();
  await store.insert(aMessage());
  await start();
  await until(() => hop.sent.length === 1);
  expect(hop.text(0)).toBe(
    'X-Holdfast-Id: m1\r\nReceived: from mta.example ([192.0.2.1])\r\n\tby gateway.example (Holdfast) with ESMTP id m1;\r\n' +
      '\tWed, 20 Jan 2016 09:22:00 +0000\r\nSubject: x\r\n\r\nHello.\r\n',
  );
});

test('never delivers what is held, rejected or not yet judged, whatever the queue says', async () => {
  const { store, queue, hop, start } = aSetting({ engine: () => Promise.reject(new Error('no registers')) });
  await store.insert(aMessage());
  await start();
  await queue.add({ kind: 'deliver', id: 'm1' });
  await queue.add({ kind: 'scan', id: 'm1' });
  await queue.close();
  expect(hop.sent).toEqual([]);
  expect(stateOf(store)).toBe('received');
});

test('what a reviewer released goes', async () => {
  const { store, hop, start } = aSetting();
  await store.insert(aMessage({ content: Buffer.from('Subject: x\r\n\r\nHOLD\r\n') }));
  await start();
  await until(() => stateOf(store) === 'held');
  store.release('m1');
  await until(() => stateOf(store) === 'delivered');
  expect(hop.sent).toHaveLength(1);
});

test('a queue that loses every hint delays mail and loses none', async () => {
  const { store, queue, hop, start } = aSetting();
  queue.isDeaf = true;
  await store.insert(aMessage());
  await start();
  await sleep(50);
  expect(hop.sent).toEqual([]);
  queue.isDeaf = false;
  await until(() => stateOf(store) === 'delivered');
});

test('a message claimed by a worker that died is judged once its lease has run out', async () => {
  const { store, start } = aSetting();
  await store.insert(aMessage());
  await store.claimForScan('m1', 'dead', 30_000);
  await start();
  await sleep(100);
  expect(stateOf(store)).toBe('scanning');
  store.clock = () => Date.now() + 31_000;
  await until(() => stateOf(store) === 'delivered');
});

test('the result of a worker that lost its claim does not count', async () => {
  const { store } = aSetting();
  await store.insert(aMessage());
  await store.claimForScan('m1', 'slow', -1);
  await store.claimForScan('m1', 'next', 30_000);
  await store.recordJudgement('m1', 'slow', judgement('pass'), 'test');
  expect(stateOf(store)).toBe('scanning');
});

test('where judging fails the message waits, and others flow', async () => {
  const { store, start } = aSetting();
  await store.insert(aMessage({ id: 'm1', content: Buffer.from('CRASH') }));
  await store.insert(aMessage({ id: 'm2' }));
  await start();
  await until(() => stateOf(store, 'm2') === 'delivered');
  expect(['received', 'scanning']).toContain(stateOf(store, 'm1'));
});

test('recipients that wait are tried again, alone', async () => {
  const { store, hop, start } = aSetting();
  hop.answer = (recipient) =>
    recipient.startsWith('c') && hop.sent.length === 1
      ? { outcome: 'deferred', reply: '450 4.2.0 busy' }
      : { outcome: 'delivered', reply: '250 ok' };
  await store.insert(aMessage());
  await start();
  await until(() => store.results.length === 1);
  expect(store.results[0]).toEqual({
    delivered: ['b@two.example'],
    failed: [],
    deferred: [{ recipient: 'c@two.example', reply: '450 4.2.0 busy' }],
    retryAfterMs: 3750,
    isDelayTold: false,
    notice: null,
  });
  store.clock = () => Date.now() + 40_000;
  await until(() => stateOf(store) === 'delivered');
  expect(hop.sent.map(({ to }) => to)).toEqual([['b@two.example', 'c@two.example'], ['c@two.example']]);
});

test('a refused recipient gives the sender one notice, which is judged and delivered like any mail', async () => {
  const { store, hop, start } = aSetting();
  hop.answer = (recipient) =>
    recipient.startsWith('c')
      ? { outcome: 'failed', reply: '550 5.1.1 no such user' }
      : { outcome: 'delivered', reply: '250 ok' };
  await store.insert(aMessage());
  await start();
  await until(() => hop.sent.length === 2);
  expect(stateOf(store)).toBe('delivered');
  expect(hop.sent[1]).toMatchObject({ from: '', to: ['a@one.example'] });
  const notice = hop.text(1);
  expect(notice).toContain('Final-Recipient: rfc822; c@two.example\r\nAction: failed\r\nStatus: 5.1.1\r\n');
  expect(notice).toContain('Message-ID: <1@one.example>');
  expect(notice).not.toContain('Hello');
  expect(notice).not.toContain('b@two.example');
});

test.each<[string, Partial<IncomingMessage>]>([
  ['a bounce', { envelope: { from: '', to: ['c@two.example'] } }],
  [
    'a sender who wants none',
    {
      envelope: { from: 'a@one.example', to: ['c@two.example'] },
      transport: { recipients: { 'c@two.example': { notify: ['NEVER'], orcpt: null } } },
    },
  ],
])('%s that is refused ends returned, without a notice', async (_, change) => {
  const { store, hop, start } = aSetting();
  hop.answer = () => ({ outcome: 'failed', reply: '550 5.1.1 no such user' });
  await store.insert(aMessage(change));
  await start();
  await until(() => stateOf(store) === 'returned');
  expect(store.rows.size).toBe(1);
});

test('without a next hop cleared mail waits in the store', async () => {
  const { store, start } = aSetting({ nextHop: null });
  await store.insert(aMessage());
  await start();
  await until(() => stateOf(store) === 'cleared');
  await sleep(50);
  expect(stateOf(store)).toBe('cleared');
});

test('stopping finishes what is in hand', async () => {
  const gate = Promise.withResolvers<void>();
  const { store, start, deps } = aSetting();
  const slow: Engine = {
    ...engine,
    judge: async (request) => {
      await gate.promise;
      return engine.judge(request);
    },
  };
  Object.assign(deps, { engine: async () => slow, nextHop: null });
  await store.insert(aMessage());
  const worker = await start();
  await until(() => stateOf(store) === 'scanning');
  const stopped = worker.stop();
  gate.resolve();
  await stopped;
  expect(stateOf(store)).toBe('cleared');
});

test('a next hop that answers nobody keeps no message from being judged', async () => {
  const gate = Promise.withResolvers<void>();
  const { store, hop, start } = aSetting();
  const deliver = hop.deliver.bind(hop);
  hop.deliver = async (mail) => {
    await gate.promise;
    return deliver(mail);
  };
  for (let index = 0; index < 60; index++) await store.insert(aMessage({ id: `m${index}` }));
  await store.insert(aMessage({ id: 'last', content: Buffer.from('Subject: x\r\n\r\nHOLD\r\n') }));
  await start();
  await until(() => stateOf(store, 'last') === 'held');
  gate.resolve();
  await until(() => [...store.rows.values()].filter(({ message }) => message.state === 'delivered').length === 60);
  expect(hop.sent).toHaveLength(60);
});
