import { type AddressInfo, createServer } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { ClientTls } from '../../src/gateway/smtp-client.ts';
import { createSmtpNextHop } from '../../src/gateway/smtp-next-hop.ts';
import { silentLog } from '../../src/service/log.ts';
import type { RecipientOutcome } from '../../src/service/next-hop.ts';
import { PLAIN_TRANSPORT } from '../../src/service/transport-options.ts';
import { aCertificate } from '../services/a-certificate.ts';
import { describeWithOpenssl } from '../services/real-servers.ts';
import { startScriptedServer } from './scripted-server.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function aServer(certificate: { readonly key: string; readonly cert: string }) {
  const sessions: boolean[] = [];
  const server = new SMTPServer({
    ...certificate,
    logger: false,
    authOptional: true,
    disabledCommands: ['AUTH'],
    onData(stream, session, done) {
      stream.resume().on('end', () => {
        sessions.push(session.secure);
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, sessions };
}

async function deliver(port: number, tls: ClientTls, ca?: string): Promise<RecipientOutcome['outcome'] | undefined> {
  const hop = createSmtpNextHop(
    {
      host: 'localhost',
      port,
      name: 'gateway.example',
      tls,
      timeouts: { connect: 1000, command: 1000, data: 1000 },
      ...(ca === undefined ? {} : { ca }),
    },
    silentLog,
  );
  const content = [Buffer.from('Subject: x\r\n\r\nHello.\r\n')];
  const outcomes = await hop.deliver({
    from: 'a@one.example',
    to: ['b@two.example'],
    content,
    transport: PLAIN_TRANSPORT,
  });
  await hop.close();
  return outcomes[0]?.outcome;
}

describeWithOpenssl('with certificates', () => {
  test.each<[string, ClientTls, string, boolean, RecipientOutcome['outcome'], readonly boolean[]]>([
    ['may takes TLS from whoever offers it', 'may', 'elsewhere.example', false, 'delivered', [true]],
    ['off takes none', 'off', 'localhost', false, 'delivered', [false]],
    ['verify takes the right name by a trusted authority', 'verify', 'localhost', true, 'delivered', [true]],
    ['verify refuses another name', 'verify', 'elsewhere.example', true, 'deferred', []],
    ['verify refuses an unknown authority', 'verify', 'localhost', false, 'deferred', []],
  ])('%s', async (_, tls, name, isTrusted, expected, sessions) => {
    const certificate = aCertificate(name);
    const server = await aServer(certificate);
    expect(await deliver(server.port, tls, isTrusted ? certificate.cert : undefined)).toBe(expected);
    expect(server.sessions).toEqual(sessions);
  });
});

test('verify sends nothing to a server without STARTTLS', async () => {
  const server = await startScriptedServer();
  closing.push(() => server.close());
  expect(await deliver(server.port, 'verify')).toBe('deferred');
  expect(server.mail).toEqual([]);
});

test('words slipped in before the handshake are not taken for the server’s', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {}).write('220 sink.example ESMTP\r\n');
    socket.on('data', (chunk: Buffer) => {
      if (chunk.toString().startsWith('EHLO')) socket.write('250-sink.example\r\n250 STARTTLS\r\n');
      else socket.write('220 go ahead\r\n250-sink.example\r\n250 PIPELINING\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  expect(await deliver((server.address() as AddressInfo).port, 'may')).toBe('deferred');
});
