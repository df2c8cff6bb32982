import fc from 'fast-check';
import { aGateway, closeGateways } from './a-gateway.ts';

afterEach(closeGateways);

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1');

/** MAIL and RCPT, accepted. */
async function begun(options: Parameters<typeof aGateway>[0] = {}) {
  const setting = await aGateway(options);
  await setting.talk.say('EHLO client.example');
  await setting.talk.say('MAIL FROM:<a@one.example> BODY=8BITMIME');
  await setting.talk.say('RCPT TO:<b@two.example>');
  return setting;
}

test('takes a message in chunks, dots and all, and the next mail on the same connection', async () => {
  const { talk, mail } = await begun();
  const chunks = ['Subject: hello\r\n\r\n', '.\r\n..\r\n', 'Hello.\r\n.\r\n'];
  for (const [index, chunk] of chunks.entries()) {
    const isLast = index === chunks.length - 1;
    talk.write(`BDAT ${chunk.length}${isLast ? ' LAST' : ''}\r\n${chunk}`);
    expect(await talk.reply()).toBe(isLast ? '250 2.0.0 queued as id-1' : `250 2.0.0 ${chunk.length} octets received`);
  }
  expect(text(mail[0]?.content)).toBe(chunks.join(''));
  expect(mail[0]).toMatchObject({
    envelope: { from: 'a@one.example', to: ['b@two.example'] },
    transport: { body: '8BITMIME' },
  });
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], 'Subject: x\r\n\r\ny')).toBe(
    '250 2.0.0 queued as id-2',
  );
});

test('takes pipelined chunks, and an empty last one', async () => {
  const { talk, mail } = await begun();
  talk.write('BDAT 14\r\nSubject: x\r\n\r\nBDAT 3\r\ny\r\nBDAT 0 LAST\r\nNOOP\r\n');
  const replies = [await talk.reply(), await talk.reply(), await talk.reply(), await talk.reply()];
  expect(replies).toEqual([
    '250 2.0.0 14 octets received',
    '250 2.0.0 3 octets received',
    '250 2.0.0 queued as id-1',
    '250 2.0.0 OK',
  ]);
  expect(text(mail[0]?.content)).toBe('Subject: x\r\n\r\ny\r\n');
});

test('any bytes in any chunks, cut by the network anywhere, are one message', async () => {
  const { talk, mail } = await aGateway();
  await talk.say('EHLO client.example');
  const octets = fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d));
  await fc.assert(
    fc.asyncProperty(
      fc.array(octets, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(30), { maxLength: 6 }),
      async (chunks, cuts) => {
        const commands = chunks.map((chunk, index) =>
          Buffer.concat([Buffer.from(`BDAT ${chunk.length}${index === chunks.length - 1 ? ' LAST' : ''}\r\n`), chunk]),
        );
        const wire = Buffer.concat([
          Buffer.from('MAIL FROM:<a@one.example>\r\nRCPT TO:<b@two.example>\r\n'),
          ...commands,
        ]);
        let at = 0;
        for (const cut of cuts) {
          talk.write(wire.subarray(at, at + cut));
          at += cut;
          await new Promise((resolve) => setImmediate(resolve));
        }
        talk.write(wire.subarray(Math.min(at, wire.length)));
        for (let count = 0; count < chunks.length + 1; count++) expect(await talk.reply()).toMatch(/^250 /);
        expect(await talk.reply()).toMatch(/^250 2\.0\.0 queued as /);
        expect(Buffer.from(mail.at(-1)?.content ?? []).equals(Buffer.concat(chunks))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test.each<[string, readonly string[], RegExp]>([
  ['before MAIL', [], /^503 5\.5\.1 /],
  ['before RCPT', ['MAIL FROM:<a@one.example>'], /^503 5\.5\.1 /],
])('a chunk %s is read, refused, and never taken for commands', async (_, commands, expected) => {
  const { talk, mail } = await aGateway();
  await talk.say('EHLO client.example');
  for (const command of commands) await talk.say(command);
  const evil = 'RSET\r\nMAIL FROM:<evil@one.example>\r\n';
  talk.write(`BDAT ${evil.length} LAST\r\n${evil}`);
  expect(await talk.reply()).toMatch(expected);
  expect(await talk.say('NOOP')).toMatch(/^250 /);
  expect(mail).toEqual([]);
});

test('DATA and RCPT have no place after a chunk, and RSET begins anew', async () => {
  const { talk, mail } = await begun();
  talk.write('BDAT 3\r\nabc');
  await talk.reply();
  expect(await talk.say('DATA')).toMatch(/^503 5\.5\.1 /);
  expect(await talk.say('RCPT TO:<c@two.example>')).toMatch(/^503 5\.5\.1 /);
  expect(await talk.say('RSET')).toMatch(/^250 /);
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], 'Subject: x\r\n\r\ny')).toMatch(/^250 /);
  expect(mail).toHaveLength(1);
});

test('what is too large is refused at the chunk that goes past the limit, and so is all that follows until RSET', async () => {
  const { talk, mail } = await begun({ limits: { messageBytes: 100 } });
  talk.write(`BDAT 90\r\n${'x'.repeat(90)}BDAT 11\r\n${'x'.repeat(11)}BDAT 1 LAST\r\nx`);
  expect(await talk.reply()).toMatch(/^250 /);
  expect(await talk.reply()).toMatch(/^552 5\.3\.4 /);
  expect(await talk.reply()).toMatch(/^503 5\.5\.1 /);
  expect(await talk.say('DATA')).toMatch(/^503 /);
  expect(mail).toEqual([]);
  expect(await talk.send('<a@one.example>', ['<b@two.example>'], 'Subject: x\r\n\r\ny')).toMatch(/^250 /);
});

test('line ends are held to the same rule as after DATA', async () => {
  const { talk, mail } = await begun();
  talk.write('BDAT 7 LAST\r\none\ntwo');
  expect(await talk.reply()).toMatch(/^550 5\.5\.2 /);
  expect(mail).toEqual([]);
});

test('a chunk without a size ends the connection: nobody knows where commands begin again', async () => {
  const { talk } = await begun();
  expect(await talk.say('BDAT many LAST')).toMatch(/^421 /);
});

test('a chunk larger than any message is not waited for', async () => {
  const { talk, mail } = await begun({ limits: { messageBytes: 100 } });
  talk.write('BDAT 3\r\nabc');
  await talk.reply();
  expect(await talk.say('BDAT 101 LAST')).toMatch(/^552 5\.3\.4 /);
  expect(await talk.reply()).toBe('(closed)');
  expect(mail).toEqual([]);
});

test.each([
  ['within a chunk', 'BDAT 10\r\nabc'],
  ['between chunks', 'BDAT 3\r\nabc'],
])('a message whose client leaves %s is not stored', async (_, sent) => {
  const { talk, mail } = await begun();
  talk.write(sent);
  await new Promise((resolve) => setTimeout(resolve, 50));
  talk.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(mail).toEqual([]);
});

test('a client that says nothing between two chunks is sent away', async () => {
  const { talk, mail } = await begun({ limits: { idleMs: 200 } });
  talk.write('BDAT 3\r\nabc');
  await talk.reply();
  expect(await talk.reply()).toMatch(/^421 4\.4\.2 /);
  expect(mail).toEqual([]);
});
