import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAll } from '../src/core/byte-source.ts';
import { LOOPBACK, parseClientNetworks } from '../src/gateway/client-networks.ts';
import { type MilterGateway, startMilterGateway } from '../src/gateway/milter-gateway.ts';
import { silentLog } from '../src/service/log.ts';
import { createSpools } from '../src/store/spool.ts';
import { type ScriptedServer, startScriptedServer } from './gateway/scripted-server.ts';
import { SmtpTalk } from './gateway/smtp-talk.ts';
import { describeWithPostfix } from './services/real-servers.ts';
import { startPostfix, type TestPostfix } from './services/start-postfix.ts';
import { until } from './services/until.ts';

// What goes round Holdfast in a real Postfix, and what closes each way: the statements of docs/operating.md, tried.

let sink: ScriptedServer;
/** Stands where Holdfast's gateway would: what arrives here would have been judged. */
let filter: ScriptedServer;
let milter: MilterGateway;
const judged: string[] = [];
const started: TestPostfix[] = [];
const spools = mkdtempSync(join(tmpdir(), 'holdfast-bypass-'));

async function postfix(filterPort: number | null, main: readonly string[] = []): Promise<TestPostfix> {
  const one = await startPostfix({ filterPort, sinkPort: sink.port, main });
  started.push(one);
  return one;
}

const mail = (token: string, body = 'The meeting is at ten.') =>
  `From: a@department.example\r\nTo: b@network.example\r\nSubject: ${token}\r\nMessage-ID: <${token}@test.example>\r\n\r\n${body}`;

async function submit(port: number, token: string, to = '<b@network.example>'): Promise<string> {
  const { talk } = await SmtpTalk.open(port);
  const reply = await talk.send('<a@department.example>', [to], mail(token));
  talk.close();
  return reply;
}

const at = ({ mail: taken }: ScriptedServer, token: string) => taken.filter(({ data }) => data.includes(token)).length;
const heard = (token: string) => judged.filter((text) => text.includes(token)).length;

/** Asked by `smtpd_milters` alone, unless more is said. */
const milterLines = (...more: string[]) => [
  `smtpd_milters = inet:127.0.0.1:${milter.port}`,
  'milter_protocol = 6',
  'milter_default_action = tempfail',
  ...more,
];

describeWithPostfix('ways round Holdfast in a real Postfix', () => {
  beforeAll(async () => {
    sink = await startScriptedServer((command) =>
      command.includes('nobody@network.example') ? '550 5.1.1 no such person' : undefined,
    );
    filter = await startScriptedServer();
    const networks = parseClientNetworks(LOOPBACK);
    if (!networks.ok) throw new Error(networks.error);
    milter = await startMilterGateway(
      { host: '127.0.0.1', port: 0, clients: networks.value, messageBytes: 10_000_000 },
      {
        async decide({ content }) {
          const text = Buffer.from(await readAll(content)).toString('latin1');
          judged.push(text);
          return text.includes('QUARANTINE') ? { action: 'quarantine', reason: 'held' } : { action: 'pass' };
        },
        openSpool: createSpools(spools),
        log: silentLog,
      },
    );
  });

  afterEach(() => {
    for (const one of started.splice(0)) one.stop();
  });

  afterAll(async () => {
    await milter?.close();
    await filter?.close();
    await sink?.close();
    rmSync(spools, { recursive: true, force: true });
  });

  describe('the content filter', () => {
    test('sendmail(1) goes through it, and a mail that postsuper requeues goes through it again', async () => {
      const mta = await postfix(filter.port, ['defer_transports = holdfast', 'always_bcc = copy@elsewhere.example']);
      mta.command('sendmail', ['-f', 'a@department.example', 'b@network.example'], mail('by-sendmail'));
      await until(() => mta.queued().length === 1, 20_000, 'the queue');
      mta.command('postsuper', ['-r', 'ALL']);
      await until(() => mta.queued().length === 1, 20_000, 'the queue again');
      mta.reconfigure('defer_transports =');
      mta.flush();
      await until(() => at(filter, 'by-sendmail') === 1, 20_000, 'the filter');
      expect(at(sink, 'by-sendmail')).toBe(0);
      // Unlike a milter it is told of the blind copy too; of what is requeued Postfix adds it once more.
      const [taken] = filter.mail.filter(({ data }) => data.includes('by-sendmail'));
      expect(taken?.commands).toContainEqual(expect.stringMatching(/^RCPT TO:<copy@elsewhere\.example>/));
    }, 60_000);

    test('bounces go round it; quoting nothing of the mail they return closes that', async () => {
      const open = await postfix(filter.port);
      // Re-injected by the filter, to somebody whom the next hop refuses.
      await submit(open.reinjectionPort, 'secret-open', '<nobody@network.example>');
      await until(() => at(sink, 'Subject: secret-open') === 1, 20_000, 'the bounce');
      expect(at(filter, 'secret-open')).toBe(0);

      const closed = await postfix(filter.port, ['bounce_size_limit = 1']);
      await submit(closed.reinjectionPort, 'secret-closed', '<nobody@network.example>');
      await until(() => /status=bounced/.test(closed.log()) && closed.queued().length === 0, 20_000, 'the bounce');
      expect(
        sink.mail.some(({ data }) => data.includes('The meeting is at ten') && data.includes('secret-closed')),
      ).toBe(false);
    }, 60_000);

    test('whoever reaches the port of re-injection goes round it; naming who may closes that', async () => {
      const open = await postfix(filter.port);
      expect(await submit(open.reinjectionPort, 'by-reinjection')).toMatch(/^250 /);
      await until(() => at(sink, 'by-reinjection') === 1, 20_000, 'the sink');
      expect(at(filter, 'by-reinjection')).toBe(0);
      const closed = await postfix(filter.port, ['mynetworks = 192.0.2.0/24']);
      expect(await submit(closed.reinjectionPort, 'from-elsewhere')).toMatch(/^[45]54 /);
    }, 60_000);
  });

  describe('the milter', () => {
    test('sendmail(1) goes round it, unless non_smtpd_milters names it too', async () => {
      const open = await postfix(null, milterLines());
      open.command('sendmail', ['-f', 'a@department.example', 'b@network.example'], mail('round-milter'));
      await until(() => at(sink, 'round-milter') === 1, 20_000, 'the sink');
      expect(heard('round-milter')).toBe(0);
      const closed = await postfix(null, milterLines('non_smtpd_milters = $smtpd_milters'));
      closed.command('sendmail', ['-f', 'a@department.example', 'b@network.example'], mail('to-milter'));
      await until(() => at(sink, 'to-milter') === 1, 20_000, 'the sink');
      expect(heard('to-milter')).toBe(1);
    }, 60_000);

    test('what postsuper lets go from hold is not asked about again', async () => {
      const mta = await postfix(null, milterLines('non_smtpd_milters = $smtpd_milters'));
      const { talk } = await SmtpTalk.open(mta.port);
      await talk.send('<a@department.example>', ['<b@network.example>'], mail('let-go', 'QUARANTINE'));
      talk.close();
      await until(() => mta.queued().length === 1, 20_000, 'hold');
      expect(heard('let-go')).toBe(1);
      mta.command('postsuper', ['-H', 'ALL']);
      mta.flush();
      await until(() => at(sink, 'let-go') === 1, 20_000, 'the sink');
      expect(heard('let-go')).toBe(1);
    }, 60_000);

    test('bounces go round it, unless internal_mail_filter_classes names them', async () => {
      const open = await postfix(null, milterLines('non_smtpd_milters = $smtpd_milters'));
      await submit(open.port, 'bounce-open', '<nobody@network.example>');
      await until(() => at(sink, 'Subject: bounce-open') === 1, 20_000, 'the bounce');
      expect(heard('bounce-open')).toBe(1);
      const closed = await postfix(
        null,
        milterLines('non_smtpd_milters = $smtpd_milters', 'internal_mail_filter_classes = bounce, notify'),
      );
      await submit(closed.port, 'bounce-closed', '<nobody@network.example>');
      await until(() => at(sink, 'Subject: bounce-closed') === 1, 20_000, 'the bounce');
      expect(heard('bounce-closed')).toBe(2);
    }, 60_000);

    test('a blind copy that Postfix adds is not among the recipients it is told', async () => {
      const mta = await postfix(null, milterLines('always_bcc = copy@elsewhere.example'));
      await submit(mta.port, 'with-copy');
      await until(() => at(sink, 'with-copy') >= 1, 20_000, 'the sink');
      const reached = () =>
        sink.mail
          .filter(({ data }) => data.includes('with-copy'))
          .flatMap(({ commands }) =>
            commands.filter((one) => one.startsWith('RCPT')).map((one) => /<(.*?)>/.exec(one)?.[1] ?? ''),
          );
      await until(() => reached().length === 2, 20_000, 'both copies');
      expect(reached().sort()).toEqual(['b@network.example', 'copy@elsewhere.example']);
      expect(heard('with-copy')).toBe(1);
      expect(judged.find((text) => text.includes('with-copy'))).not.toContain('copy@elsewhere.example');
    }, 60_000);
  });
});
