import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import type { Command, CommandIo } from './command.ts';
import { makeLettingsWorkbook } from './lettings-workbook.ts';
import { type Sink, startSink, startTrialServer, type TrialServer } from './trial-server.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const TOKEN = 'replay-token-of-this-trial-alone-0000000000';

interface HeldMessage {
  readonly id: string;
  readonly state: string;
  readonly holdUntil: string | null;
  readonly findings: readonly { readonly summary: string; readonly path: string; readonly entry: string | null }[];
}

/** Plays both breaches against a fresh server with the clock of the day; exit 1 if anything went otherwise than it must. */
export const replay: Command = {
  name: 'replay',
  async run(_args, io) {
    const data = await mkdtemp(join(tmpdir(), 'holdfast-replay-'));
    // An empty store loads the data folder's registers at its first start.
    await cp(join(FIXTURES, 'registers'), join(data, 'registers'), { recursive: true });
    const sink = await startSink();
    const story = new Story(io, sink, data);
    try {
      await labourMarket(story);
      await coreLettings(story);
    } finally {
      await story.close();
      await sink.close();
      await rm(data, { recursive: true, force: true });
    }
    io.out(
      story.wrong === 0
        ? '\nBoth breaches were stopped; everything else went.\n'
        : `\n${story.wrong} things went otherwise than they must.\n`,
    );
    return story.wrong === 0 ? 0 : 1;
  },
};

async function labourMarket(story: Story): Promise<void> {
  story.title('Wednesday 20 January 2016. The labour market statistics are published at 09:30.');
  await story.clock('2016-01-20T09:15:00Z', '09:15');
  const tweet = 'Record employment! More people in work than ever before. #JobsUp';
  for (const [when, publishAt, expected] of [
    ['to post now', undefined, 'hold'],
    ['to post at 09:30', '2016-01-20T09:30:00Z', 'pass'],
    ['to post at 09:31, but a day early by mistake', '2016-01-19T09:31:00Z', 'hold'],
  ] as const) {
    const verdict = await story.checkDraft(tweet, publishAt);
    story.expect(verdict === expected, `a draft tweet says record employment, ${when}: ${verdict}`);
  }
  await story.clock('2016-01-20T09:22:00Z', '09:22');
  const recipients = Array.from({ length: 296 }, (_, n) => `colleague${n + 1}@network.example`);
  const reminder = await readFile(join(FIXTURES, 'messages/labour-market-reminder.eml'));
  await story.send(reminder, 'digital.media@department.example', recipients);
  await story.expectArrived(1, 'a reminder that statistics are out at 9:30 goes to 296 people');
  const breach = await readFile(join(FIXTURES, 'messages/labour-market-record-employment.eml'));
  const id = await story.send(breach, 'digital.media@department.example', recipients);
  const held = await story.judged(id);
  story.expect(
    held.state === 'held' && held.holdUntil === '2016-01-20T09:30:00.000Z',
    `the mail that says record employment, to 296 people: ${held.state} until ${held.holdUntil}`,
  );
  story.tellWhy(held);
  story.expect(story.sink.arrived.length === 1, 'the next hop has the reminder and nothing else');
  await story.clock('2016-01-20T09:31:00Z', '09:31');
  await story.expectArrived(2, 'past the lift it was scanned again and went, once');
}

async function coreLettings(story: Story): Promise<void> {
  story.title('Wednesday 19 July 2017. Error logs go to the data providers, in batches.');
  await story.clock('2017-07-19T09:41:00Z', '10:41 British Summer Time');
  const template = await readFile(join(FIXTURES, 'messages/core-lettings-batch.eml'), 'utf8');
  const log = await readFile(join(FIXTURES, 'files/core-error-log.csv'));
  const workbook = await makeLettingsWorkbook(85_000, 7);
  const before = story.sink.arrived.length;
  const mail = (name: string, type: string, content: Buffer) =>
    Buffer.from(
      template
        .replaceAll('{{name}}', name)
        .replaceAll('{{type}}', type)
        .replace('{{attachment}}', () => content.toString('base64').replaceAll(/.{76}/g, '$&\r\n')),
    );
  for (const batch of [1, 2, 3]) {
    await story.send(mail('errors.csv', 'text/csv', log), 'core.team@department.example', [
      `batch${batch}@housing.example`,
    ]);
  }
  await story.expectArrived(before + 3, 'three mails with the log of errors go');
  const recipients = Array.from({ length: 35 }, (_, n) => `contact${n + 1}@provider${(n % 17) + 1}.example`);
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  const id = await story.send(mail('errors.xlsx', type, workbook), 'core.team@department.example', recipients);
  const held = await story.judged(id);
  story.expect(
    held.state === 'held' && held.holdUntil === null,
    `the mail with the record-level workbook, to 35 people in 17 organisations: ${held.state}, and no lift ends it`,
  );
  story.tellWhy(held);
  const state = await story.decide(id, 'reject', 'Wrong file attached; the sender will send the log of errors.');
  story.expect(state === 'rejected', `a reviewer rejects it: ${state}`);
  story.expect(story.sink.arrived.length === before + 3, 'the next hop never saw it');
}

/** Tells what happens and counts what should not have. */
class Story {
  readonly sink: Sink;
  wrong = 0;
  private readonly io: CommandIo;
  private readonly data: string;
  private server: TrialServer | null = null;

  constructor(io: CommandIo, sink: Sink, data: string) {
    this.io = io;
    this.sink = sink;
    this.data = data;
  }

  title(text: string): void {
    this.io.out(`\n${text}\n`);
  }

  expect(holds: boolean, text: string): void {
    if (!holds) this.wrong += 1;
    this.io.out(`  ${holds ? 'ok ' : 'NOT'}  ${text}\n`);
  }

  tellWhy(message: HeldMessage): void {
    for (const finding of message.findings) this.io.out(`         why: ${finding.path}: ${finding.summary}\n`);
  }

  /** Starts the server again on the same data, with the clock of a moment of that day. */
  async clock(now: string, told: string): Promise<void> {
    await this.server?.stop();
    this.server = await startTrialServer({
      PATH: this.io.env['PATH'] ?? '',
      HOLDFAST_DATA: this.data,
      HOLDFAST_NOW: now,
      HOLDFAST_API_TOKEN: TOKEN,
      HOLDFAST_ADMIN_PASSWORD: 'replay-of-this-trial-alone',
      HOLDFAST_NEXT_HOP: `127.0.0.1:${this.sink.port}`,
    });
    this.io.out(`  ---  it is ${told}\n`);
  }

  async close(): Promise<void> {
    await this.server?.stop();
  }

  async send(content: Buffer, from: string, to: readonly string[]): Promise<string> {
    const transport = createTransport({ host: '127.0.0.1', port: this.port(), ignoreTLS: true });
    const sent = await transport.sendMail({ envelope: { from, to: [...to] }, raw: content });
    transport.close();
    return /queued as (\S+)/.exec(sent.response)?.[1] ?? '';
  }

  async checkDraft(text: string, publishAt: string | undefined): Promise<string> {
    const draft = {
      text,
      channel: 'x',
      author: 'digital.media@department.example',
      ...(publishAt === undefined ? {} : { publishAt }),
    };
    return (await this.call<{ verdict: string }>('/v1/drafts', draft)).verdict;
  }

  async decide(id: string, action: string, reason: string): Promise<string> {
    return (await this.call<HeldMessage>(`/v1/messages/${id}/decision`, { action, reason })).state;
  }

  /** The message once it was judged. */
  async judged(id: string): Promise<HeldMessage> {
    for (let tries = 0; ; tries += 1) {
      const message = await this.call<HeldMessage>(`/v1/messages/${id}`);
      if (!['received', 'scanning'].includes(message.state) || tries > 300) return message;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async expectArrived(count: number, text: string): Promise<void> {
    const deadline = Date.now() + 70_000;
    while (this.sink.arrived.length < count && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    this.expect(this.sink.arrived.length === count, text);
  }

  private port(): number {
    if (this.server === null) throw new Error('the server is not running');
    return this.server.smtpPort;
  }

  private async call<T>(path: string, body?: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${this.server?.http}${path}`, init);
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  }
}
