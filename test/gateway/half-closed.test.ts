import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { aGateway, closeGateways } from './a-gateway.ts';

// Exim sends QUIT with the final dot, ends its side, and takes a connection that closes without a reply for a mail that was not taken.

afterEach(closeGateways);

const HEAD = 'EHLO client.example\r\nMAIL FROM:<a@one.example>\r\nRCPT TO:<b@two.example>\r\n';

async function say(port: number, ...steps: readonly string[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(socket, 'data');
  for (const step of steps) {
    socket.write(step);
    if (step !== steps.at(-1)) await sleep(30);
  }
  socket.end();
  await once(socket, 'close');
  return said;
}

/** A store that takes longer than the client takes to end its side. */
const slow = async () => {
  await sleep(150);
  return { ok: true, value: { id: 'id-1' } } as const;
};

test('a client that sends all at once and ends its side is answered', async () => {
  const { gateway } = await aGateway({ receive: slow });
  const said = await say(
    gateway.port,
    'EHLO client.example\r\n',
    `${HEAD.slice(21)}BDAT 24 LAST\r\nSubject: one\r\n\r\nHello.\r\nQUIT\r\n`,
  );
  expect(said).toMatch(/^250 2\.0\.0 queued as id-1\r\n221 /m);
});

test.each([
  ['DATA', ['DATA\r\n', 'Subject: one\r\n\r\nHello.\r\n.\r\nQUIT\r\n']],
  ['BDAT', ['BDAT 24 LAST\r\nSubject: one\r\n\r\nHello.\r\nQUIT\r\n']],
])('a client that ends its side after %s and QUIT is answered', async (_way, steps) => {
  const { gateway } = await aGateway({ receive: slow });
  const said = await say(gateway.port, ...HEAD.split(/(?<=\n)/), ...steps);
  expect(said).toMatch(/^250 2\.0\.0 queued as id-1\r\n221 /m);
});

test('a client that ends its side in the middle of a message is not waited for, and nothing is stored', async () => {
  const { gateway, mail } = await aGateway();
  const said = await say(gateway.port, ...HEAD.split(/(?<=\n)/), 'DATA\r\n', 'Subject: one\r\n\r\nHel');
  expect(said).not.toContain('queued');
  expect(mail).toEqual([]);
});

test('a client that ends its side between messages is not waited for', async () => {
  const { gateway } = await aGateway();
  expect(await say(gateway.port, 'EHLO client.example\r\n')).toContain('250');
});
