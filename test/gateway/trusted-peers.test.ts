import { receivedHeader } from '../../src/service/received-header.ts';
import { parseTransportOptions } from '../../src/service/transport-options.ts';
import { aGateway, closeGateways, type Received } from './a-gateway.ts';
import { SmtpTalk } from './smtp-talk.ts';

afterEach(closeGateways);

const BODY = 'Subject: hello\r\n\r\nHello.';
const transportOf = (mail: Received | undefined) => parseTransportOptions(mail?.transport ?? {});
const trace = (mail: Received | undefined) =>
  receivedHeader('m1', Date.parse('2016-01-20T09:22:00Z'), transportOf(mail).received, 'gateway.example').join('\r\n');

describe('a peer that is not trusted', () => {
  test.each(['XFORWARD ADDR=192.0.2.9', 'XCLIENT ADDR=192.0.2.9'])(
    'is refused %s, and is not offered it',
    async (line) => {
      const { talk } = await aGateway();
      expect(await talk.say('EHLO client.example')).not.toMatch(/XCLIENT|XFORWARD/);
      expect(await talk.say(line)).toMatch(/^550 5\.7\.0 /);
    },
  );
});

describe('XFORWARD of a trusted peer', () => {
  const trusted = { proxies: '127.0.0.0/8' };

  test('is kept of one message alone, and stands in its trace beside the peer', async () => {
    const { talk, mail } = await aGateway(trusted);
    expect(await talk.say('EHLO mta.example')).toContain('XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE');
    expect(await talk.say('XFORWARD NAME=pc.department.example ADDR=IPv6:2001:db8::9')).toBe('250 2.0.0 ok');
    expect(await talk.say('XFORWARD HELO=pc+2Edepartment')).toBe('250 2.0.0 ok');
    for (let count = 0; count < 2; count++) {
      await talk.say('MAIL FROM:<a@one.example>');
      await talk.say('RCPT TO:<b@two.example>');
      await talk.say('DATA');
      await talk.say(`${BODY}\r\n.`);
    }
    expect(transportOf(mail[0])).toMatchObject({
      received: {
        helo: 'pc.department',
        name: 'pc.department.example',
        address: '2001:db8::9',
        via: '127.0.0.1',
        protocol: 'ESMTP',
      },
      forwarded: { NAME: 'pc.department.example', ADDR: 'IPv6:2001:db8::9', HELO: 'pc+2Edepartment' },
    });
    expect(trace(mail[0])).toBe(
      'Received: from pc.department (pc.department.example [IPv6:2001:db8::9])\r\n\t(named by [127.0.0.1])\r\n' +
        '\tby gateway.example (Holdfast) with ESMTP id m1;\r\n\tWed, 20 Jan 2016 09:22:00 +0000',
    );
    expect(transportOf(mail[1]).received).toEqual({ helo: 'mta.example', address: '127.0.0.1', protocol: 'ESMTP' });
    expect(transportOf(mail[1]).forwarded).toBeUndefined();
  });

  test('that knows nothing leaves the peer itself in the trace', async () => {
    const { talk, mail } = await aGateway(trusted);
    await talk.say('EHLO mta.example');
    await talk.say('XFORWARD NAME=[UNAVAILABLE] ADDR=[UNAVAILABLE] HELO=[UNAVAILABLE]');
    await talk.say('MAIL FROM:<a@one.example>');
    await talk.say('RCPT TO:<b@two.example>');
    await talk.say('DATA');
    await talk.say(`${BODY}\r\n.`);
    expect(transportOf(mail[0]).received).toEqual({ helo: 'mta.example', address: '127.0.0.1', protocol: 'ESMTP' });
  });

  test.each([
    'XFORWARD',
    'XFORWARD COLOUR=red',
    'XFORWARD ADDR=not-an-address',
    'XFORWARD HELO=a+0D+0ABcc:',
    `XFORWARD HELO=${'x'.repeat(256)}`,
  ])('is refused where it is %s', async (line) => {
    const { talk } = await aGateway(trusted);
    await talk.say('EHLO mta.example');
    expect(await talk.say(line)).toMatch(/^501 5\.5\.4 /);
  });

  test('has no place within a transaction', async () => {
    const { talk } = await aGateway(trusted);
    await talk.say('EHLO mta.example');
    await talk.say('MAIL FROM:<a@one.example>');
    expect(await talk.say('XFORWARD ADDR=192.0.2.9')).toMatch(/^503 5\.5\.1 /);
  });
});

describe('XCLIENT of a trusted peer', () => {
  test('makes the session another client’s, who must be allowed', async () => {
    const { talk, mail } = await aGateway({ proxies: '127.0.0.1', clients: '192.0.2.0/24' });
    expect(await talk.say('EHLO proxy.example')).toContain('XCLIENT NAME ADDR PORT PROTO HELO LOGIN');
    expect(await talk.say('MAIL FROM:<a@one.example>')).toMatch(/^554 5\.7\.1 /);
    expect(await talk.say('XCLIENT NAME=pc.department.example ADDR=192.0.2.9')).toMatch(/^220 /);
    expect(await talk.say('EHLO pc.department')).not.toContain('XCLIENT');
    expect(await talk.send('<a@one.example>', ['<b@two.example>'], BODY)).toMatch(/^250 /);
    expect(transportOf(mail[0]).received).toMatchObject({
      helo: 'client.example',
      name: 'pc.department.example',
      address: '192.0.2.9',
      via: '127.0.0.1',
    });
  });

  test('of a client outside the networks is refused mail', async () => {
    const { talk } = await aGateway({ proxies: '127.0.0.1', clients: '192.0.2.0/24' });
    await talk.say('EHLO proxy.example');
    await talk.say('XCLIENT ADDR=198.51.100.9');
    await talk.say('EHLO elsewhere.example');
    expect(await talk.say('MAIL FROM:<a@one.example>')).toMatch(/^554 5\.7\.1 /);
  });

  test('that vouches for a user lets the user send, and the record names the user', async () => {
    const { talk, mail } = await aGateway({ proxies: '127.0.0.1', clients: '192.0.2.0/24' });
    await talk.say('EHLO proxy.example');
    expect(await talk.say('XCLIENT ADDR=198.51.100.9 LOGIN=mailer')).toMatch(/^220 /);
    expect(await talk.send('<a@one.example>', ['<b@two.example>'], BODY)).toMatch(/^250 /);
    expect(transportOf(mail[0]).received).toMatchObject({ user: 'mailer', address: '198.51.100.9' });
  });
});

describe('limits of one client', () => {
  const limits = { connections: 0, messagesPerMinute: 0, recipientsPerMinute: 0 };

  test('on connections put off the next one, and count down again', async () => {
    const { gateway, talk } = await aGateway({ clientLimits: { ...limits, connections: 1 } });
    const second = await SmtpTalk.open(gateway.port);
    expect(second.greeting).toMatch(/^421 4\.7\.0 /);
    second.talk.close();
    await talk.say('QUIT');
    talk.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const third = await SmtpTalk.open(gateway.port);
    expect(third.greeting).toMatch(/^220 /);
    third.talk.close();
  });

  test('on messages and recipients put off what is over, and each client has its own', async () => {
    const { talk } = await aGateway({
      proxies: '127.0.0.1',
      clientLimits: { ...limits, messagesPerMinute: 2, recipientsPerMinute: 3 },
    });
    await talk.say('EHLO mta.example');
    const send = async (client: string, recipients: number) => {
      await talk.say(`XFORWARD ADDR=${client}`);
      const replies = [await talk.say('MAIL FROM:<a@one.example>')];
      for (let count = 0; count < recipients; count++) replies.push(await talk.say(`RCPT TO:<b${count}@two.example>`));
      await talk.say('RSET');
      return replies.map((reply) => reply.slice(0, 9));
    };
    expect(await send('192.0.2.1', 2)).toEqual(['250 2.1.0', '250 2.1.5', '250 2.1.5']);
    expect(await send('192.0.2.1', 2)).toEqual(['250 2.1.0', '250 2.1.5', '450 4.7.1']);
    expect(await send('192.0.2.1', 0)).toEqual(['450 4.7.1']);
    expect(await send('192.0.2.2', 1)).toEqual(['250 2.1.0', '250 2.1.5']);
  });
});
