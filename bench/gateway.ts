// How fast the gateway accepts and delivers, beside Postfix alone on the same machine and disk.
//
//   node bench/gateway.ts [messages] [connections]
//
// smtp-source sends mails of 5,000 bytes; smtp-sink counts what comes out. Postfix starts as root only.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/services/free-port.ts';
import { startHoldfast } from '../test/services/start-holdfast.ts';
import { startPostfix } from '../test/services/start-postfix.ts';

const MESSAGES = Number(process.argv[2] ?? 5000);
const CONNECTIONS = Number(process.argv[3] ?? 20);
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
  const data = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  cpSync(join(import.meta.dirname, '../fixtures/registers'), join(data, 'registers'), { recursive: true });
  const holdfast = await startHoldfast(data, {
    HOLDFAST_NOW: '2016-01-20T09:22:00Z',
    HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}`,
  });
  try {
    runs.push(await measure('Holdfast', holdfast.smtpPort, sink));
  } finally {
    await holdfast.stop();
    sink.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

for (const run of runs) {
  console.log(
    `${run.name.padEnd(14)} accepted ${(MESSAGES / run.acceptSeconds).toFixed(0)}/s in ${run.acceptSeconds.toFixed(1)} s, ` +
      `${run.delivered} of ${MESSAGES} delivered after ${run.drainSeconds.toFixed(1)} s (${(run.drainSeconds / run.acceptSeconds).toFixed(2)} x accept)`,
  );
}
const [postfix, holdfast] = runs;
if (postfix !== undefined && holdfast !== undefined) {
  console.log(
    `ratio accepted: ${(postfix.acceptSeconds / holdfast.acceptSeconds).toFixed(2)} of Postfix; delivered: ${(postfix.drainSeconds / holdfast.drainSeconds).toFixed(2)}`,
  );
}
