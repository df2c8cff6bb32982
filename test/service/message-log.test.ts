import type { Engine } from '../../src/scan/engine.ts';
import type { Log } from '../../src/service/log.ts';
import { runWorker } from '../../src/service/run-worker.ts';
import { FakeMessageStore } from '../fakes/fake-message-store.ts';
import { MemoryQueue } from '../fakes/memory-queue.ts';
import { until } from '../services/until.ts';

const NOW = Date.parse('2016-01-20T09:22:00Z');
const SECRET = 'Record employment at 74.0 per cent';

const engine: Engine = {
  registers: { embargoes: [], sensitivity: [] },
  rulesVersion: 'test',
  judge: async ({ parties }) => ({
    judgement: { verdict: 'flag', holdUntil: null, effectiveAt: NOW, findings: [], incomplete: [] },
    opened: { parts: [], headers: { subject: SECRET } } as never,
    parties: parties ?? { from: null, to: [] },
    rulesVersion: 'test',
  }),
};

test('the way of a message can be followed in the log by its id, and by nothing that is in it', async () => {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const write = (fields: object, message: string) => void lines.push({ ...fields, message });
  const log: Log = { info: write, warn: write, error: write };
  const store = new FakeMessageStore();
  const from = 'press@department.example';
  const to = ['news@paper.example'];
  await store.insert({
    id: 'm1',
    kind: 'email',
    receivedAt: NOW,
    publishAt: null,
    envelope: { from, to },
    messageId: '<1@department.example>',
    content: Buffer.from(`Subject: ${SECRET}\r\n\r\n${SECRET}\r\n`),
    transport: {},
  });
  const worker = await runWorker({
    store,
    queue: new MemoryQueue(),
    nextHop: {
      name: 'sink.example:25',
      deliver: async (mail) =>
        mail.to.map((recipient) => ({ recipient, outcome: 'delivered', reply: `250 ${SECRET}` })),
      close: async () => {},
    },
    engine: async () => engine,
    now: () => NOW,
    random: () => 0.5,
    newId: () => 'notice',
    host: 'gateway.example',
    log,
    workerId: 'w',
    concurrency: 1,
  });
  await until(() => store.rows.get('m1')?.message.state === 'delivered', 5000, 'the delivery');
  await worker.stop();
  expect(lines.filter(({ id }) => id === 'm1')).toMatchObject([
    { message: 'message judged', verdict: 'flag', findings: 0, incomplete: 0 },
    { message: 'delivery attempted', attempt: 1, delivered: 1, deferred: 0, failed: 0 },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/employment|74\.0|press@|paper/);
});
