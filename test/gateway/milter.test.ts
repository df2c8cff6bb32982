import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { readAll } from '../../src/core/byte-source.ts';
import type { Envelope } from '../../src/core/message.ts';
import { LOOPBACK, parseClientNetworks } from '../../src/gateway/client-networks.ts';
import { type MilterGateway, startMilterGateway } from '../../src/gateway/milter-gateway.ts';
import { MilterPacketReader, milterPacket, milterStrings } from '../../src/gateway/milter-packets.ts';
import type { MilterSessionDeps } from '../../src/gateway/milter-session.ts';
import { silentLog } from '../../src/service/log.ts';
import type { Spool } from '../../src/service/spool.ts';
import { createSpools } from '../../src/store/spool.ts';
import { until } from '../services/until.ts';
import { MilterTalk } from './milter-talk.ts';

type Decide = MilterSessionDeps['decide'];
interface Mail {
  readonly content: Uint8Array;
  readonly envelope: Envelope;
}

const spools = mkdtempSync(join(tmpdir(), 'holdfast-milter-'));
afterAll(() => rmSync(spools, { recursive: true, force: true }));

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const pass: Decide = async () => ({ action: 'pass' });

async function aMilter(
  decide: Decide = pass,
  options: { messageBytes?: number; bytesInHand?: number; clients?: string; openSpool?: () => Spool } = {},
): Promise<{ talk: MilterTalk; mails: Mail[]; gateway: MilterGateway }> {
  const networks = parseClientNetworks(options.clients ?? LOOPBACK);
  if (!networks.ok) throw new Error(networks.error);
  const mails: Mail[] = [];
  const gateway = await startMilterGateway(
    {
      host: '127.0.0.1',
      port: 0,
      clients: networks.value,
      messageBytes: options.messageBytes ?? 1_000_000,
      ...(options.bytesInHand === undefined ? {} : { bytesInHand: options.bytesInHand }),
      progressMs: 40,
    },
    {
      decide: async (mail) => {
        mails.push({ envelope: mail.envelope, content: await readAll(mail.content) });
        return decide(mail);
      },
      openSpool: options.openSpool ?? createSpools(spools),
      log: silentLog,
    },
  );
  const talk = await MilterTalk.open(gateway.port);
  opened.push(
    () => gateway.close(),
    () => talk.close(),
  );
  return { talk, mails, gateway };
}

const HEADERS = [
  ['From', ' a@one.example'],
  ['Subject', ' folded\n\tline'],
  ['X-Odd', '  two spaces'],
] as const;

test('asks for what it needs and for nothing that was not offered', async () => {
  const { talk } = await aMilter();
  expect(await talk.negotiate()).toEqual([6, 0x20, 0x1ff080]);
  expect(await talk.negotiate(0x0f, 0x7f, 2)).toEqual([2, 0, 0]);
});

test('sees the mail byte for byte, and answers at its end alone', async () => {
  const { talk, mails } = await aMilter();
  await talk.negotiate();
  talk.envelope('<a@one.example>', ['<b@two.example>', '<c@two.example>']);
  await sleep(50);
  expect(talk.waiting).toBe(0);
  talk.message(HEADERS, 'line\r\n.\r\n\xff\r\n');
  expect(await talk.next()).toMatchObject({ code: 'c' });
  expect(mails[0]?.envelope).toEqual({ from: 'a@one.example', to: ['b@two.example', 'c@two.example'] });
  expect(Buffer.from(mails[0]?.content ?? []).toString('latin1')).toBe(
    'From: a@one.example\r\nSubject: folded\r\n\tline\r\nX-Odd:  two spaces\r\n\r\nline\r\n.\r\n\xff\r\n',
  );
});

test('answers every step to an old MTA that expects it, never with accept', async () => {
  const { talk } = await aMilter();
  await talk.negotiate(0x0f, 0x7f, 2);
  talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.message([['From', 'a@one.example']], 'x\r\n');
  // C, H, M, R, T, L, N, B and E; macros have no answer.
  const codes: (string | undefined)[] = [];
  for (let count = 0; count < 9; count++) codes.push((await talk.next())?.code);
  expect(codes).toEqual(Array(9).fill('c'));
});

test('keeps mails of one connection apart, through aborts and bounces', async () => {
  const { talk, mails } = await aMilter();
  await talk.negotiate();
  talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.send('L', Buffer.from('Subject\0 given up\0'));
  talk.send('A');
  talk.mail('<>', ['<c@two.example>']);
  talk.message([['Subject', ' second']], '');
  expect((await talk.next())?.code).toBe('c');
  talk.send('A');
  talk.send('A');
  talk.send('K');
  talk.envelope('<d@one.example>', ['<e@two.example>']);
  talk.message([['Subject', ' third']], 'x');
  expect((await talk.next())?.code).toBe('c');
  expect(mails.map(({ envelope }) => envelope)).toEqual([
    { from: '', to: ['c@two.example'] },
    { from: 'd@one.example', to: ['e@two.example'] },
  ]);
  expect(Buffer.from(mails[0]?.content ?? []).toString()).toBe('Subject: second\r\n\r\n');
  talk.send('Q');
  expect(await talk.next()).toBeNull();
});

test.each<[string, Decide, string, string]>([
  [
    'refuses with a text',
    async () => ({ action: 'refuse', code: 550, text: '5.7.1 held: 100% sure\r\n250 ok' }),
    'y',
    '550 5.7.1 held: 100%% sure 250 ok\0',
  ],
  ['quarantines', async () => ({ action: 'quarantine', reason: 'held: why' }), 'q', 'held: why\0'],
  ['puts off what it cannot judge', () => Promise.reject(new Error('no registers')), 'y', '451 4.3.0 cannot judge'],
])('%s', async (_, decide, code, data) => {
  const { talk } = await aMilter(decide);
  await talk.negotiate();
  talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.message(HEADERS, 'x');
  const reply = await talk.next();
  expect(reply?.code).toBe(code);
  expect(reply?.data.toString()).toContain(data);
  if (code === 'q') expect((await talk.next())?.code).toBe('c');
  await sleep(20);
  expect(talk.waiting).toBe(0);
});

test('puts off what it would quarantine where the MTA cannot', async () => {
  const { talk } = await aMilter(async () => ({ action: 'quarantine', reason: 'why' }));
  await talk.negotiate(0x0f);
  talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.message(HEADERS, 'x');
  expect((await talk.next())?.data.toString()).toMatch(/^451 4\.7\.1 /);
});

test('tells the MTA that work goes on', async () => {
  const { talk } = await aMilter(async () => {
    await sleep(150);
    return { action: 'pass' };
  });
  await talk.negotiate();
  talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.message(HEADERS, 'x');
  const codes: string[] = [];
  for (let packet = await talk.next(); packet !== null; packet = await talk.next()) {
    codes.push(packet.code);
    if (packet.code === 'c') break;
  }
  expect(codes.filter((code) => code === 'p').length).toBeGreaterThanOrEqual(2);
});

test('refuses what is too large without judging it', async () => {
  const { talk, mails } = await aMilter(pass, { messageBytes: 1000 });
  await talk.negotiate();
  talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.message(HEADERS, 'x'.repeat(2000));
  expect((await talk.next())?.data.toString()).toMatch(/^552 5\.3\.4 /);
  expect(mails).toEqual([]);
});

test.each([
  ['an empty packet', Buffer.from([0, 0, 0, 0])],
  ['a packet too long', Buffer.from([0x7f, 0, 0, 0, 0x4f])],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['an unknown command', Buffer.from([0, 0, 0, 1, 0x7a])],
  ['a negotiation cut short', Buffer.from([0, 0, 0, 2, 0x4f, 0])],
])('hangs up on %s', async (_, bytes) => {
  const { talk } = await aMilter();
  talk.raw(bytes);
  expect(await talk.next()).toBeNull();
});

test.each([
  ['junk', 'O'],
  ['its end', 'Q'],
])('judges nothing that comes along after %s', async (_, code) => {
  const { talk, mails } = await aMilter();
  await talk.negotiate();
  talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.raw(Buffer.concat([milterPacket(code), milterPacket('L', Buffer.from('Subject\0 x\0')), milterPacket('E')]));
  expect(await talk.next()).toBeNull();
  expect(mails).toEqual([]);
});

test('serves its own networks alone', async () => {
  const { talk } = await aMilter(pass, { clients: '192.0.2.0/24' });
  talk.send('O', Buffer.alloc(12));
  expect(await talk.next()).toBeNull();
});

test('a large mail waits on the spool, byte for byte, and is let go of after it', async () => {
  let open = 0;
  const spool = createSpools(spools);
  const counted = () => {
    open += 1;
    const one = spool();
    return {
      append: (bytes: Uint8Array) => one.append(bytes),
      finish: () => one.finish(),
      async close() {
        open -= 1;
        await one.close();
      },
    };
  };
  const inMemory: (Uint8Array | null)[] = [];
  const { talk, mails } = await aMilter(
    async ({ content }) => {
      inMemory.push(content.memory);
      return { action: 'pass' };
    },
    { messageBytes: 10_000_000, openSpool: counted },
  );
  await talk.negotiate();
  talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.send('L', Buffer.from('Subject\0 large\0'));
  talk.send('N');
  const line = Buffer.from(`${'0123456789abcdef'.repeat(4)}\r\n`);
  const piece = Buffer.concat(Array.from({ length: 900 }, () => line));
  for (let count = 0; count < 60; count++) talk.send('B', piece);
  talk.send('E');
  let code = '';
  while (code !== 'c') code = (await talk.next())?.code ?? 'c';
  expect(inMemory).toEqual([null]);
  const whole = Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), ...Array.from({ length: 60 }, () => piece)]);
  expect(Buffer.from(mails[0]?.content ?? []).equals(whole)).toBe(true);
  await until(() => open === 0);
});

test.each<[string, { bytesInHand?: number; openSpool?: () => Spool }, RegExp]>([
  ['too much mail is in hand', { bytesInHand: 100_000 }, /^452 4\.3\.1 too much mail/],
  [
    'the disk is full',
    {
      openSpool: () => ({
        append: () => Promise.reject(new Error('ENOSPC')),
        finish: () => Promise.reject(new Error('ENOSPC')),
        close: () => Promise.resolve(),
      }),
    },
    /^452 4\.3\.1 no room/,
  ],
])('puts a large mail off where %s, and takes the next', async (_, options, reply) => {
  const { talk, mails } = await aMilter(pass, { messageBytes: 10_000_000, ...options });
  await talk.negotiate();
  talk.envelope('<a@one.example>', ['<b@two.example>']);
  for (let count = 0; count < 30; count++) talk.send('B', Buffer.alloc(60_000, 0x61));
  talk.send('E');
  expect((await talk.next())?.data.toString()).toMatch(reply);
  expect(mails).toEqual([]);
  talk.mail('<a@one.example>', ['<b@two.example>']);
  talk.message(HEADERS, 'small');
  expect((await talk.next())?.code).toBe('c');
});

describe('whatever comes over the wire', () => {
  const packets = fc.array(
    fc.record({
      code: fc.constantFrom(...'OCHMRTLNBEADKQU'),
      data: fc.uint8Array({ maxLength: 40 }),
    }),
    { maxLength: 30 },
  );

  test('packets come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(packets, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (sent, cuts) => {
        const stream = Buffer.concat(sent.map(({ code, data }) => milterPacket(code, data)));
        const reader = new MilterPacketReader();
        const got = [];
        for (let at = 0; at < stream.length; ) {
          const step = cuts.next().value ?? 1;
          got.push(...reader.push(stream.subarray(at, at + step)));
          at += step;
        }
        expect(got.map(({ code, data }) => `${code}${data.toString('hex')}`)).toEqual(
          sent.map(({ code, data }) => `${code}${Buffer.from(data).toString('hex')}`),
        );
      }),
    );
  });

  test('junk is packets or an error, and strings never hold a NUL', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (junk) => {
        expect(milterStrings(Buffer.from(junk)).some((one) => one.includes(0))).toBe(false);
        try {
          for (const { code } of new MilterPacketReader().push(Buffer.from(junk))) expect(code).toHaveLength(1);
        } catch (error) {
          expect(String(error)).toContain('impossible length');
        }
      }),
    );
  });

  test('no order of packets is answered `accept`, and none passes a mail that was not judged', async () => {
    const { gateway, mails } = await aMilter(async () => ({ action: 'refuse', code: 550, text: '5.7.1 held' }));
    await fc.assert(
      fc.asyncProperty(packets, fc.boolean(), async (sent, isOld) => {
        const talk = await MilterTalk.open(gateway.port);
        const before = mails.length;
        await (isOld ? talk.negotiate(0x0f, 0x7f, 2) : talk.negotiate());
        for (const { code, data } of sent) talk.send(code, data);
        talk.send('Q');
        const codes: string[] = [];
        for (let packet = await talk.next(); packet !== null; packet = await talk.next()) codes.push(packet.code);
        talk.close();
        // `c` is the answer to steps where an old MTA wants one; what ends a mail is `y` alone, once for each that was judged.
        expect(codes.filter((code) => !'cyO'.includes(code))).toEqual([]);
        expect(codes.filter((code) => code === 'y')).toHaveLength(mails.length - before);
        if (!isOld && !sent.some(({ code }) => code === 'O')) expect(codes).not.toContain('c');
      }),
      { numRuns: 150 },
    );
  }, 30_000);
});
