// Breaks everything while mail flows, and counts: lost = acknowledged and gone, leaked = delivered without a passing verdict,
// repeated = delivered more than once.
//
//   npm run chaos -- --seed 1 --rounds 20
//
// Equal seeds strike the same faults in the same order. Exit 1 where anything was lost or leaked.
import { closeSync, cpSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startScriptedServer } from '../gateway/scripted-server.ts';
import { SmtpTalk } from '../gateway/smtp-talk.ts';
import { startHoldfast } from '../services/start-holdfast.ts';
import { startRedis } from '../services/start-redis.ts';
import { type Fault, type Field, faults } from './faults.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, rounds: { type: 'string' } } });
const seed = Number(values.seed ?? 1);
const rounds = Number(values.rounds ?? faults.length);
const random = seeded(seed);
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Sent {
  readonly id: string;
  readonly round: number;
  readonly isHeld: boolean;
}

const folder = mkdtempSync(join(tmpdir(), 'holdfast-chaos-'));
const ledger = openSync(join(folder, 'ledger'), 'a');
const acknowledged = new Map<string, Sent>();
const redis = await startRedis();
const sink = await startScriptedServer((command) => {
  if (field.hop === 'away' && command === '(greeting)') return null;
  if (field.hop === 'busy' && command.startsWith('MAIL')) return '451 4.3.0 busy';
  if (field.hop === 'hangs-up' && command === '(data)') return null;
  if (field.hop === 'slow' && command === '(data)') {
    // The whole sink stands still, as a disk that is full of work does.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
  }
  return undefined;
});
const data = join(folder, 'data');
cpSync(join(import.meta.dirname, '../../fixtures/registers'), join(data, 'registers'), { recursive: true });
const start = () =>
  startHoldfast(data, {
    HOLDFAST_NOW: '2016-01-20T09:22:00Z',
    HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}`,
    REDIS_URL: redis.url,
    HOLDFAST_LOG: 'silent',
  });
const field: Field = {
  tree: undefined as never,
  redis,
  hop: 'well',
  async restart() {
    field.tree = await start();
  },
};
await field.restart();

const struck: Fault[] = [];
for (let round = 0; round < rounds; round++) {
  const fault = round < faults.length ? faults[round] : faults[Math.floor(random() * faults.length)];
  if (fault === undefined) break;
  struck.push(fault);
  let isOver = false;
  const lanes = [0, 1, 2, 3].map((lane) => send(round, lane, () => isOver));
  await fault.strike(field, random);
  await sleep(500);
  isOver = true;
  await Promise.all(lanes);
  say(
    `round ${round + 1} of ${rounds}: ${fault.name}, ${[...acknowledged.values()].filter((one) => one.round === round).length} acknowledged`,
  );
}

field.hop = 'well';
// Leases and the first retries are over within a minute.
const deadline = performance.now() + 120_000;
while (missing().length > 0 && performance.now() < deadline) await sleep(200);
await sleep(2000);
const lost = await reallyLost(missing());
report(lost);
await field.tree.stop();
await redis.stop();
await sink.close();
closeSync(ledger);
rmSync(folder, { recursive: true, force: true });

async function send(round: number, lane: number, isOver: () => boolean): Promise<void> {
  for (let count = 0; !isOver(); ) {
    try {
      const { talk } = await SmtpTalk.open(field.tree.smtpPort);
      try {
        while (!isOver()) {
          count += 1;
          const isHeld = (lane + count) % 4 === 0;
          const token = `t${seed}-${round}-${lane}-${count}`;
          const reply = await talk.send('<a@department.example>', ['<b@network.example>'], aMail(token, isHeld));
          const id = /^250 2\.0\.0 queued as (\S+)$/.exec(reply)?.[1];
          if (id === undefined) break;
          writeSync(ledger, `${token} ${id}\n`);
          fsyncSync(ledger);
          acknowledged.set(token, { id, round, isHeld });
        }
      } finally {
        talk.close();
      }
    } catch {
      // The gateway is away.
    }
    await sleep(50);
  }
}

function aMail(token: string, isHeld: boolean): string {
  const zip = Buffer.from('PK\x03\x04\x14\0\0\0\x08\0 ends too early', 'latin1').toString('base64');
  const head = `From: a@department.example\r\nTo: b@network.example\r\nSubject: mail\r\nMessage-ID: <${token}@chaos.example>\r\nMIME-Version: 1.0\r\n`;
  return isHeld
    ? `${head}Content-Type: application/zip; name="a.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n${zip}`
    : `${head}Content-Type: text/plain\r\n\r\nThe meeting is at ten.`;
}

/** Ids delivered, for each token. */
function delivered(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const mail of sink.mail) {
    const text = mail.data.toString('latin1');
    const token = /Message-ID: <([^@]+)@chaos\.example>/.exec(text)?.[1] ?? '(none)';
    const id = /^X-Holdfast-Id: (\S+)/.exec(text)?.[1] ?? '(none)';
    found.set(token, [...(found.get(token) ?? []), id]);
  }
  return found;
}

function missing(): readonly (readonly [string, Sent])[] {
  const there = delivered();
  return [...acknowledged].filter(([token, { isHeld }]) => !isHeld && !there.has(token));
}

async function stateOf(id: string): Promise<string> {
  const { status, body } = await field.tree.call('GET', `/v1/messages/${id}`);
  return status === 200 ? (body as { state: string }).state : 'gone';
}

/** What did not arrive and is not kept to be delivered either, and held mail that the store no longer has. */
async function reallyLost(undelivered: readonly (readonly [string, Sent])[]): Promise<readonly Sent[]> {
  const gone: Sent[] = [];
  for (const [, sent] of undelivered) {
    if (!['received', 'scanning', 'cleared', 'delivering'].includes(await stateOf(sent.id))) gone.push(sent);
  }
  for (const sent of acknowledged.values()) {
    if (sent.isHeld && !['held', 'received', 'scanning'].includes(await stateOf(sent.id))) gone.push(sent);
  }
  return gone;
}

function report(lost: readonly Sent[]): void {
  const there = delivered();
  let isBroken = false;
  say('');
  say(`| fault | rounds | acknowledged | lost | leaked | repeated |`);
  say(`| --- | --- | --- | --- | --- | --- |`);
  for (const fault of faults) {
    const of = (one: Sent) => struck[one.round] === fault;
    const mine = [...acknowledged].filter(([, sent]) => of(sent));
    const leaked = mine.filter(([token, { isHeld }]) => isHeld && there.has(token)).length;
    const repeats = mine
      .map(([token, { id }]) => ({ id, ids: there.get(token) ?? [] }))
      .filter(({ ids }) => ids.length > 1);
    const strangers = repeats.filter(({ id, ids }) => ids.some((one) => one !== id)).length;
    const count = struck.filter((one) => one === fault).length;
    const missed = lost.filter(of).length;
    if (missed > 0 || leaked > 0 || strangers > 0 || (repeats.length > 0 && !fault.mayRepeat)) isBroken = true;
    say(`| ${fault.name} | ${count} | ${mine.length} | ${missed} | ${leaked} | ${repeats.length} |`);
  }
  say(
    `\nseed ${seed}, ${rounds} rounds: ${lost.length} lost, ${missing().length} still to be delivered, ${isBroken ? 'BROKEN' : 'every promise held'}`,
  );
  process.exitCode = isBroken ? 1 : 0;
}

/** mulberry32: small, and the same everywhere. */
function seeded(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
