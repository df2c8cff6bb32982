import { setTimeout as sleep } from 'node:timers/promises';
import { LOOPBACK, parseClientNetworks } from '../../src/gateway/client-networks.ts';
import { type MilterGateway, startMilterGateway } from '../../src/gateway/milter-gateway.ts';
import type { MilterSessionDeps } from '../../src/gateway/milter-session.ts';
import { silentLog } from '../../src/service/log.ts';
import { MilterTalk } from './milter-talk.ts';

type Decide = MilterSessionDeps['decide'];
type Mail = Parameters<Decide>[0];

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const pass: Decide = async () => ({ action: 'pass' });

async function aMilter(
  decide: Decide = pass,
  options: { messageBytes?: number; clients?: string } = {},
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
      progressMs: 40,
    },
    {
      decide: (mail) => {
        mails.push(mail);
        return decide(mail);
      },
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

test('serves its own networks alone', async () => {
  const { talk } = await aMilter(pass, { clients: '192.0.2.0/24' });
  talk.send('O', Buffer.alloc(12));
  expect(await talk.next()).toBeNull();
});
