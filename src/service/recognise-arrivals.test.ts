import type { ArrivalRecord, UnsureArrival } from './arrival-record.ts';
import { silentLog } from './log.ts';
import { newMessageId } from './message-id.ts';
import { recogniseArrivals } from './recognise-arrivals.ts';
import type { Service } from './service.ts';

interface Stored {
  readonly id: string;
  readonly gateway: string;
  readonly digest: string;
}

/** What several gateways share. */
function aRecord() {
  const marks = new Map<string, string>();
  const stored: Stored[] = [];
  const unsure = new Map<string, UnsureArrival>();
  const arrivals: ArrivalRecord = {
    mark: async (gateway, sureBelow) => void marks.set(gateway, sureBelow),
    end: async (gateway) => void marks.delete(gateway),
    async adopt(isGone) {
      for (const [gateway, sureBelow] of marks) {
        if (!isGone(gateway, 0)) continue;
        for (const { id, digest } of stored.filter((one) => one.gateway === gateway && one.id >= sureBelow)) {
          unsure.set(digest, { digest, id, fromId: id, untilId: id });
        }
        marks.delete(gateway);
      }
    },
    note: async (one) => void unsure.set(one.digest, one),
    noted: async () => [...unsure.values()],
    isNoted: async (digest) => unsure.has(digest),
    find: async ({ digest, id, fromId, untilId }) =>
      id ?? stored.find((one) => one.digest === digest && one.id >= fromId && one.id <= untilId)?.id ?? null,
    forget: async (digest) => void unsure.delete(digest),
    tidyUp: async () => {},
  };
  return { arrivals, stored, marks };
}

type Fault = 'none' | 'before the commit' | 'after the commit';

async function aGateway(record: ReturnType<typeof aRecord>, name: string, replyMs = 50_000, isGone = () => true) {
  let fault: Fault = 'none';
  let slow: Promise<void> = Promise.resolve();
  const receive: Service['receive'] = async ({ transport = {} }) => {
    const { gateway, digest } = transport['arrival'] as { gateway: string; digest: string };
    await slow;
    if (fault === 'before the commit') throw new Error('no store');
    const id = newMessageId();
    record.stored.push({ id, gateway, digest });
    if (fault === 'after the commit') throw new Error('connection lost');
    return { ok: true, value: { id } };
  };
  const deps = {
    receive,
    arrivals: record.arrivals,
    key: Buffer.alloc(32),
    gateway: name,
    isGone,
    replyMs,
    log: silentLog,
  };
  const gateway = await recogniseArrivals({ ...deps, tickMs: 5, sureAfterMs: 200 });
  return {
    gateway,
    breakIt: (what: Fault) => {
      fault = what;
    },
    slowDown: (until: Promise<void>) => {
      slow = until;
    },
    async take(text: string, to = ['b@two.example']): Promise<string | null> {
      const mail = { content: Buffer.from(text), envelope: { from: 'a@one.example', to } };
      const outcome = await gateway.receive(mail).catch(() => null);
      return outcome?.ok === true ? outcome.value.id : null;
    },
  };
}

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function started(...args: Parameters<typeof aGateway>) {
  const one = await aGateway(...args);
  running.push(one.gateway);
  return one;
}

test('two equal mails that were both answered are two mails', async () => {
  const one = await started(aRecord(), 'host/1/a');
  const first = await one.take('same');
  expect(await one.take('same')).not.toBe(first);
});

test('what a dead gateway had in hand is known when it comes again, until that is surely answered', async () => {
  const record = aRecord();
  const dead = await started(record, 'host/1/dead');
  const id = await dead.take('in hand');
  const next = await started(record, 'host/2/next');
  expect(await next.take('in hand')).toBe(id);
  expect(record.stored).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await next.take('in hand')).not.toBe(id);
});

test('a gateway that dies as it answers what came again leaves it to the next', async () => {
  const record = aRecord();
  const id = await (await started(record, 'host/1/dead')).take('in hand');
  expect(await (await started(record, 'host/2/dead')).take('in hand')).toBe(id);
  expect(await (await started(record, 'host/3/next')).take('in hand')).toBe(id);
  expect(record.stored).toHaveLength(1);
});

test('another recipient, sender or byte is another mail', async () => {
  const record = aRecord();
  const id = await (await started(record, 'host/1/dead')).take('in hand');
  const next = await started(record, 'host/2/next');
  expect(await next.take('in hand', ['c@two.example'])).not.toBe(id);
  expect(await next.take('in hand.')).not.toBe(id);
  expect(await next.take('in hand')).toBe(id);
});

test('what a gateway took that ended as it should is not known again', async () => {
  const record = aRecord();
  const ended = await aGateway(record, 'host/1/ended');
  const id = await ended.take('answered');
  await ended.gateway.stop();
  expect(await (await started(record, 'host/2/next')).take('answered')).not.toBe(id);
});

test('what a living gateway took is its own', async () => {
  const record = aRecord();
  const id = await (await started(record, 'host/1/alive')).take('answered');
  expect(await (await started(record, 'host/2/other', 50_000, () => false)).take('answered')).not.toBe(id);
});

test.each<Fault>(['after the commit', 'before the commit'])(
  'a store lost %s: what comes again is stored once',
  async (fault) => {
    const record = aRecord();
    const one = await started(record, 'host/1/a');
    one.breakIt(fault);
    expect(await one.take('unlucky')).toBeNull();
    one.breakIt('none');
    const again = await one.take('unlucky');
    expect(again === record.stored[0]?.id).toBe(true);
    expect(record.stored).toHaveLength(1);
  },
);

test('a mail whose store was lost is not taken for an equal one that was answered before it', async () => {
  const record = aRecord();
  const one = await started(record, 'host/1/a');
  const first = await one.take('same');
  await new Promise((resolve) => setTimeout(resolve, 5));
  one.breakIt('before the commit');
  expect(await one.take('same')).toBeNull();
  one.breakIt('none');
  expect(await one.take('same')).not.toBe(first);
  expect(record.stored).toHaveLength(2);
});

test('what another gateway has answered since is not known again here', async () => {
  const record = aRecord();
  const id = await (await started(record, 'host/1/dead')).take('in hand');
  const [next, other] = [
    await started(record, 'host/2/next'),
    await started(record, 'host/3/other', 50_000, () => false),
  ];
  expect(await next.take('in hand')).toBe(id);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await other.take('in hand')).not.toBe(id);
});

test('what was stored after its client was told to come back is known when it does', async () => {
  const record = aRecord();
  const one = await started(record, 'host/1/a', 20);
  const store = Promise.withResolvers<void>();
  one.slowDown(store.promise);
  const first = one.take('slow');
  await new Promise((resolve) => setTimeout(resolve, 60));
  const again = one.take('slow');
  store.resolve();
  expect(await again).toBe(await first);
  expect(record.stored).toHaveLength(1);
});
