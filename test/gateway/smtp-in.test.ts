import fc from 'fast-check';
import { parseClientNetworks } from '../../src/gateway/client-networks.ts';
import { createSmtpNextHop } from '../../src/gateway/smtp-next-hop.ts';
import { silentLog } from '../../src/service/log.ts';
import type { IncomingMessage } from '../../src/service/ports.ts';
import { PLAIN_TRANSPORT } from '../../src/service/transport-options.ts';
import { FakeMessageStore } from '../fakes/fake-message-store.ts';
import { aCertificate } from '../services/a-certificate.ts';
import { describeWithOpenssl } from '../services/real-servers.ts';
import { aGateway, closeGateways, type Receive } from './a-gateway.ts';
import { SmtpTalk } from './smtp-talk.ts';

afterEach(closeGateways);

const BODY = 'Subject: hello\r\n\r\nHello.';
const refuse =
  (kind: 'not-ready' | 'invalid'): Receive =>
  async () => ({
    ok: false,
    refusal: { kind, message: 'no registers' },
  });

test('says 250 only once the message is stored, and ends the reply with its id', async () => {
  const stored = Promise.withResolvers<void>();
  const { talk } = await aGateway({
    receive: async () => {
      await stored.promise;
      return { ok: true, value: { id: '0192-abc' } };
    },
  });
  await talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.write(`${BODY}\r\n.\r\n`);
  const reply = talk.reply();
  const first = await Promise.race([reply, new Promise((resolve) => setTimeout(resolve, 150, 'nothing yet'))]);
  expect(first).toBe('nothing yet');
  stored.resolve();
  expect(await reply).toBe('250 2.0.0 queued as 0192-abc');
});

test('refuses to start on a port that is taken, as an error that can be caught', async () => {
  const { gateway } = await aGateway();
  await expect(aGateway({ port: gateway.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('offers what a relay needs and nothing it does not do', async () => {
  const { talk, greeting } = await aGateway();
  expect(greeting).toBe('220 gateway.example ESMTP Holdfast');
  const offered = (await talk.say('EHLO client.example')).split('\n').map((line) => line.slice(4));
  expect(offered.slice(1).sort()).toEqual(
    [
      '8BITMIME',
      'CHUNKING',
      'DSN',
      'ENHANCEDSTATUSCODES',
      'PIPELINING',
      `SIZE ${150 * 1024 * 1024}`,
      'SMTPUTF8',
    ].sort(),
  );
});

test('takes bounces, the bare postmaster and addresses as they were written', async () => {
  const { talk, mail } = await aGateway();
  const to = [
    'postmaster',
    'Mixed.Case@XN--BCHER-KVA.example',
    'dots..in.a.row.@old.example',
    '"a b@c"@quoted.example',
    'bücher@bücher.example',
    'me@[IPv6:2001:db8::1]',
    '=?x?=@odd_domain.example',
  ];
  const reply = await talk.send(
    '<>',
    to.map((one) => `<${one}>`),
    Buffer.from(BODY),
  );
  expect(reply).toBe('250 2.0.0 queued as id-1');
  expect(mail[0]?.envelope).toEqual({ from: '', to: to.map((one) => Buffer.from(one).toString()) });
});

test.each([
  ['a space', 'MAIL FROM:<a b@one.example>'],
  ['no brackets', 'MAIL FROM:a@one.example'],
  ['no domain', 'MAIL FROM:<a@>'],
  ['an invisible character', 'MAIL FROM:<a\u200b@one.example>'],
  ['a second address', 'MAIL FROM:<a@one.example><b@one.example>'],
  ['a repeated parameter', 'MAIL FROM:<a@one.example> SIZE=1 SIZE=2'],
])('refuses a sender with %s', async (_, line) => {
  const { talk } = await aGateway();
  await talk.say('EHLO client.example');
  talk.write(Buffer.from(`${line}\r\n`));
  expect(await talk.reply()).toMatch(/^501 /);
});

test.each([
  ['VRFY b@two.example', /^252 2\.1\.5 /],
  ['EXPN staff', /^502 5\.5\.1 /],
  ['HELP', /^214 /],
  ['WIZ', /^500 /],
  ['MAIL FROM:<a@one.example> REQUIRETLS', /^530|^555/],
  ['MAIL FROM:<a@one.example> BODY=BINARYMIME', /^501 /],
  ['MAIL FROM:<a@one.example> MT-PRIORITY=3', /^555 5\.5\.4 MT-PRIORITY /],
])('answers %s as the standard has it, and goes on', async (line, expected) => {
  const { talk } = await aGateway();
  await talk.say('EHLO client.example');
  expect(await talk.say(line)).toMatch(expected);
  expect(await talk.say('MAIL FROM:<a@one.example> AUTH=<>')).toMatch(/^250 /);
  expect(await talk.say('RCPT TO:<b@two.example> RRVS=2014-04-03T23:01:00Z')).toMatch(/^555 5\.5\.4 /);
  expect(await talk.say('RCPT TO:<b@two.example>')).toMatch(/^250 /);
});

test('keeps BODY, SMTPUTF8 and the DSN parameters, values in xtext as they came', async () => {
  const { talk, mail } = await aGateway();
  await talk.say('EHLO client.example');
  await talk.say('MAIL FROM:<a@one.example> BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ+2B314 SIZE=30');
  await talk.say('RCPT TO:<b@two.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b+2Bx@two.example');
  await talk.say('RCPT TO:<c@two.example>');
  await talk.say('DATA');
  await talk.say(`${BODY}\r\n.`);
  expect(mail[0]?.transport).toEqual({
    body: '8BITMIME',
    smtpUtf8: true,
    ret: 'HDRS',
    envid: 'QQ+2B314',
    recipients: { 'b@two.example': { notify: ['FAILURE', 'DELAY'], orcpt: 'rfc822;b+2Bx@two.example' } },
    received: { helo: 'client.example', address: '127.0.0.1', protocol: 'ESMTP' },
  });
});

test.each([
  ['bare LF', 'Subject: x\r\n\r\none\ntwo'],
  ['bare CR', 'Subject: x\r\n\r\none\rtwo'],
  ['LF at the start', '\nSubject: x\r\n\r\none'],
  ['a smuggled end of message', 'Subject: x\r\n\r\none\n.\r\nMAIL FROM:<evil@one.example>'],
  ['a lone CR at the end', 'Subject: x\r\n\r\none\r'],
])('refuses a message with %s and stores nothing', async (_, data) => {
  const { talk, mail } = await aGateway();
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], data)).toMatch(/^550 5\.5\.2 /);
  expect(mail).toEqual([]);
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], BODY)).toMatch(/^250 /);
});

test('refuses what is too large by its declared and by its real size, and stays usable', async () => {
  const { talk, mail } = await aGateway({ limits: { messageBytes: 1000 } });
  await talk.say('EHLO client.example');
  expect(await talk.say('MAIL FROM:<a@one.example> SIZE=1001')).toMatch(/^552 5\.3\.4 /);
  const large = `${'x'.repeat(998)}\r\n`.repeat(200);
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], large)).toMatch(/^552 5\.3\.4 /);
  expect(mail).toEqual([]);
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], BODY)).toMatch(/^250 /);
});

test('tells clients to come back while too many bytes are in hand, and counts them down again', async () => {
  const { talk } = await aGateway({ limits: { bytesInHand: 1000 } });
  const large = `${'x'.repeat(98)}\r\n`.repeat(20);
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], large)).toMatch(/^452 4\.3\.1 /);
  for (let round = 0; round < 3; round++) {
    expect(await talk.send('<a@one.example>', ['<b@two.example>'], 'x'.repeat(700))).toMatch(/^250 /);
  }
});

test('answers 452 beyond the recipient limit and takes those before it', async () => {
  const { talk, mail } = await aGateway({ limits: { recipients: 2 } });
  await talk.say('EHLO client.example');
  await talk.say('MAIL FROM:<a@one.example>');
  await talk.say('RCPT TO:<b@two.example>');
  await talk.say('RCPT TO:<c@two.example>');
  expect(await talk.say('RCPT TO:<d@two.example>')).toMatch(/^452 4\.5\.3 /);
  await talk.say('DATA');
  await talk.say(`${BODY}\r\n.`);
  expect(mail[0]?.envelope.to).toEqual(['b@two.example', 'c@two.example']);
});

test.each<[string, Receive, RegExp]>([
  ['nothing can be judged', refuse('not-ready'), /^451 4\.3\.0 /],
  ['the store is away', () => Promise.reject(new Error('connection refused')), /^451 4\.3\.0 /],
  ['the disk is full', () => Promise.reject(Object.assign(new Error('full'), { code: '53100' })), /^452 4\.3\.1 /],
  ['the store is slow', () => new Promise(() => {}), /^451 4\.3\.0 /],
  ['the message can never be taken', refuse('invalid'), /^554 5\.6\.0 /],
])('never says 250 when %s', async (_, receive, expected) => {
  const { talk } = await aGateway({ receive, limits: { replyMs: 100 } });
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], BODY)).toMatch(expected);
});

test('refuses clients outside the allowed networks', async () => {
  const { talk, greeting } = await aGateway({ clients: '192.0.2.0/24, 2001:db8::/32' });
  expect(greeting).toMatch(/^554 5\.7\.1 /);
  expect(talk.isClosed || (await talk.say('EHLO x')) !== '').toBe(true);
});

test.each(['192.0.2.0/33', 'example.org', '10.0.0.0/8/8', '::1/129', '10.0.0.0/'])(
  'names %s as a malformed network',
  (entry) => {
    expect(parseClientNetworks(`127.0.0.1, ${entry}`)).toEqual({ ok: false, error: entry });
  },
);

test('ends loops: too many hops, or its own message back to the same people', async () => {
  const store = new FakeMessageStore();
  const earlier: IncomingMessage = {
    id: 'known-1',
    kind: 'email',
    receivedAt: 0,
    publishAt: null,
    envelope: { from: 'a@one.example', to: ['b@two.example', 'c@two.example'] },
    messageId: null,
    content: Buffer.from(BODY),
    transport: {},
  };
  await store.insert(earlier);
  const { talk, mail } = await aGateway({ store });
  const hops = (count: number) => `${'Received: from x by y\r\n'.repeat(count)}${BODY}`;
  const back = `X-Holdfast-Id: known-1\r\n${BODY}`;
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], hops(101))).toMatch(
    /^554 5\.4\.6 .*100 Received headers/,
  );
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], back)).toMatch(/^554 5\.4\.6 /);
  expect(mail).toEqual([]);
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], hops(100))).toMatch(/^250 /);
  expect(await talk.send('<a@one.example>', ['<redirected@three.example>'], back)).toMatch(/^250 /);
  expect(await talk.send('<list@three.example>', ['<b@two.example>'], back)).toMatch(/^250 /);
});

test('ends a loop whose every turn changes the recipient, and a header too long to be looked through', async () => {
  const { talk, mail } = await aGateway();
  const passed = (times: number) => `${'X-Holdfast-Id: elsewhere\r\n'.repeat(times)}${BODY}`;
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], passed(21))).toMatch(/^554 5\.4\.6 mail loop/);
  const long = `${`X-Pad: ${'x'.repeat(900)}\r\n`.repeat(1200)}${BODY}`;
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], long)).toMatch(/^554 5\.6\.0 header/);
  expect(mail).toEqual([]);
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], passed(20))).toMatch(/^250 /);
});

test.each<[string, (id: string) => Promise<null>]>([
  ['away', () => Promise.reject(new Error('connection refused'))],
  ['slow', () => new Promise(() => {})],
])('a store that is %s while a loop is looked for puts the mail off', async (_, find) => {
  const { talk } = await aGateway({ find, limits: { replyMs: 100 } });
  const reply = await talk.send('<a@one.example>', ['<b@two.example>'], `X-Holdfast-Id: known-1\r\n${BODY}`);
  expect(reply).toMatch(/^451 4\.3\.0 /);
});

test('takes no mail that its disk has no room for: by the size that is declared, and by the one that came', async () => {
  const asked: number[] = [];
  const { talk, mail } = await aGateway({
    hasRoom: async (bytes) => {
      asked.push(bytes);
      return bytes < 1000;
    },
  });
  await talk.say('EHLO client.example');
  expect(await talk.say('MAIL FROM:<a@one.example> SIZE=1000')).toMatch(/^452 4\.3\.1 /);
  const large = `${BODY}\r\n${'x'.repeat(998)}`;
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], large)).toMatch(/^452 4\.3\.1 /);
  expect(mail).toEqual([]);
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], BODY)).toMatch(/^250 /);
  expect(asked).toEqual([1000, 0, large.length + 2, 0, BODY.length + 2]);
});

test('stores pipelined mails separately, equal ones too', async () => {
  const { talk, mail } = await aGateway();
  const one = `MAIL FROM:<a@one.example>\r\nRCPT TO:<b@two.example>\r\nDATA\r\n${BODY}\r\n.\r\n`;
  talk.write(`EHLO client.example\r\n${one}${one}QUIT\r\n`);
  const replies: string[] = [];
  for (let count = 0; count < 10; count++) replies.push(await talk.reply());
  expect(replies.filter((reply) => reply.includes('queued as'))).toEqual([
    '250 2.0.0 queued as id-1',
    '250 2.0.0 queued as id-2',
  ]);
  expect(mail.map(({ content }) => Buffer.from(content).toString())).toEqual([`${BODY}\r\n`, `${BODY}\r\n`]);
});

test('a message cut off by its client is not stored', async () => {
  const { talk, mail } = await aGateway();
  await talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.write(`${BODY}\r\nmore`);
  talk.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(mail).toEqual([]);
});

test('closing finishes the message in hand and sends idle clients away', async () => {
  const { gateway, talk, mail } = await aGateway();
  const { talk: idle } = await SmtpTalk.open(gateway.port);
  await talk.envelope('<a@one.example>', ['<b@two.example>']);
  talk.write('Subject: hello\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closed = gateway.close();
  expect(await idle.reply()).toMatch(/^421 /);
  talk.write('Hello.\r\n.\r\n');
  expect(await talk.reply()).toMatch(/^250 2\.0\.0 queued/);
  talk.close();
  idle.close();
  await closed;
  expect(mail).toHaveLength(1);
});

test('stores any lines byte for byte, however the network cuts them', async () => {
  const { talk, mail } = await aGateway();
  const line = fc
    .array(fc.oneof(fc.constant(0x2e), fc.integer({ min: 0, max: 255 })), { maxLength: 6 })
    .map((bytes) => bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(30), { maxLength: 8 }), async (lines, cuts) => {
      const message = Buffer.concat(lines.flatMap((bytes) => [Buffer.from(bytes), Buffer.from('\r\n')]));
      const stuffed = Buffer.concat([
        ...lines.flatMap((bytes) => [
          Buffer.from(bytes[0] === 0x2e ? '.' : ''),
          Buffer.from(bytes),
          Buffer.from('\r\n'),
        ]),
        Buffer.from('.\r\n'),
      ]);
      await talk.envelope('<a@one.example>', ['<b@two.example>']);
      let at = 0;
      for (const cut of cuts) {
        talk.write(stuffed.subarray(at, at + cut));
        at += cut;
        await new Promise((resolve) => setImmediate(resolve));
      }
      talk.write(stuffed.subarray(Math.min(at, stuffed.length)));
      expect(await talk.reply()).toMatch(/^250 2\.0\.0 queued/);
      expect(Buffer.from(mail.at(-1)?.content ?? []).equals(message)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

describeWithOpenssl('with a certificate', () => {
  test('takes mail under STARTTLS, and says so in the trace', async () => {
    const tls = aCertificate('localhost');
    const { gateway, mail, talk } = await aGateway({ tls });
    expect(await talk.say('EHLO client.example')).toContain('STARTTLS');
    const target = {
      host: 'localhost',
      port: gateway.port,
      name: 'client.example',
      tls: 'verify',
      ca: tls.cert,
    } as const;
    const hop = createSmtpNextHop(target, silentLog);
    const content = [Buffer.from(`${BODY}\r\n`)];
    const sent = { from: 'a@one.example', to: ['b@two.example'], content, transport: PLAIN_TRANSPORT };
    expect((await hop.deliver(sent))[0]).toMatchObject({ outcome: 'delivered' });
    await hop.close();
    expect(mail[0]?.transport).toMatchObject({ received: { protocol: 'ESMTPS' } });
  });
});
