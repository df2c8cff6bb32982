import { connect as connectTls, type TLSSocket } from 'node:tls';
import { createSmtpNextHop } from '../../src/gateway/smtp-next-hop.ts';
import type { SmtpUsers } from '../../src/gateway/smtp-users.ts';
import { silentLog } from '../../src/service/log.ts';
import { PLAIN_TRANSPORT } from '../../src/service/transport-options.ts';
import { aCertificate } from '../services/a-certificate.ts';
import { describeWithOpenssl } from '../services/real-servers.ts';
import { aGateway, closeGateways, type GatewayOptions } from './a-gateway.ts';
import { SmtpTalk } from './smtp-talk.ts';

const BODY = 'Subject: hello\r\n\r\nHello.';
const plain = (name: string, password: string) => Buffer.from(`\0${name}\0${password}`).toString('base64');
const base64 = (text: string) => Buffer.from(text).toString('base64');

const users: SmtpUsers = {
  async signIn(name, password) {
    if (name === 'broken') throw new Error('users cannot be read');
    return name === 'mta' && password === 'correct' ? { name, senders: ['*@one.example'] } : null;
  },
};

const sockets: TLSSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await closeGateways();
});

describeWithOpenssl('signing in', () => {
  let tls: ReturnType<typeof aCertificate>;
  beforeAll(() => {
    tls = aCertificate('localhost');
  });

  /** A client of the gateway under TLS, from an address that is in no network. */
  async function secured(options: GatewayOptions = {}, shown: { key?: string; cert?: string; trusts?: string } = {}) {
    const setting = await aGateway({ tls, users, clients: '192.0.2.0/24', ...options });
    const { talk: raw } = setting;
    await raw.say('EHLO client.example');
    await raw.say('STARTTLS');
    const talk = await raw.secure((socket) => {
      const { trusts = tls.cert, ...certificate } = shown;
      const secure = connectTls({ socket, ca: trusts, servername: 'localhost', ...certificate });
      sockets.push(secure);
      return secure;
    });
    return { ...setting, talk, ehlo: await talk.say('EHLO client.example') };
  }

  test('is offered under TLS alone, and refused in the clear', async () => {
    const { talk } = await aGateway({ tls, users });
    expect(await talk.say('EHLO client.example')).not.toContain('AUTH');
    expect(await talk.say(`AUTH PLAIN ${plain('mta', 'correct')}`)).toMatch(/^538 5\.7\.\d+ /);
    const { ehlo } = await secured();
    expect(ehlo).toContain('250-AUTH PLAIN LOGIN');
    expect(ehlo).not.toContain('STARTTLS');
  });

  test.each([
    ['PLAIN in one line', [`AUTH PLAIN ${plain('mta', 'correct')}`]],
    ['PLAIN in two', ['AUTH PLAIN', plain('mta', 'correct')]],
    ['LOGIN', ['AUTH LOGIN', base64('mta'), base64('correct')]],
  ])('by %s lets a client send from outside the networks, and the record names the user', async (_, lines) => {
    const { talk, mail } = await secured();
    expect(await talk.say('MAIL FROM:<a@one.example>')).toMatch(/^530 5\.7\.0 /);
    let reply = '';
    for (const line of lines) reply = await talk.say(line);
    expect(reply).toMatch(/^235 /);
    for (const line of ['MAIL FROM:<a@one.example>', 'RCPT TO:<b@two.example>', 'DATA']) await talk.say(line);
    expect(await talk.say(`${BODY}\r\n.`)).toMatch(/^250 /);
    expect(mail[0]?.transport).toMatchObject({ received: { user: 'mta', protocol: 'ESMTPSA' } });
  });

  test('with a wrong password is refused, and put off after ten tries', async () => {
    const { talk } = await secured();
    for (let count = 0; count < 10; count++) {
      expect(await talk.say(`AUTH PLAIN ${plain('mta', 'wrong')}`)).toMatch(/^535 5\.7\.8 /);
    }
    expect(await talk.say(`AUTH PLAIN ${plain('mta', 'correct')}`)).toMatch(/^454 4\.7\.0 /);
    expect(await talk.say('MAIL FROM:<a@one.example>')).toMatch(/^530 /);
  });

  test('is put off while users cannot be read', async () => {
    const { talk } = await secured();
    expect(await talk.say(`AUTH PLAIN ${plain('broken', 'x')}`)).toMatch(/^454 4\.7\.0 /);
  });

  test('gives no leave to send as somebody else, but for bounces', async () => {
    const { talk } = await secured();
    await talk.say(`AUTH PLAIN ${plain('mta', 'correct')}`);
    expect(await talk.say('MAIL FROM:<minister@two.example>')).toMatch(/^553 5\.7\.1 /);
    expect(await talk.say('MAIL FROM:<>')).toMatch(/^250 /);
  });

  test('clients of the networks send without it, under TLS alone where that is asked for', async () => {
    const open = await aGateway({ tls, users });
    expect(await open.talk.send('<a@one.example>', ['<b@two.example>'], BODY)).toMatch(/^250 /);
    const strict = await aGateway({ tls, requiresTls: true });
    expect(await strict.talk.send('<a@one.example>', ['<b@two.example>'], BODY)).toMatch(/^530 5\.7\.0 /);
    const { talk } = await secured({ requiresTls: true, clients: '127.0.0.0/8' });
    expect(await talk.say('MAIL FROM:<a@one.example>')).toMatch(/^250 /);
  });

  test('a client is let in by a certificate of a name that is known, by the authority that is set', async () => {
    const [mta, other, selfMade] = [
      aCertificate('mta.example'),
      aCertificate('other.example'),
      aCertificate('mta.example'),
    ];
    const certified = { authority: `${mta.cert}${other.cert}`, names: ['mta.example', 'backup.example'] };
    const { talk, mail } = await secured({ certified }, mta);
    for (const line of ['MAIL FROM:<a@one.example>', 'RCPT TO:<b@two.example>', 'DATA']) await talk.say(line);
    expect(await talk.say(`${BODY}\r\n.`)).toMatch(/^250 /);
    expect(mail[0]?.transport).toMatchObject({ received: { user: 'mta.example' } });
    for (const shown of [other, selfMade, {}]) {
      const { talk: elsewhere } = await secured({ certified }, shown);
      expect(await elsewhere.say('MAIL FROM:<a@one.example>')).toMatch(/^530 5\.7\.0 /);
    }
  });

  test('a renewed certificate is shown to whoever connects from then on', async () => {
    const { gateway } = await aGateway({ tls, users });
    const renewed = aCertificate('localhost');
    gateway.renewCertificate(renewed);
    const seen = async (ca: string) => {
      const target = { host: 'localhost', port: gateway.port, name: 'client.example', tls: 'verify', ca } as const;
      const hop = createSmtpNextHop(target, silentLog);
      const content = [Buffer.from(`${BODY}\r\n`)];
      const sent = { from: 'a@one.example', to: ['b@two.example'], content, transport: PLAIN_TRANSPORT };
      const [outcome] = await hop.deliver(sent);
      await hop.close();
      return outcome?.outcome;
    };
    expect([await seen(renewed.cert), await seen(tls.cert)]).toEqual(['delivered', 'deferred']);
    expect(() => gateway.renewCertificate({ key: renewed.key, cert: tls.cert })).toThrow();
    expect(await seen(renewed.cert)).toBe('delivered');
  });

  test('a promise that cannot be kept is not made: REQUIRETLS', async () => {
    const { talk, ehlo } = await secured({ clients: '127.0.0.0/8' });
    expect(ehlo).not.toContain('REQUIRETLS');
    expect(await talk.say('MAIL FROM:<a@one.example> REQUIRETLS')).toMatch(/^555 5\.5\.4 /);
  });

  test.each([
    ['the right password', 'verify', 'correct', 'delivered'],
    ['a wrong one', 'verify', 'wrong', 'deferred'],
    ['a name that is not proven', 'may', 'correct', 'deferred'],
  ] as const)('the next hop is signed in to with %s', async (_, way, password, outcome) => {
    const { gateway, mail } = await aGateway({ tls, users, clients: '192.0.2.0/24' });
    const credentials = { user: 'mta', password };
    const target = {
      host: 'localhost',
      port: gateway.port,
      name: 'client.example',
      tls: way,
      ca: tls.cert,
      credentials,
    };
    const hop = createSmtpNextHop(target, silentLog);
    const content = [Buffer.from(`${BODY}\r\n`)];
    const sent = { from: 'a@one.example', to: ['b@two.example'], content, transport: PLAIN_TRANSPORT };
    expect((await hop.deliver(sent))[0]).toMatchObject({ outcome });
    await hop.close();
    expect(mail).toHaveLength(outcome === 'delivered' ? 1 : 0);
  });
});

test('without a certificate nobody can sign in', async () => {
  const { talk } = await aGateway({ users });
  expect(await talk.say('EHLO client.example')).not.toContain('AUTH');
  expect(await talk.say(`AUTH PLAIN ${plain('mta', 'correct')}`)).toMatch(/^500 /);
  talk.close();
  const { talk: outside, greeting } = await aGateway({ users, clients: '192.0.2.0/24' });
  expect(greeting).toMatch(/^554 5\.7\.1 /);
  expect(outside instanceof SmtpTalk).toBe(true);
});
