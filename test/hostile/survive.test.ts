import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { DEFAULT_POOL } from '../../src/scan/scan-pool.ts';
import { SmtpTalk } from '../gateway/smtp-talk.ts';
import { type HoldfastTree, startHoldfast } from '../services/start-holdfast.ts';
import { until } from '../services/until.ts';
import { type HashingSink, startHashingSink } from './hashing-sink.ts';
import { type HostileFile, hostileFiles } from './hostile-files.ts';
import { mailWith, subjectsAgainstExpressions } from './make-hostile-mail.ts';
import { megabytes } from './watch-memory.ts';
import { type TreeWatch, watchTree } from './watch-tree.ts';

// Hostile mail through the whole of a service, as its users start it: gateway, store, worker, children, next hop.
jest.setTimeout(600_000);

/** What the process with the gateway, and each worker, may have in memory. */
const MOST_MB = 400;
const MOST_WORKER_MB = 400;
/** A child that outgrows its limit lives until the watchdog looks again. */
const OVERSHOOT = 1.2;
/** Other mail waits for a free child at most: two messages' time, where hostile ones took every child at once. */
const MOST_WAIT = 120_000;

const WANTED = [
  'a workbook with a lying size',
  'a zip that expands a thousand times',
  'zips in zips, a million wide',
  'a zip whose entries overlap',
  'gzip in gzip, a million times over',
  '500 mails in one another',
  '20,000 parts',
  'a PNG of 50,000 pixels',
  'a PDF of 5,000 pages',
  'a PDF whose page expands to 300 MB',
  'a document of a billion words',
  'XML a million deep',
  'a CSV with a quote of 100 MB',
  'one word of 60 MB',
];

/** Answered within the SMTP session: nobody's mail has a header of megabytes. */
const REFUSED = ['a header line of 50 MB', '100,000 recipients'];

let data: string;
let sink: HashingSink;
let tree: HoldfastTree;
let watch: TreeWatch;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'));
  cpSync(join(import.meta.dirname, '../../fixtures/registers'), join(data, 'registers'), { recursive: true });
  sink = await startHashingSink();
  tree = await startHoldfast(data, {
    HOLDFAST_NOW: '2016-01-20T09:22:00Z',
    HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}`,
    HOLDFAST_LOG: 'silent',
  });
  watch = watchTree(data);
});
afterAll(async () => {
  watch.stop();
  await tree.stop();
  await sink.close();
  rmSync(data, { recursive: true, force: true });
});

async function offer(mail: Uint8Array): Promise<string> {
  const { talk } = await SmtpTalk.open(tree.smtpPort);
  const reply = await talk.send('<a@department.example>', ['<b@network.example>'], mail);
  talk.close();
  return reply;
}

async function send(mail: Uint8Array): Promise<string> {
  const reply = await offer(mail);
  const id = /queued as (\S+)$/.exec(reply)?.[1];
  if (id === undefined) throw new Error(reply);
  return id;
}

async function asMail({ name, make }: HostileFile): Promise<Uint8Array> {
  const bytes = await make();
  return name.endsWith('.eml') ? bytes : mailWith(bytes, name);
}

async function verdictOf(id: string): Promise<{ readonly verdict: string; readonly incomplete: readonly unknown[] }> {
  let found: { verdict: string | null; incomplete: readonly unknown[] } = { verdict: null, incomplete: [] };
  await until(
    async () => {
      // Not as often as it can be: whoever asks too often is put off, and that is no verdict.
      await sleep(200);
      const { status, body } = await tree.call('GET', `/v1/messages/${id}`);
      if (status !== 200) return false;
      found = body as typeof found;
      return found.verdict !== null;
    },
    300_000,
    'verdict',
  );
  return { verdict: found.verdict ?? '', incomplete: found.incomplete };
}

/** Sends a clean mail now and then, and remembers how long each took to the next hop. */
function startOtherMail() {
  let isOver = false;
  const waits: number[] = [];
  const running = (async () => {
    for (let number = 0; !isOver; number += 1) {
      const token = `clean-${number}`;
      const started = performance.now();
      await send(Buffer.from(`X-Token: ${token}\r\nFrom: a@department.example\r\nSubject: lunch\r\n\r\nAt one.\r\n`));
      await until(() => sink.taken.some((one) => one.token === token), 120_000, 'other mail');
      waits.push(performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  })();
  return {
    async stop(): Promise<readonly number[]> {
      isOver = true;
      await running;
      return waits;
    },
  };
}

/** Matches a number below the limit, so that a failure shows all that was measured. */
const below = (limit: number) => ({
  asymmetricMatch: (value: number) => value < limit,
  toString: () => `below ${limit}`,
});

it('survives hostile mail in bounded memory, while other mail flows', async () => {
  const other = startOtherMail();
  const made = (what: string) => hostileFiles.find((one) => one.what === what) as HostileFile;
  const files = WANTED.map(made);
  for (const what of REFUSED)
    expect({ what, reply: await offer(await asMail(made(what))) }).toEqual({
      what,
      reply: expect.stringMatching(/^554 .*header/),
    });
  const subjects = subjectsAgainstExpressions.map(
    ([, words]): string => `Subject: ${words.replace(/\s+/g, ' ').slice(0, 100_000)}\r\n\r\nwords`,
  );
  const ids: string[] = [];
  for (const file of files) ids.push(await send(await asMail(file)));
  for (const subject of subjects) ids.push(await send(Buffer.from(subject)));
  const verdicts = await Promise.all(ids.map(verdictOf));
  const waits = await other.stop();
  const { each } = watch.peaks();
  const most = { serve: megabytes(each.serve), worker: megabytes(each.worker), opener: megabytes(each.opener) };
  const read = new Set(['20,000 parts', 'a PDF of 5,000 pages']);
  for (const [at, { what }] of files.entries()) {
    if (read.has(what)) continue;
    const { verdict, incomplete = [] } = verdicts[at] ?? {};
    expect({ what, verdict, isIncomplete: incomplete.length > 0 }).toEqual({
      what,
      verdict: 'hold',
      isIncomplete: true,
    });
  }
  expect(waits.length).toBeGreaterThan(3);
  expect({ ...most, wait: Math.max(...waits) }).toEqual({
    serve: below(MOST_MB),
    worker: below(MOST_WORKER_MB),
    opener: below(megabytes(DEFAULT_POOL.memory * OVERSHOOT)),
    wait: below(MOST_WAIT),
  });
  expect(tree.said()).not.toMatch(/uncaught|fatal|heap/i);
});
