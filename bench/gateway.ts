// How fast the gateway accepts and delivers, beside Postfix alone on the same machine and disk.
//
//   node bench/gateway.ts [messages] [connections] [seconds at 20 a second]
//
// smtp-source sends mails of 5,000 bytes; smtp-sink counts what comes out. Postfix starts as root only.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/services/free-port.ts';
import { aSmallMail, percentile, type Sent, SmtpSender } from '../test/services/smtp-sender.ts';
import { type HoldfastTree, startHoldfast } from '../test/services/start-holdfast.ts';
import { startPostfix } from '../test/services/start-postfix.ts';
import { startTimedSink, type TimedSink } from '../test/services/timed-sink.ts';
import { cpuByRole, processTree } from './flow/process-tree.ts';
import { watchFlushes } from './flow/watch-flushes.ts';

const MESSAGES = Number(process.argv[2] ?? 5000);
const CONNECTIONS = Number(process.argv[3] ?? 20);
const STEADY_RATE = 20;
const STEADY_SECONDS = Number(process.argv[4] ?? 20);
const FLUSH_MAILS = 20;
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;

interface Run {
  readonly name: string;
  readonly acceptSeconds: number;
  readonly drainSeconds: number;
  readonly delivered: number;
}

interface Sink {
  readonly port: number;
  count(): number;
  stop(): void;
}

async function startSink(): Promise<Sink> {
  const port = await freePort();
  // As root it wants to become somebody else.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('smtp-sink', [...user, '-c', `127.0.0.1:${port}`, '1000'], {
    env: { PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let count = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    for (const number of chunk.toString().matchAll(/mesg=(\d+)|\b(\d+)\b/g)) count = Number(number[1] ?? number[2]);
  });
  await sleep(300);
  return { port, count: () => count, stop: () => child.kill('SIGKILL') };
}

async function measure(name: string, port: number, sink: Sink): Promise<Run> {
  const before = sink.count();
  const start = performance.now();
  const source = spawn(
    'smtp-source',
    [
      '-s',
      String(CONNECTIONS),
      '-m',
      String(MESSAGES),
      '-l',
      '5000',
      '-f',
      'a@department.example',
      '-t',
      'b@network.example',
      `127.0.0.1:${port}`,
    ],
    { env: { PATH }, stdio: 'inherit' },
  );
  await ended(source);
  const acceptSeconds = (performance.now() - start) / 1000;
  const deadline = performance.now() + 60_000;
  while (sink.count() - before < MESSAGES && performance.now() < deadline) await sleep(20);
  const drainSeconds = (performance.now() - start) / 1000;
  return { name, acceptSeconds, drainSeconds, delivered: sink.count() - before };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`smtp-source ended with ${code}`))));
  });
}

const runs: Run[] = [];
const steady = { latencies: [] as number[], flushed: 'not looked at, strace is missing or may not trace' };
let cpu = '';
if (process.getuid?.() !== 0) console.log('Postfix alone: not measured, it starts as root only');
else {
  const sink = await startSink();
  const postfix = await startPostfix({ filterPort: null, sinkPort: sink.port });
  try {
    runs.push(await measure('Postfix alone', postfix.port, sink));
  } finally {
    postfix.stop();
    sink.stop();
  }
}
{
  const sink = await startSink();
  await withHoldfast(sink.port, async ({ smtpPort }) => {
    const before = cpuByRole(processTree());
    runs.push(await measure('Holdfast', smtpPort, sink));
    const after = cpuByRole(processTree());
    cpu = [...after]
      .filter(([role]) => role !== 'load')
      .map(([role, ms]) => `${role} ${((ms - (before.get(role) ?? 0)) / MESSAGES).toFixed(2)}`)
      .join(', ');
  });
  sink.stop();
}
{
  const sink = await startTimedSink();
  await withHoldfast(sink.port, async ({ smtpPort }, data) => {
    steady.latencies.push(...(await sendSteadily(smtpPort, sink)));
    steady.flushed = (await watchFlushes(data, () => sendSlowly(smtpPort))) ?? steady.flushed;
  });
  await sink.close();
}

for (const run of runs) {
  console.log(
    `${run.name.padEnd(14)} accepted ${(MESSAGES / run.acceptSeconds).toFixed(0)}/s in ${run.acceptSeconds.toFixed(1)} s, ` +
      `${run.delivered} of ${MESSAGES} delivered after ${run.drainSeconds.toFixed(1)} s (${(run.drainSeconds / run.acceptSeconds).toFixed(2)} x accept)`,
  );
}
console.log(`CPU of Holdfast, ms a mail: ${cpu}`);
const [postfix, holdfast] = runs;
if (postfix !== undefined && holdfast !== undefined) {
  console.log(
    `ratio accepted: ${(postfix.acceptSeconds / holdfast.acceptSeconds).toFixed(2)} of Postfix; delivered: ${(postfix.drainSeconds / holdfast.drainSeconds).toFixed(2)}`,
  );
}
const { latencies } = steady;
console.log(
  `from 250 to delivery at ${STEADY_RATE} a second: p50 ${percentile(latencies, 0.5).toFixed(0)} ms, p99 ${percentile(latencies, 0.99).toFixed(0)} ms of ${latencies.length} mails`,
);
console.log(`flush before 250: ${steady.flushed}`);

async function withHoldfast(
  sinkPort: number,
  run: (holdfast: HoldfastTree, data: string) => Promise<void>,
): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  cpSync(join(import.meta.dirname, '../fixtures/registers'), join(data, 'registers'), { recursive: true });
  const holdfast = await startHoldfast(data, {
    HOLDFAST_NOW: '2016-01-20T09:22:00Z',
    HOLDFAST_NEXT_HOP: `127.0.0.1:${sinkPort}`,
  });
  try {
    await run(holdfast, data);
  } finally {
    await holdfast.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Milliseconds from the 250 of each mail to its last byte at the sink. */
async function sendSteadily(port: number, sink: TimedSink): Promise<readonly number[]> {
  const answered = new Map<string, number>();
  const senders = await Promise.all(Array.from({ length: 4 }, () => SmtpSender.open(port)));
  const all = STEADY_RATE * STEADY_SECONDS;
  // The first ones start the children that open mail, and are not counted.
  for (let warm = 0; warm < 20; warm += 1)
    await senders[warm % 4]?.send('a@department.example', ['b@network.example'], aSmallMail(`warm${warm}`));
  const start = performance.now();
  const going: Promise<void>[] = [];
  for (let index = 0; index < all; index += 1) {
    await sleep(Math.max(0, start + (index * 1000) / STEADY_RATE - performance.now()));
    const token = `steady${index}`;
    const sender = senders[index % senders.length];
    const sent = sender?.send('a@department.example', ['b@network.example'], aSmallMail(token));
    going.push(Promise.resolve(sent).then((done) => void answered.set(token, done?.answeredAt ?? Number.NaN)));
  }
  await Promise.all(going);
  const deadline = performance.now() + 30_000;
  while ([...answered.keys()].some((token) => !sink.arrivals.has(token)) && performance.now() < deadline)
    await sleep(20);
  for (const sender of senders) sender.close();
  return [...answered].map(([token, at]) => (sink.arrivals.get(token) ?? Number.POSITIVE_INFINITY) - at);
}

/** One mail at a time, with pauses, so that a flush belongs to one mail. */
async function sendSlowly(port: number): Promise<readonly Sent[]> {
  const sender = await SmtpSender.open(port);
  const sent: Sent[] = [];
  for (let index = 0; index < FLUSH_MAILS; index += 1) {
    sent.push(await sender.send('c@department.example', ['b@network.example'], aSmallMail(`slow${index}`)));
    await sleep(250);
  }
  sender.close();
  return sent;
}
