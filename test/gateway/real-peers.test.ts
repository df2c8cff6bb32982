import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { type ByteSource, memorySource } from '../../src/core/byte-source.ts';
import { createSmtpNextHop } from '../../src/gateway/smtp-next-hop.ts';
import { createSmtpUsers, makeSmtpUser } from '../../src/gateway/smtp-users.ts';
import { silentLog } from '../../src/service/log.ts';
import type { OutgoingMail, RecipientOutcome } from '../../src/service/next-hop.ts';
import { PLAIN_TRANSPORT } from '../../src/service/transport-options.ts';
import { aCertificate } from '../services/a-certificate.ts';
import { describeWithSwaks } from '../services/real-servers.ts';
import { aGateway, closeGateways } from './a-gateway.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await closeGateways();
});

describeWithSwaks('swaks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-swaks-'));
  const usersFile = join(folder, 'users');
  let tls: ReturnType<typeof aCertificate>;
  beforeAll(async () => {
    tls = aCertificate('localhost');
    writeFileSync(usersFile, `${await makeSmtpUser('forms', 'correct horse battery', '*@department.example')}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const swaks = (port: number, ...args: readonly string[]) =>
    new Promise<string>((resolve) => {
      const fixed = ['--server', `127.0.0.1:${port}`, '--helo', 'client.example', '--to', 'b@two.example'];
      execFile('swaks', [...fixed, '--body', 'Hello.', ...args], { timeout: 10_000 }, (_, out, errors) =>
        resolve(out + errors),
      );
    });

  const aTrustedGateway = () =>
    aGateway({
      tls,
      users: createSmtpUsers(usersFile, () => performance.now()),
      clients: '192.0.2.0/24',
      proxies: '127.0.0.1',
    });

  test.each(['PLAIN', 'LOGIN'])('signs in by %s under TLS and sends', async (method) => {
    const { gateway, mail } = await aTrustedGateway();
    const user = ['--auth', method, '--auth-user', 'forms', '--auth-password', 'correct horse battery'];
    expect(await swaks(gateway.port, '--tls', ...user, '--from', 'a@department.example')).toContain(
      '<~  250 2.0.0 queued as id-1',
    );
    expect(mail[0]?.transport).toMatchObject({ received: { user: 'forms', protocol: 'ESMTPSA' } });
    expect(await swaks(gateway.port, '--tls', ...user, '--from', 'a@one.example')).toContain('553 5.7.1');
  });

  test('speaks for another client by XCLIENT, and pipelines', async () => {
    const { gateway, mail } = await aTrustedGateway();
    const client = ['--xclient', 'ADDR=192.0.2.9 NAME=pc.department.example', '--pipeline'];
    expect(await swaks(gateway.port, ...client, '--from', 'a@one.example')).toContain('250 2.0.0 queued as id-1');
    expect(mail[0]?.transport).toMatchObject({
      received: { address: '192.0.2.9', name: 'pc.department.example', via: '127.0.0.1' },
    });
    expect(await swaks(gateway.port, '--xclient', 'ADDR=198.51.100.9', '--from', 'a@one.example')).toContain(
      '530 5.7.0',
    );
  });
});

describe('a next hop of smtp-server', () => {
  interface Taken {
    readonly envelope: SMTPServerSession['envelope'];
    readonly bytes: string;
  }

  async function aSink(options: SMTPServerOptions = {}) {
    const taken: Taken[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      logger: false,
      hideDSN: false,
      ...options,
      onData(stream, { envelope }, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          taken.push({ envelope, bytes: Buffer.concat(chunks).toString('utf8') });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
    return { taken, port: (server.server.address() as AddressInfo).port };
  }

  async function deliver(port: number, mail: Partial<OutgoingMail>): Promise<RecipientOutcome | undefined> {
    const hop = createSmtpNextHop({ host: '127.0.0.1', port, name: 'gateway.example', tls: 'off' }, silentLog);
    closing.push(() => hop.close());
    const content = [Buffer.from('Subject: Bücher\r\n\r\nBücher.\r\n')];
    const whole = { from: 'a@one.example', to: ['bücher@two.example'], content, transport: PLAIN_TRANSPORT, ...mail };
    return (await hop.deliver(whole))[0];
  }

  test('has SMTPUTF8, 8BITMIME and the wishes of DSN passed on', async () => {
    const { taken, port } = await aSink();
    const recipients = { 'bücher@two.example': { notify: ['SUCCESS'], orcpt: null } };
    const wishes = { body: '8BITMIME', smtpUtf8: true, ret: 'HDRS', envid: 'QQ314' } as const;
    const transport = { ...PLAIN_TRANSPORT, ...wishes, recipients };
    expect(await deliver(port, { transport })).toMatchObject({ outcome: 'delivered', takesDsn: true });
    expect(taken[0]).toMatchObject({
      envelope: { smtpUtf8: true, bodyType: '8bitmime', dsn: { ret: 'HDRS', envid: 'QQ314' } },
      bytes: 'Subject: Bücher\r\n\r\nBücher.\r\n',
    });
    expect(taken[0]?.envelope.rcptTo[0]).toMatchObject({ address: 'bücher@two.example', dsn: { notify: ['SUCCESS'] } });
  });

  test('without SMTPUTF8 is sent nothing that needs it, and what does not need it after all', async () => {
    const { taken, port } = await aSink({ hideSMTPUTF8: true });
    expect(await deliver(port, {})).toMatchObject({ outcome: 'failed', reply: expect.stringMatching(/^550 5\.6\.7 /) });
    const plain = { to: ['b@two.example'], transport: { ...PLAIN_TRANSPORT, smtpUtf8: true } };
    expect(await deliver(port, plain)).toMatchObject({ outcome: 'failed' });
    const content = [Buffer.from('Subject: books\r\n\r\nBücher.\r\n')];
    expect(await deliver(port, { ...plain, content })).toMatchObject({ outcome: 'delivered' });
    expect(taken).toHaveLength(1);
  });
});

test('a large message is read no faster than the next hop takes it', async () => {
  const chunk = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(1000));
  const count = 64;
  let asked = 0;
  const large: ByteSource = {
    ...memorySource(Buffer.alloc(0)),
    memory: null,
    size: chunk.length * count,
    async *stream() {
      for (; asked < count; asked += 1) yield chunk;
    },
  };
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {}).write('220 slow.example ESMTP\r\n');
    socket.on('data', (bytes: Buffer) => {
      const command = bytes.toString('latin1', 0, 4);
      if (command === 'DATA') {
        socket.write('354 go ahead\r\n');
        socket.pause();
      } else if (/^(?:EHLO|MAIL|RCPT)$/.test(command)) socket.write('250 ok\r\n');
      else if (bytes.subarray(-5).equals(Buffer.from('\r\n.\r\n'))) socket.write('250 2.0.0 ok\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const hop = createSmtpNextHop({ host: '127.0.0.1', port, name: 'gateway.example', tls: 'off' }, silentLog);
  closing.push(
    () => new Promise<void>((resolve) => server.close(() => resolve())),
    () => hop.close(),
  );
  const sent = hop.deliver({
    from: 'a@one.example',
    to: ['b@two.example'],
    content: [large],
    transport: PLAIN_TRANSPORT,
  });
  await sleep(400);
  // What stands in the buffers of two sockets.
  expect(asked).toBeLessThan(count / 2);
  sockets[0]?.resume();
  expect((await sent)[0]).toMatchObject({ outcome: 'delivered' });
  expect(asked).toBe(count);
});
