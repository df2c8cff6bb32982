// Two gateways, one to three workers, one Redis and one PostgreSQL, each a process of its own: what more workers bring, and what the
// death of one costs.
//
//   node bench/workers.ts [messages a round] [most workers]
import { setTimeout as sleep } from 'node:timers/promises';
import { aSmallMail, percentile, SmtpSender } from '../test/services/smtp-sender.ts';
import { startTimedSink, type TimedSink } from '../test/services/timed-sink.ts';
import { type Field, type StartedGateway, startField } from './flow/field.ts';
import { cpuByRole, processTree } from './flow/process-tree.ts';

const MESSAGES = Number(process.argv[2] ?? 2000);
const MOST_WORKERS = Number(process.argv[3] ?? 3);
const LEASE_SECONDS = 30;

const sink = await startTimedSink();
const field = await startField(sink.port);
try {
  const gateways = [await field.gateway(), await field.gateway()];
  const rates: number[] = [];
  for (let count = 1; count <= MOST_WORKERS; count += 1) rates.push(await round(count, field, gateways, sink));
  console.log(
    `throughput by workers: ${rates.map((rate, index) => `${index + 1}: ${rate.toFixed(0)}/s (${(rate / (rates[0] ?? 1)).toFixed(2)})`).join(', ')}`,
  );
  await loseOne(field, gateways, sink);
} finally {
  await field.close();
  await sink.close();
}

/** Mail is taken while the workers are stopped, so that they are measured, and neither their start nor the gateways. */
async function round(
  count: number,
  field: Field,
  gateways: readonly StartedGateway[],
  sink: TimedSink,
): Promise<number> {
  const workers = await Promise.all(Array.from({ length: count }, () => field.worker()));
  for (const { pid } of workers) process.kill(pid, 'SIGSTOP');
  const tokens = await send(`round${count}-`, MESSAGES, gateways);
  const before = cpuByRole(processTree());
  for (const { pid } of workers) process.kill(pid, 'SIGCONT');
  await arrived(tokens, sink, 180_000);
  const after = cpuByRole(processTree());
  const at = tokens.map((token) => sink.arrivals.get(token) ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
  // Between the tenth and the ninetieth hundredth all have work.
  const [from, to] = [at[Math.floor(MESSAGES * 0.1)] ?? 0, at[Math.floor(MESSAGES * 0.9)] ?? 0];
  const rate = (MESSAGES * 0.8 * 1000) / (to - from);
  const cpu = [...after]
    .map(([role, ms]) => `${role} ${((ms - (before.get(role) ?? 0)) / MESSAGES).toFixed(2)}`)
    .join(', ');
  console.log(`${count} worker${count > 1 ? 's' : ''}: ${rate.toFixed(0)} mails a second; CPU ms a mail: ${cpu}`);
  for (const worker of workers) await worker.stop();
  return rate;
}

async function loseOne(field: Field, gateways: readonly StartedGateway[], sink: TimedSink): Promise<void> {
  const workers = await Promise.all(Array.from({ length: 3 }, () => field.worker()));
  const sent = send('lost', 600, gateways);
  let claimed = 0;
  for (let turn = 0; turn < 400 && claimed === 0; turn += 1) {
    const { rows } = await field.database.query<{ count: number }>(
      `select count(*)::int as count from message where state = 'scanning' and lease_owner like $1`,
      [`%/${workers[0]?.pid}/%`],
    );
    claimed = rows[0]?.count ?? 0;
    if (claimed === 0) await sleep(5);
  }
  const killedAt = performance.timeOrigin + performance.now();
  await workers[0]?.kill();
  const tokens = await sent;
  await arrived(tokens, sink, (LEASE_SECONDS + 60) * 1000);
  const delays = tokens.map((token) => (sink.arrivals.get(token) ?? Number.POSITIVE_INFINITY) - killedAt);
  const late = delays.filter((ms) => ms > 10_000);
  console.log(
    `one of three workers killed with ${claimed} mails in its hands: ${tokens.length - delays.filter(Number.isFinite).length} lost; ` +
      `${late.length} came more than 10 s after, the last ${(Math.max(...delays) / 1000).toFixed(1)} s (lease ${LEASE_SECONDS} s), half ${(percentile(delays, 0.5) / 1000).toFixed(1)} s`,
  );
  for (const worker of workers.slice(1)) await worker.stop();
}

async function send(prefix: string, count: number, gateways: readonly StartedGateway[]): Promise<readonly string[]> {
  const tokens = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const waiting = [...tokens];
  await Promise.all(
    gateways.flatMap(({ smtpPort }) =>
      Array.from({ length: 10 }, async (_, connection) => {
        const sender = await SmtpSender.open(smtpPort);
        const from = `office${connection}@department.example`;
        for (let token = waiting.shift(); token !== undefined; token = waiting.shift()) {
          await sender.send(from, ['b@network.example'], aSmallMail(token, 5000, from));
        }
        sender.close();
      }),
    ),
  );
  return tokens;
}

async function arrived(tokens: readonly string[], sink: TimedSink, most: number): Promise<void> {
  const deadline = performance.now() + most;
  while (performance.now() < deadline && tokens.some((token) => !sink.arrivals.has(token))) await sleep(100);
}
