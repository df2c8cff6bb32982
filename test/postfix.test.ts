import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { makeLettingsWorkbook } from '../src/cli/lettings-workbook.ts';
import { type ScriptedServer, startScriptedServer, type TakenMail } from './gateway/scripted-server.ts';
import { SmtpTalk } from './gateway/smtp-talk.ts';
import { freePort } from './services/free-port.ts';
import { describeWithPostfix } from './services/real-servers.ts';
import { type HoldfastTree, startHoldfast } from './services/start-holdfast.ts';
import { startPostfix, type TestPostfix } from './services/start-postfix.ts';
import { until } from './services/until.ts';

// A real Postfix hands mail to Holdfast as its content filter; Holdfast hands it back to Postfix's re-injection port;
// Postfix relays it to a sink that keeps every byte.

const FIXTURES = join(import.meta.dirname, '../fixtures');
const fixture = (name: string) => readFileSync(join(FIXTURES, name));

let data: string;
let sink: ScriptedServer;
let holdfast: HoldfastTree;
let postfix: TestPostfix;
let smtpPort: number;

async function startAt(now: string, firstHop: readonly string[] = []): Promise<void> {
  holdfast = await startHoldfast(data, {
    HOLDFAST_NOW: now,
    HOLDFAST_SMTP: `127.0.0.1:${smtpPort}`,
    HOLDFAST_NEXT_HOP: [...firstHop, `127.0.0.1:${postfix.reinjectionPort}`].join(','),
    HOLDFAST_SMTP_PROXIES: '127.0.0.0/8',
    HOLDFAST_NAME: 'holdfast.department.example',
  });
}

describeWithPostfix('behind a real Postfix', () => {
  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'holdfast-postfix-data-'));
    cpSync(join(FIXTURES, 'registers'), join(data, 'registers'), { recursive: true });
    sink = await startScriptedServer(undefined, ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'SIZE 0']);
    smtpPort = await freePort();
    postfix = await startPostfix({ filterPort: smtpPort, sinkPort: sink.port });
    await startAt('2016-01-20T09:22:00Z');
  }, 90_000);

  afterAll(async () => {
    await holdfast?.stop();
    postfix?.stop();
    await sink?.close();
    rmSync(data, { recursive: true, force: true });
  }, 60_000);

  const SENDER = 'digital.media@department.example';
  const people = (count: number) =>
    Array.from({ length: count }, (_, index) => `colleague${index + 1}@network.example`);
  const asLines = (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
  const withId = (mail: Buffer, id: string) =>
    Buffer.from(mail.toString('latin1').replace(/^Message-ID: .*$/im, `Message-ID: <${id}@test.example>`), 'latin1');

  /** Hands a mail to Postfix, dots stuffed. */
  async function submit(mail: Buffer, from: string, to: readonly string[]): Promise<void> {
    const { talk } = await SmtpTalk.open(postfix.port);
    const stuffed = Buffer.from(mail.toString('latin1').replace(/^\./gm, '..').replace(/\r\n$/, ''), 'latin1');
    const reply = await talk.send(
      `<${from}>`,
      to.map((one) => `<${one}>`),
      stuffed,
    );
    talk.close();
    if (!reply.startsWith('250')) throw new Error(`Postfix said ${reply}`);
  }

  interface Item {
    readonly id: string;
    readonly state: string;
    readonly verdict: string;
    readonly holdUntil: string | null;
    readonly messageId: string;
    readonly envelope: { readonly from: string; readonly to: readonly string[] };
    readonly findings: readonly { readonly detector: string; readonly entry: string | null }[];
  }

  async function kept(messageId: string): Promise<readonly Item[]> {
    const { body } = await holdfast.call('GET', '/v1/messages?limit=100');
    return (body as { items: readonly Item[] }).items.filter(
      (item) => item.messageId === `<${messageId}@test.example>`,
    );
  }

  async function settled(messageId: string, states: readonly string[]): Promise<Item> {
    let found: readonly Item[] = [];
    await until(
      async () => {
        found = await kept(messageId);
        return found.length > 0 && found.every((item) => states.includes(item.state));
      },
      60_000,
      `${messageId} ${states.join(' or ')}`,
    );
    if (found.length !== 1) throw new Error(`${found.length} messages where one was handed over`);
    return found[0] as Item;
  }

  const arrived = (messageId: string): readonly TakenMail[] =>
    sink.mail.filter(({ data: bytes }) => bytes.includes(`Message-ID: <${messageId}@test.example>`));
  /** Sorted, as Postfix sorts them too. */
  const recipientsOf = ({ commands }: TakenMail) =>
    commands.flatMap((command) => /^RCPT TO:<([^>]*)>/.exec(command)?.[1] ?? []).sort();

  /** The mail as it was handed in, below header lines that were added on the way, and nothing else. */
  function expectBytes(mail: TakenMail | undefined, original: Buffer): void {
    const bytes = mail?.data ?? Buffer.alloc(0);
    const added = bytes.subarray(0, bytes.length - original.length).toString('latin1');
    expect(bytes.subarray(bytes.length - original.length).toString('latin1')).toBe(original.toString('latin1'));
    expect(added).toMatch(/^(?:(?:Received|X-Holdfast-Id): [^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)+$/);
    expect(added.match(/^X-Holdfast-Id: /gm)).toHaveLength(1);
  }

  test('a harmless reminder to 296 people passes in one piece, byte for byte', async () => {
    const mail = withId(asLines(fixture('messages/labour-market-reminder.eml')), 'reminder');
    await submit(mail, SENDER, people(296));
    await until(() => arrived('reminder').length > 0, 30_000, 'the reminder');
    const got = arrived('reminder');
    expect(got).toHaveLength(1);
    expect(recipientsOf(got[0] as TakenMail)).toEqual(people(296).sort());
    expectBytes(got[0], mail);
    expect(postfix.queued()).toEqual([]);
  }, 60_000);

  test('who handed the mail to Postfix stands in the trace, and in the log of the way out', async () => {
    const mail = withId(asLines(fixture('messages/labour-market-reminder.eml')), 'forwarded');
    await submit(mail, SENDER, people(1));
    await until(() => arrived('forwarded').length > 0, 30_000, 'the mail');
    expect(arrived('forwarded')[0]?.data.toString('latin1')).toMatch(
      /^Received: from client\.example \((?:\S+ )?\[127\.0\.0\.1\]\)\r\n\t\(named by \[127\.0\.0\.1\]\)\r\n\tby holdfast\.department\.example \(Holdfast\)/m,
    );
    expect(postfix.log()).toMatch(/client=\S+, orig_queue_id=\w+, orig_client=\S*\[127\.0\.0\.1\]/);
  }, 60_000);

  test('of a recipient whom the way out refuses the sender is told by a report, once, and the others have the mail', async () => {
    const mail = withId(asLines(fixture('messages/labour-market-reminder.eml')), 'refused');
    await submit(mail, SENDER, ['refused@network.example', ...people(2)]);
    const isReport = ({ data: bytes }: TakenMail) => bytes.includes('report-type=delivery-status');
    await until(() => sink.mail.some(isReport), 30_000, 'the report');
    await settled('refused', ['delivered']);
    const [report, ...more] = sink.mail.filter(isReport);
    expect(more).toEqual([]);
    expect(report?.commands.find((command) => command.startsWith('MAIL'))).toMatch(/^MAIL FROM:<>/);
    expect(recipientsOf(report as TakenMail)).toEqual([SENDER]);
    const parsed = await simpleParser(report?.data ?? '');
    expect(parsed.subject).toBe('Undelivered Mail Returned to Sender');
    expect(parsed.text).toContain('<refused@network.example>: 554 5.7.1');
    expect(report?.data.toString('latin1')).toMatch(
      /Final-Recipient: rfc822; refused@network\.example\r\nAction: failed\r\nStatus: 5\.7\.1\r\n/,
    );
    const gone = sink.mail.filter((one) => !isReport(one) && one.data.includes('<refused@test.example>'));
    expect(gone.map(recipientsOf)).toEqual([people(2)]);
  }, 60_000);

  test('odd bytes pass unchanged: dots, long lines, 8-bit, NUL, no final blank line', async () => {
    const body = `.\r\n..\r\n${'x'.repeat(990)}\r\n\r\n\xe9\xff\x80 caf\xc3\xa9\r\n \t \r\n.last\r\n`;
    const head =
      'From: a@department.example\r\nTo: b@network.example\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\nDate: Wed, 20 Jan 2016 09:00:00 +0000\r\n';
    const mail = Buffer.from(
      `${head}Message-ID: <odd@test.example>\r\nX-Folded: one\r\n\ttwo\r\n\r\n${body}`,
      'latin1',
    );
    await submit(mail, SENDER, ['b@network.example']);
    await until(() => arrived('odd').length > 0, 30_000, 'the odd mail');
    expectBytes(arrived('odd')[0], mail);
  }, 60_000);

  test('“record employment” at 09:22 is held, and the sink has nothing; past the lift it arrives once, byte for byte', async () => {
    const mail = withId(asLines(fixture('messages/labour-market-record-employment.eml')), 'breach');
    await submit(mail, SENDER, people(296));
    const item = await settled('breach', ['held']);
    expect(item).toMatchObject({ verdict: 'hold', holdUntil: '2016-01-20T09:30:00.000Z' });
    expect(item.envelope.to).toHaveLength(296);
    expect(item.findings.map(({ entry }) => entry)).toContain('labour-market-2016-01');
    await sleep(3000);
    expect(arrived('breach')).toEqual([]);
    expect(postfix.queued()).toEqual([]);

    await holdfast.stop();
    await startAt('2016-01-20T09:31:00Z');
    await until(() => arrived('breach').length > 0, 30_000, 'the mail after the lift');
    await settled('breach', ['delivered']);
    await sleep(2000);
    const got = arrived('breach');
    expect(got).toHaveLength(1);
    expect(recipientsOf(got[0] as TakenMail)).toEqual(people(296).sort());
    expectBytes(got[0], mail);
    expect(got[0]?.data.toString('latin1')).toContain(`X-Holdfast-Id: ${item.id}\r\n`);
  }, 120_000);

  describe('on 19 July 2017', () => {
    beforeAll(async () => {
      await holdfast.stop();
      await startAt('2017-07-19T09:41:00Z');
    }, 60_000);

    const batch = (messageId: string, name: string, type: string, content: Buffer) =>
      withId(
        asLines(
          Buffer.from(
            fixture('messages/core-lettings-batch.eml')
              .toString('latin1')
              .replaceAll('{{name}}', name)
              .replaceAll('{{type}}', type)
              .replace('{{attachment}}', () => content.toString('base64').replaceAll(/.{76}/g, '$&\n')),
            'latin1',
          ),
        ),
        messageId,
      );

    test('the error log goes to the providers', async () => {
      const mail = batch('log', 'errors.csv', 'text/csv', fixture('files/core-error-log.csv'));
      await submit(mail, 'core.team@department.example', ['data@provider.example']);
      await until(() => arrived('log').length > 0, 30_000, 'the error log');
      expectBytes(arrived('log')[0], mail);
    }, 60_000);

    test('the workbook of 85,000 rows is held, and goes once, unchanged, when a reviewer releases it', async () => {
      const workbook = await makeLettingsWorkbook(85_000, 7);
      const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
      const mail = batch('core', 'errors.xlsx', type, workbook);
      const providers = people(35);
      await submit(mail, 'core.team@department.example', providers);
      const item = await settled('core', ['held']);
      expect(item).toMatchObject({ verdict: 'hold', holdUntil: null });
      expect(item.findings.map(({ detector }) => detector)).toContain('record-level');
      expect(arrived('core')).toEqual([]);

      const decision = { action: 'release', reason: 'For the test of the way out.' };
      const answers = await Promise.all(
        [1, 2, 3].map(() => holdfast.call('POST', `/v1/messages/${item.id}/decision`, decision)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      await settled('core', ['delivered']);
      await until(() => arrived('core').length > 0, 30_000, 'the released mail');
      await sleep(1500);
      expect(arrived('core')).toHaveLength(1);
      expect(recipientsOf(arrived('core')[0] as TakenMail)).toEqual(providers.toSorted());
      expectBytes(arrived('core')[0], mail);
    }, 120_000);
  });

  test('while Holdfast is away Postfix keeps the mail, and it passes once Holdfast is back, by the next hop that is left', async () => {
    await holdfast.stop();
    const mail = withId(asLines(fixture('messages/labour-market-reminder.eml')), 'waiting');
    await submit(mail, SENDER, people(2));
    await sleep(1500);
    expect(postfix.queued()).toHaveLength(1);
    await startAt('2017-07-19T09:41:00Z', [`127.0.0.1:${await freePort()}`]);
    postfix.flush();
    await until(() => arrived('waiting').length > 0, 60_000, 'the mail that waited');
    await settled('waiting', ['delivered']);
    expect(arrived('waiting')).toHaveLength(1);
  }, 120_000);
});
