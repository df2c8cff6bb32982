import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAll } from '../src/core/byte-source.ts';
import { LOOPBACK, parseClientNetworks } from '../src/gateway/client-networks.ts';
import { type MilterGateway, startMilterGateway } from '../src/gateway/milter-gateway.ts';
import { silentLog } from '../src/service/log.ts';
import { createSpools } from '../src/store/spool.ts';
import { type MilterProxy, startMilterProxy } from './gateway/milter-proxy.ts';
import { type ScriptedServer, startScriptedServer } from './gateway/scripted-server.ts';
import { SmtpTalk } from './gateway/smtp-talk.ts';
import { describeWithPostfix } from './services/real-servers.ts';
import { startPostfix, type TestPostfix } from './services/start-postfix.ts';
import { until } from './services/until.ts';

// A real Postfix asks the milter; a proxy between the two can break their connection at any step.

let sink: ScriptedServer;
let milter: MilterGateway;
let postfix: TestPostfix;
let proxy: MilterProxy;
const judged: string[] = [];
const spools = mkdtempSync(join(tmpdir(), 'holdfast-milter-'));
afterAll(() => rmSync(spools, { recursive: true, force: true }));

describeWithPostfix('as the milter of a real Postfix', () => {
  beforeAll(async () => {
    sink = await startScriptedServer();
    const networks = parseClientNetworks(LOOPBACK);
    if (!networks.ok) throw new Error(networks.error);
    milter = await startMilterGateway(
      { host: '127.0.0.1', port: 0, clients: networks.value, messageBytes: 10_000_000, progressMs: 500 },
      {
        decide: async ({ content }) => {
          const text = Buffer.from(await readAll(content)).toString('latin1');
          judged.push(text);
          if (text.includes('REJECT')) return { action: 'refuse', code: 550, text: '5.7.1 held: says 100% too much' };
          if (text.includes('QUARANTINE')) return { action: 'quarantine', reason: 'held: needs a review' };
          if (text.includes('SLOW')) await new Promise((resolve) => setTimeout(resolve, 4000));
          return { action: 'pass' };
        },
        openSpool: createSpools(spools),
        log: silentLog,
      },
    );
    proxy = await startMilterProxy(milter.port);
    postfix = await startPostfix({
      filterPort: null,
      sinkPort: sink.port,
      main: [
        `smtpd_milters = inet:127.0.0.1:${proxy.port}`,
        'non_smtpd_milters = $smtpd_milters',
        'milter_protocol = 6',
        'milter_default_action = tempfail',
        'milter_content_timeout = 2s',
      ],
    });
  }, 60_000);

  afterAll(async () => {
    postfix?.stop();
    await proxy?.close();
    await milter?.close();
    await sink?.close();
  });

  async function submit(token: string, body = 'The meeting is at ten.'): Promise<string> {
    const { talk, greeting } = await SmtpTalk.open(postfix.port);
    const mail = `From: a@department.example\r\nTo: b@network.example\r\nDate: Wed, 20 Jan 2016 09:00:00 +0000\r\nMessage-ID: <${token}@test.example>\r\nSubject: ${token}\r\n\ttwo lines\r\n\r\n${body}`;
    const reply = greeting.startsWith('220')
      ? await talk.send('<a@department.example>', ['<b@network.example>'], mail)
      : greeting;
    talk.close();
    return reply;
  }

  const arrived = (token: string) => sink.mail.filter(({ data }) => data.includes(`<${token}@test.example>`));

  test('what passes is delivered, and was judged with the bytes that went', async () => {
    expect(await submit('passing')).toMatch(/^250 /);
    await until(() => arrived('passing').length === 1);
    const sent = arrived('passing')[0]?.data.toString('latin1') ?? '';
    expect(sent.endsWith(judged.at(-1) ?? 'nothing judged')).toBe(true);
    expect(judged.at(-1)).toContain('Subject: passing\r\n\ttwo lines\r\n\r\nThe meeting');
  });

  test('what is held is refused within the session, in the words given', async () => {
    expect(await submit('refused', 'REJECT')).toMatch(/^550 5\.7\.1 held: says 100% too much$/);
  });

  test('what is to be quarantined goes on hold', async () => {
    expect(await submit('kept', 'QUARANTINE')).toMatch(/^250 /);
    await until(() => postfix.queued().some((one) => (one as { queue_name: string }).queue_name === 'hold'));
    expect(arrived('kept')).toEqual([]);
  });

  test('a scan longer than the MTA’s patience is carried by progress', async () => {
    expect(await submit('slow', 'SLOW')).toMatch(/^250 /);
    await until(() => arrived('slow').length === 1);
  }, 30_000);

  test('the milter lost at any step lets no mail pass unjudged', async () => {
    for (const step of ['O', 'C', 'H', 'M', 'R', 'T', 'L', 'N', 'B', 'E']) {
      proxy.breakAt = step;
      const before = proxy.broken;
      const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => submit(`lost-${step}-${index}`)));
      expect(replies.filter((reply) => !/^4\d\d[ -]/.test(reply))).toEqual([]);
      expect(proxy.broken).toBeGreaterThan(before);
    }
    proxy.breakAt = null;
    expect(await submit('after')).toMatch(/^250 /);
    await until(() => arrived('after').length === 1);
    expect(sink.mail.filter(({ data }) => data.includes('Message-ID: <lost-'))).toEqual([]);
  }, 120_000);

  test('no milter at all: everything is put off', async () => {
    await proxy.close();
    expect(await submit('nobody')).toMatch(/^4\d\d[ -]/);
    expect(arrived('nobody')).toEqual([]);
  });
});
