import { createSmtpNextHop } from '../../src/gateway/smtp-next-hop.ts';
import { silentLog } from '../../src/service/log.ts';
import type { OutgoingMail } from '../../src/service/next-hop.ts';
import { PLAIN_TRANSPORT } from '../../src/service/transport-options.ts';
import { freePort } from '../services/free-port.ts';
import { type Script, startScriptedServer } from './scripted-server.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const aMail = (...to: readonly string[]): OutgoingMail => ({
  from: 'a@one.example',
  to: to.length > 0 ? to : ['b@two.example'],
  content: [Buffer.from('Subject: x\r\n\r\nHello.\r\n')],
  transport: PLAIN_TRANSPORT,
});

async function aServer(script?: Script) {
  const server = await startScriptedServer(script);
  opened.push(() => server.close());
  return server;
}

function hopsAt(...ports: readonly number[]) {
  let now = 0;
  const timeouts = { connect: 500, command: 500, data: 500 };
  const hop = createSmtpNextHop(
    ports.map((port) => ({ host: '127.0.0.1', port, name: 'gateway.example', tls: 'off', timeouts })),
    silentLog,
    { now: () => now, random: () => 0 },
  );
  opened.push(() => hop.close());
  return {
    hop,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const words = (outcomes: readonly { recipient: string; outcome: string }[]) =>
  outcomes.map(({ recipient, outcome }) => `${recipient} ${outcome}`).sort();

test('the first server has it all while it can be reached', async () => {
  const [first, second] = [await aServer(), await aServer()];
  const { hop } = hopsAt(first.port, second.port);
  for (let count = 0; count < 3; count++) await hop.deliver(aMail());
  expect([first.mail.length, second.mail.length]).toEqual([3, 0]);
  expect(hop.name).toBe(`127.0.0.1:${first.port},127.0.0.1:${second.port}`);
});

test.each<[string, Script | null]>([
  ['nobody listens', null],
  ['the greeting is 554', (command) => (command === '(greeting)' ? '554 5.3.2 go away' : undefined)],
  ['it hangs up after RCPT', (command) => (command.startsWith('RCPT') ? null : undefined)],
  ['it says 421', (command) => (command.startsWith('MAIL') ? '421 4.3.2 bye' : undefined)],
  ['it puts the recipient off', (command) => (command.startsWith('RCPT') ? '450 4.2.0 busy' : undefined)],
  ['it puts the content off', (command) => (command === '(data)' ? '451 4.3.0 later' : undefined)],
])('where %s at the first, the second has the mail at once', async (_, script) => {
  const first = script === null ? await freePort() : (await aServer(script)).port;
  const second = await aServer();
  const { hop } = hopsAt(first, second.port);
  expect(words(await hop.deliver(aMail()))).toEqual(['b@two.example delivered']);
  expect(second.mail).toHaveLength(1);
});

test.each<[string, Script, string]>([
  ['refused for good', (command) => (command.startsWith('RCPT') ? '550 5.1.1 no' : undefined), 'failed'],
  ['perhaps taken', (command) => (command === '(data)' ? null : undefined), 'deferred'],
])('what the first has %s is not offered to the second', async (_, script, expected) => {
  const [first, second] = [await aServer(script), await aServer()];
  const { hop } = hopsAt(first.port, second.port);
  expect(words(await hop.deliver(aMail()))).toEqual([`b@two.example ${expected}`]);
  expect(second.mail).toEqual([]);
});

test('each recipient goes by the server that takes it, once', async () => {
  const first = await aServer((command) => {
    if (command.startsWith('RCPT TO:<c')) return '450 4.2.0 busy';
    return command.startsWith('RCPT TO:<d') ? '550 5.1.1 no' : undefined;
  });
  const second = await aServer();
  const { hop } = hopsAt(first.port, second.port);
  expect(words(await hop.deliver(aMail('b@two.example', 'c@two.example', 'd@two.example')))).toEqual([
    'b@two.example delivered',
    'c@two.example delivered',
    'd@two.example failed',
  ]);
  expect(second.mail[0]?.commands).toContain('RCPT TO:<c@two.example>');
  expect(second.mail[0]?.commands.join()).not.toMatch(/<[bd]@/);
});

test('a server that cannot be reached is left alone, tried by one mail after a while, and used again', async () => {
  let isAway = true;
  const first = await aServer(() => (isAway ? null : undefined));
  const second = await aServer();
  const { hop, pass } = hopsAt(first.port, second.port);
  for (let count = 0; count < 6; count++) await hop.deliver(aMail());
  expect(first.connections()).toBe(3);
  expect(second.mail).toHaveLength(6);
  expect(hop.servers?.().map(({ isReached }) => isReached)).toEqual([false, true]);
  pass(500);
  await Promise.all([hop.deliver(aMail()), hop.deliver(aMail())]);
  expect(first.connections()).toBe(4);
  isAway = false;
  pass(1000);
  await hop.deliver(aMail());
  await hop.deliver(aMail());
  expect([first.mail.length, second.mail.length]).toEqual([2, 8]);
  expect(hop.servers?.().map(({ isReached }) => isReached)).toEqual([true, true]);
});

test('where every server is left alone nothing is to be claimed, and then one message at a time', async () => {
  const { hop, pass } = hopsAt(await freePort());
  for (let count = 0; count < 3; count++) {
    expect(hop.askLeave?.()).toBe(true);
    expect(words(await hop.deliver(aMail()))).toEqual(['b@two.example deferred']);
  }
  expect(hop.askLeave?.()).toBe(false);
  expect(words(await hop.deliver(aMail()))).toEqual(['b@two.example deferred']);
  pass(500);
  expect([hop.askLeave?.(), hop.askLeave?.()]).toEqual([true, false]);
  // Whoever had leave found nothing to send.
  pass(1000);
  expect([hop.askLeave?.(), hop.askLeave?.()]).toEqual([true, false]);
});
