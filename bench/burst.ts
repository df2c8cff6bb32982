// A burst of mail, some with large attachments: what becomes of it, what each process takes in memory, and how long those wait
// who check a draft meanwhile.
//
//   node bench/burst.ts [mails] [share with a large attachment] [rows of it] [connections]
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { aLargeMail, aSmallMail, percentile, SmtpSender } from '../test/services/smtp-sender.ts';
import { startHoldfast, TOKEN } from '../test/services/start-holdfast.ts';
import { startTimedSink } from '../test/services/timed-sink.ts';
import type { DraftAsking } from './flow/ask-drafts.ts';
import { cpuByRole, processTree } from './flow/process-tree.ts';

const MAILS = Number(process.argv[2] ?? 10_000);
const SHARE = Number(process.argv[3] ?? 0.05);
const ROWS = Number(process.argv[4] ?? 20_000);
const CONNECTIONS = Number(process.argv[5] ?? 50);
const DRAFT_EVERY_MS = 200;
const RESTING_MS = 3000;
const WAIT_MS = 1_800_000;

const sink = await startTimedSink();
const data = mkdtempSync(join(tmpdir(), 'holdfast-burst-'));
cpSync(join(import.meta.dirname, '../fixtures/registers'), join(data, 'registers'), { recursive: true });
const holdfast = await startHoldfast(data, {
  HOLDFAST_NOW: '2016-01-20T09:22:00Z',
  HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}`,
});
const peaks = new Map<string, { peak: number; last: number; processes: Set<number> }>();
let isOver = false;
let checked = 0;
try {
  const rest = askDrafts();
  await sleep(RESTING_MS);
  // The first ones find everything cold.
  const atRest = await rest.stop();
  const resting = percentile(atRest.slice(1), 0.5);
  const watching = watchMemory();
  const asking = askDrafts();
  const before = cpuByRole(processTree());
  const start = performance.now();
  const bytes = await sendAll();
  const accepted = (performance.now() - start) / 1000;
  await settled();
  const all = (performance.now() - start) / 1000;
  const drafts = await asking.stop();
  isOver = true;
  await watching;
  checked = atRest.length + drafts.length;
  const held = await settled();
  console.log(
    `${MAILS} mails (${(bytes / 2 ** 20).toFixed(0)} MB) accepted in ${accepted.toFixed(1)} s, all judged and delivered after ${all.toFixed(1)} s (${(all / accepted).toFixed(2)} x accept)`,
  );
  console.log(
    `delivered ${sink.arrivals.size}, held ${held}, lost ${MAILS - sink.arrivals.size - held}, delivered twice ${sink.count() - sink.arrivals.size}`,
  );
  const after = cpuByRole(processTree());
  const cpu = [...after].map(([role, ms]) => [role, ms - (before.get(role) ?? 0)] as const);
  const sum = cpu.reduce((total, [, ms]) => total + ms, 0);
  console.log(
    `CPU seconds: ${cpu.map(([role, ms]) => `${role} ${(ms / 1000).toFixed(1)}`).join(', ')}; ${(sum / MAILS).toFixed(1)} ms a mail, ${(sum / (bytes / 2 ** 20)).toFixed(0)} ms a MB`,
  );
  for (const [role, { peak, last, processes }] of [...peaks].sort()) {
    console.log(
      `${role.padEnd(9)} most resident ${String(peak).padStart(4)} MB in one process, ${last} MB at the end; ${processes.size} processes`,
    );
  }
  console.log(
    `drafts meanwhile: ${drafts.length} checked, p50 ${percentile(drafts, 0.5).toFixed(0)} ms, p99 ${percentile(drafts, 0.99).toFixed(0)} ms, longest ${Math.max(...drafts).toFixed(0)} ms; at rest p50 ${resting.toFixed(0)} ms`,
  );
} finally {
  isOver = true;
  await holdfast.stop();
  await sink.close();
  rmSync(data, { recursive: true, force: true });
}

async function sendAll(): Promise<number> {
  const every = SHARE === 0 ? Number.POSITIVE_INFINITY : Math.round(1 / SHARE);
  let next = 0;
  let bytes = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const sender = await SmtpSender.open(holdfast.smtpPort);
      for (let index = next++; index < MAILS; index = next++) {
        const isLarge = index % every === 0;
        // Each table comes from somebody else: those of one sender would wait for each other, as a batch.
        const from = `${isLarge ? `table${index}` : `office${index % 200}`}@department.example`;
        const mail = isLarge ? aLargeMail(`burst${index}`, ROWS, from) : aSmallMail(`burst${index}`, 5000, from);
        bytes += mail.length;
        await sender.send(from, ['b@network.example'], mail);
      }
      sender.close();
    }),
  );
  return bytes;
}

/** Waits until nothing is on its way any more; answers how many are held. */
async function settled(): Promise<number> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const text = await (await fetch(`${holdfast.http}/metrics`)).text();
    const count = (state: string) =>
      Number(new RegExp(`^holdfast_messages\\{state="${state}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
    const onTheirWay = ['received', 'scanning', 'cleared', 'delivering'].map(count);
    // Drafts that were checked meanwhile are held as well, and are none of the mails.
    if (onTheirWay.every((left) => left === 0) || performance.now() > deadline) return count('held') - checked;
    await sleep(500);
  }
}

async function watchMemory(): Promise<void> {
  while (!isOver) {
    const uses = processTree().filter(({ role }) => role !== 'load');
    for (const { role, pid, rssMb } of uses) {
      const known = peaks.get(role) ?? { peak: 0, last: 0, processes: new Set() };
      known.processes.add(pid);
      peaks.set(role, { ...known, peak: Math.max(known.peak, rssMb) });
    }
    for (const [role, known] of peaks) {
      const now = Math.max(0, ...uses.filter((one) => one.role === role).map(({ rssMb }) => rssMb));
      peaks.set(role, { ...known, last: now });
    }
    await sleep(500);
  }
}

/** Drafts from a thread of their own; answers what each waited once told to stop. */
function askDrafts(): { stop(): Promise<readonly number[]> } {
  const workerData: DraftAsking = { http: holdfast.http, token: TOKEN, everyMs: DRAFT_EVERY_MS };
  const thread = new Worker(new URL('./flow/ask-drafts.ts', import.meta.url), { workerData });
  const times = new Promise<readonly number[]>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
  return {
    stop() {
      thread.postMessage('stop');
      return times;
    },
  };
}
