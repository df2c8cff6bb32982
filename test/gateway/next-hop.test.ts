import { createSmtpNextHop } from '../../src/gateway/smtp-next-hop.ts';
import { silentLog } from '../../src/service/log.ts';
import type { NextHop, OutgoingMail } from '../../src/service/next-hop.ts';
import { PLAIN_TRANSPORT, type TransportOptions } from '../../src/service/transport-options.ts';
import { type Script, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function aNextHop(
  script?: Script,
  extensions?: readonly string[],
): Promise<{ hop: NextHop; server: ScriptedServer }> {
  const server = await startScriptedServer(script, extensions);
  // A machine that is busy may pause for half a second; the one server that says nothing does so after the content.
  const timeouts = { connect: 5_000, command: 5_000, data: 1_000 };
  const hop = createSmtpNextHop(
    { host: '127.0.0.1', port: server.port, name: 'gateway.example', tls: 'may', connections: 2, timeouts },
    silentLog,
  );
  opened.push(
    () => server.close(),
    () => hop.close(),
  );
  return { hop, server };
}

function aMail(change: Partial<OutgoingMail> & { readonly options?: Partial<TransportOptions> } = {}): OutgoingMail {
  const { options, ...mail } = change;
  return {
    from: 'a@one.example',
    to: ['b@two.example'],
    content: [Buffer.from('X-Holdfast-Id: 1\r\n'), Buffer.from('Subject: x\r\n\r\nHello.\r\n')],
    transport: { ...PLAIN_TRANSPORT, ...options },
    ...mail,
  };
}

const words = (outcomes: readonly { recipient: string; outcome: string }[]) =>
  outcomes.map(({ recipient, outcome }) => `${recipient} ${outcome}`);

test.each([
  ['pipelined', undefined],
  ['one command at a time', ['8BITMIME']],
  ['and unconverted to a server without 8BITMIME, decision 0011', ['PIPELINING']],
])('sends a message byte for byte, %s', async (_, extensions) => {
  const { hop, server } = await aNextHop(undefined, extensions);
  const body = '.\r\n..two\r\n\r\n.\r\nbytes \xff\x00\r\nlast line without end';
  const content = [Buffer.from('X-Holdfast-Id: 1\r\n'), Buffer.from(`Subject: x\r\n\r\n${body}`, 'latin1')];
  const options = { body: '8BITMIME' } as const;
  expect(words(await hop.deliver(aMail({ content, options })))).toEqual(['b@two.example delivered']);
  expect(server.mail[0]?.data.toString('latin1')).toBe(`X-Holdfast-Id: 1\r\nSubject: x\r\n\r\n${body}\r\n`);
});

test('does not believe a server that accepts a message before it has it', async () => {
  const { hop, server } = await aNextHop((command) =>
    command === 'DATA' ? '354 go ahead\r\n250 2.0.0 ok' : undefined,
  );
  const [outcome] = await hop.deliver(aMail());
  expect(outcome?.outcome).toBe('deferred');
  expect(server.mail).toEqual([]);
});

test('hands nothing over whose claim ran out on the way, as when the process stood still', async () => {
  let isHeld = true;
  const { hop, server } = await aNextHop((command) => {
    if (command === 'DATA') isHeld = false;
    return undefined;
  });
  const [outcome] = await hop.deliver(aMail({ mayGo: () => isHeld }));
  expect(outcome?.outcome).toBe('deferred');
  expect(server.mail).toEqual([]);
  isHeld = true;
  expect(words(await hop.deliver(aMail()))).toEqual(['b@two.example delivered']);
});

test('gives lines that came without CRLF their CRLF', async () => {
  const { hop, server } = await aNextHop();
  await hop.deliver(aMail({ content: [Buffer.from('Subject: x\n\n.one\rtwo\r\n')] }));
  expect(server.mail[0]?.data.toString()).toBe('Subject: x\r\n\r\n.one\r\ntwo\r\n');
});

test('uses a connection again, and a fresh one where the server has closed it meanwhile', async () => {
  let closeNext = false;
  const { hop, server } = await aNextHop((command) => (closeNext && command.startsWith('MAIL') ? null : undefined));
  await hop.deliver(aMail());
  await hop.deliver(aMail());
  expect(server.connections()).toBe(1);
  closeNext = true;
  const again = hop.deliver(aMail());
  await new Promise((resolve) => setTimeout(resolve, 50));
  closeNext = false;
  const outcome = words(await again)[0];
  expect(['b@two.example delivered', 'b@two.example deferred']).toContain(outcome);
  expect(server.connections()).toBe(2);
  expect(words(await hop.deliver(aMail()))).toEqual(['b@two.example delivered']);
});

test('tells each recipient their own outcome', async () => {
  const replies: Record<string, string> = { b: '250 ok', c: '550 5.1.1 no such user', d: '450 4.2.0 busy' };
  const { hop, server } = await aNextHop((command) => {
    const local = /^RCPT TO:<(\w)@/.exec(command)?.[1];
    return local === undefined ? undefined : replies[local];
  });
  const outcomes = await hop.deliver(aMail({ to: ['b@two.example', 'c@two.example', 'd@two.example'] }));
  const said = { server: '127.0.0.1', takesDsn: true };
  expect(outcomes).toEqual([
    { recipient: 'b@two.example', outcome: 'delivered', reply: '250 2.0.0 ok', ...said },
    { recipient: 'c@two.example', outcome: 'failed', reply: '550 5.1.1 no such user', ...said },
    { recipient: 'd@two.example', outcome: 'deferred', reply: '450 4.2.0 busy', ...said },
  ]);
  expect(server.mail).toHaveLength(1);
});

test.each<[string, Script, string]>([
  ['the sender is refused', (command) => (command.startsWith('MAIL') ? '553 5.1.8 no' : undefined), 'failed'],
  ['the sender is deferred', (command) => (command.startsWith('MAIL') ? '451 4.3.0 later' : undefined), 'deferred'],
  ['all recipients are refused', (command) => (command.startsWith('RCPT') ? '550 5.1.1 no' : undefined), 'failed'],
  ['DATA is refused', (command) => (command === 'DATA' ? '554 5.5.1 no' : undefined), 'failed'],
  ['the content is refused', (command) => (command === '(data)' ? '554 5.6.0 no' : undefined), 'failed'],
  ['the content is deferred', (command) => (command === '(data)' ? '451 4.3.0 later' : undefined), 'deferred'],
  ['the greeting is 554', (command) => (command === '(greeting)' ? '554 5.3.2 go away' : undefined), 'deferred'],
  ['the server hangs up after RCPT', (command) => (command.startsWith('RCPT') ? null : undefined), 'deferred'],
  ['the server hangs up after the content', (command) => (command === '(data)' ? null : undefined), 'deferred'],
  ['the server says 421', (command) => (command.startsWith('MAIL') ? '421 4.3.2 bye' : undefined), 'deferred'],
  ['the server talks nonsense', (command) => (command.startsWith('MAIL') ? 'hello' : undefined), 'deferred'],
  ['the server says nothing', (command) => (command === '(data)' ? '' : undefined), 'deferred'],
])('where %s, the outcome is one of the message, and the next message goes', async (_, script, expected) => {
  let isBad = true;
  const { hop, server } = await aNextHop((command, connection) => (isBad ? script(command, connection) : undefined));
  expect(words(await hop.deliver(aMail()))).toEqual([`b@two.example ${expected}`]);
  // A server that goes on to DATA without a recipient gets nothing but the dot (RFC 2920 section 3.1).
  expect(server.mail.filter(({ data }) => data.length > 0)).toEqual([]);
  isBad = false;
  expect(words(await hop.deliver(aMail()))).toEqual(['b@two.example delivered']);
  expect(server.mail.at(-1)?.data.toString()).toContain('Hello.');
});

test('defers where nobody listens', async () => {
  const { hop, server } = await aNextHop();
  await server.close();
  expect(words(await hop.deliver(aMail()))).toEqual(['b@two.example deferred']);
});

test('sends recipients over the server’s limit in another transaction', async () => {
  let count = 0;
  const { hop, server } = await aNextHop((command) => {
    if (command.startsWith('MAIL')) count = 0;
    if (!command.startsWith('RCPT')) return undefined;
    count += 1;
    return count > 2 ? '452 4.5.3 too many recipients' : undefined;
  });
  const to = ['b', 'c', 'd', 'e', 'f'].map((local) => `${local}@two.example`);
  expect(words(await hop.deliver(aMail({ to }))).sort()).toEqual(to.map((one) => `${one} delivered`));
  expect(server.mail).toHaveLength(3);
});

test('passes on BODY, SMTPUTF8 and DSN wishes where they are offered', async () => {
  const options: Partial<TransportOptions> = {
    body: '8BITMIME',
    smtpUtf8: true,
    ret: 'HDRS',
    envid: 'QQ+2B314',
    recipients: { 'b@two.example': { notify: ['FAILURE', 'DELAY'], orcpt: 'rfc822;b+2Bx@two.example' } },
  };
  const offered = await aNextHop();
  await offered.hop.deliver(aMail({ options }));
  expect(offered.server.mail[0]?.commands.slice(-3)).toEqual([
    'MAIL FROM:<a@one.example> SIZE=40 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ+2B314',
    'RCPT TO:<b@two.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b+2Bx@two.example',
    'DATA',
  ]);
  const plain = await aNextHop(undefined, []);
  await plain.hop.deliver(aMail({ options }));
  expect(plain.server.mail[0]?.commands.slice(-3)).toEqual([
    'MAIL FROM:<a@one.example>',
    'RCPT TO:<b@two.example>',
    'DATA',
  ]);
});

test.each<[string, Partial<OutgoingMail>, readonly string[]]>([
  ['an address needs SMTPUTF8', { to: ['bücher@two.example'] }, ['PIPELINING']],
  [
    'a header needs SMTPUTF8',
    { content: [Buffer.from('Subject: Bücher\r\n\r\nx')], transport: { ...PLAIN_TRANSPORT, smtpUtf8: true } },
    ['PIPELINING'],
  ],
  ['the message is too large', {}, ['SIZE 20']],
])('fails at once where %s and the server does not offer it', async (_, change, extensions) => {
  const { hop, server } = await aNextHop(undefined, extensions);
  const outcomes = await hop.deliver(aMail(change));
  expect(outcomes[0]?.outcome).toBe('failed');
  expect(outcomes[0]?.reply).toMatch(/^55[02] 5\.(6\.7|3\.4) /);
  expect(server.mail).toEqual([]);
});

test('never lets an address become another command', async () => {
  const { hop, server } = await aNextHop();
  const evil = 'b@two.example>\r\nRCPT TO:<spy@evil.example';
  const outcomes = await hop.deliver(aMail({ to: [evil, 'c@two.example'] }));
  expect(words(outcomes)).toEqual([`${evil} failed`, 'c@two.example delivered']);
  await hop.deliver(aMail({ from: 'a@one.example> SIZE=1\r\nRSET' }));
  expect(server.mail).toHaveLength(1);
  expect(server.mail[0]?.commands.join(' ')).not.toContain('evil');
});

test('opens no more connections than it may', async () => {
  const { hop, server } = await aNextHop();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => hop.deliver(aMail())));
  expect(outcomes.flat().every(({ outcome }) => outcome === 'delivered')).toBe(true);
  expect(server.mail).toHaveLength(20);
  expect(server.connections()).toBeLessThanOrEqual(2);
});
