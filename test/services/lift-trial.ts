import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SmtpSender } from './smtp-sender.ts';
import { startHoldfast, TOKEN } from './start-holdfast.ts';
import { startTimedSink } from './timed-sink.ts';

export interface LiftTrial {
  /** Mails held for one lift. */
  readonly held: number;
  /** Mails that have a reason besides. */
  readonly others: number;
  /** From the server's readiness to the lift, seconds; it is a whole second. */
  readonly leadSeconds: number;
  /** From the lift on at most. */
  readonly waitSeconds: number;
  /** Settings of the server besides. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface LiftOutcome {
  /** Milliseconds after the lift, by the sink's clock, in the order the mails were sent. */
  readonly arrivals: readonly number[];
  /** Those of the mails with another reason; none should be. */
  readonly leaked: number;
  readonly stillHeld: number;
  /** Delivered more than once. */
  readonly doubled: number;
  /** `/metrics` after the lift. */
  readonly metrics: string;
  readonly heldBefore: number;
}

/** Begins as an archive and is none: nobody can look into it, so that its mail waits for a reviewer, whatever lifts. */
const BROKEN = Buffer.from('PK\x03\x04 this is no archive'.repeat(20)).toString('base64');

/** Holds mails across a real lift: a server of its own, real clocks, a sink that notes when each mail was complete. */
export async function runLiftTrial({
  held,
  others,
  leadSeconds,
  waitSeconds,
  env = {},
}: LiftTrial): Promise<LiftOutcome> {
  const sink = await startTimedSink();
  const data = mkdtempSync(join(tmpdir(), 'holdfast-lift-'));
  writeRegisters(join(data, 'registers'));
  const holdfast = await startHoldfast(data, { HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}`, ...env });
  try {
    const lift = Math.ceil((Date.now() + leadSeconds * 1000) / 1000) * 1000;
    await putLift(holdfast.http, lift);
    await sendAll(holdfast.smtpPort, held, others);
    const heldBefore = await countHeld(holdfast, held + others, lift - 500);
    const late = sink.arrivals.size;
    if (late > 0) throw new Error(`${late} mails left before the lift`);
    while (Date.now() < lift + waitSeconds * 1000 && sink.arrivals.size < held) await sleep(50);
    // Whoever follows would come now.
    await sleep(1500);
    const arrivals = Array.from(
      { length: held },
      (_, index) => sink.arrivals.get(`lift${index}`) ?? Number.POSITIVE_INFINITY,
    );
    const metrics = await (await fetch(`${holdfast.http}/metrics`)).text();
    return {
      arrivals: arrivals.map((at) => at - lift),
      leaked: [...sink.arrivals.keys()].filter((token) => token.startsWith('other')).length,
      stillHeld: stateCount(metrics, 'held'),
      doubled: sink.count() - sink.arrivals.size,
      metrics,
      heldBefore,
    };
  } finally {
    await holdfast.stop();
    await sink.close();
    rmSync(data, { recursive: true, force: true });
  }
}

const ID = 'labour-market-now';

function entry(lift: number) {
  const local = (at: number) => new Date(at).toISOString().slice(0, 19);
  return {
    id: ID,
    title: 'UK Labour Market, of these days',
    producer: 'A statistics office',
    subjects: ['labour-market'],
    embargo: { from: local(lift - 2 * DAY), until: local(lift), zone: 'Etc/UTC' },
  };
}

const DAY = 86_400_000;

/** A lift far away, until it is known when the server is ready. */
function writeRegisters(folder: string): void {
  mkdirSync(join(folder, 'embargoes'), { recursive: true });
  cpSync(new URL('../../fixtures/registers/sensitivity', import.meta.url), join(folder, 'sensitivity'), {
    recursive: true,
  });
  // JSON is YAML too.
  writeFileSync(join(folder, `embargoes/${ID}.yaml`), JSON.stringify(entry(Math.ceil(Date.now() / 1000) * 1000 + DAY)));
}

async function putLift(http: string, lift: number): Promise<void> {
  const answer = await fetch(`${http}/v1/embargoes/${ID}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(entry(lift)),
  });
  if (!answer.ok) throw new Error(`the lift was not taken: ${answer.status} ${await answer.text()}`);
}

async function sendAll(port: number, held: number, others: number): Promise<void> {
  const senders = await Promise.all(Array.from({ length: 10 }, () => SmtpSender.open(port)));
  const mails = [
    ...Array.from({ length: others }, (_, index) => aBrokenMail(`other${index}`)),
    ...Array.from({ length: held }, (_, index) => aClaim(`lift${index}`)),
  ];
  await Promise.all(
    senders.map(async (sender) => {
      for (let mail = mails.shift(); mail !== undefined; mail = mails.shift()) {
        await sender.send('press@department.example', ['news@paper.example'], mail);
      }
      sender.close();
    }),
  );
}

const head = (token: string) => [
  `X-Token: ${token}`,
  'From: press@department.example',
  'To: news@paper.example',
  `Subject: For tomorrow ${token}`,
  'MIME-Version: 1.0',
];

function aClaim(token: string): string {
  return [...head(token), '', 'Record employment again this month, the best figures ever!', ''].join('\r\n');
}

function aBrokenMail(token: string): string {
  return [
    ...head(token),
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain',
    '',
    'Record employment again this month, the best figures ever!',
    '--x',
    'Content-Type: application/zip; name=table.zip',
    'Content-Transfer-Encoding: base64',
    '',
    BROKEN.replace(/.{76}/g, '$&\r\n'),
    '--x--',
    '',
  ].join('\r\n');
}

async function countHeld(holdfast: { readonly http: string }, all: number, until: number): Promise<number> {
  let held = 0;
  while (Date.now() < until && held < all) {
    held = stateCount(await (await fetch(`${holdfast.http}/metrics`)).text(), 'held');
    await sleep(200);
  }
  return held;
}

function stateCount(metrics: string, state: string): number {
  return Number(new RegExp(`^holdfast_messages\\{state="${state}"\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0);
}
