import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ScriptedServer, startScriptedServer } from './gateway/scripted-server.ts';
import { SmtpTalk } from './gateway/smtp-talk.ts';
import { describeWithRedis, hasRedis } from './services/real-servers.ts';
import { type HoldfastTree, startHoldfast } from './services/start-holdfast.ts';
import { startRedis, type TestRedis } from './services/start-redis.ts';
import { until } from './services/until.ts';

// Promise 2: 250 means durable. The whole tree is killed, its PostgreSQL too; what was acknowledged is there after the restart.

let data: string;
let sink: ScriptedServer;
let redis: TestRedis | undefined;
let holdfast: HoldfastTree | null = null;

beforeAll(async () => {
  sink = await startScriptedServer();
  if (hasRedis) redis = await startRedis();
});

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'holdfast-durable-'));
  cpSync(join(import.meta.dirname, '../fixtures/registers'), join(data, 'registers'), { recursive: true });
});

afterEach(async () => {
  await holdfast?.kill();
  holdfast = null;
  sink.mail.splice(0);
  rmSync(data, { recursive: true, force: true });
}, 30_000);

afterAll(async () => {
  await redis?.stop();
  await sink?.close();
});

const start = (env: Readonly<Record<string, string>> = {}) =>
  startHoldfast(data, {
    HOLDFAST_NOW: '2016-01-20T09:22:00Z',
    HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}`,
    ...env,
  });

/** Bytes that are a zip by their name and their start, and cannot be opened: held whatever the rules say. */
const TRUNCATED_ZIP = Buffer.from('PK\x03\x04\x14\0\0\0\x08\0 a zip that ends too early', 'latin1').toString('base64');

function aMail(token: string, kind: 'clean' | 'held'): string {
  const head = `From: a@department.example\r\nTo: b@network.example\r\nSubject: ${token}\r\nMessage-ID: <${token}@test.example>\r\nMIME-Version: 1.0\r\n`;
  const text = 'Content-Type: text/plain\r\n\r\nThe meeting is at ten.\r\n';
  if (kind === 'clean') return `${head}${text}`;
  const attachment = `Content-Type: application/zip; name="a.zip"\r\nContent-Disposition: attachment; filename="a.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n${TRUNCATED_ZIP}\r\n`;
  return `${head}Content-Type: multipart/mixed; boundary="=b"\r\n\r\n--=b\r\n${text}--=b\r\n${attachment}--=b--\r\n`;
}

/** Sends mails over one connection until it breaks; answers the ids acknowledged, by token. */
async function send(port: number, tokens: readonly string[], kind: 'clean' | 'held'): Promise<Map<string, string>> {
  const acknowledged = new Map<string, string>();
  const { talk } = await SmtpTalk.open(port);
  for (const token of tokens) {
    const reply = await talk.send('<a@department.example>', ['<b@network.example>'], aMail(token, kind).slice(0, -2));
    const id = /^250 2\.0\.0 queued as (\S+)$/.exec(reply)?.[1];
    if (id === undefined) break;
    acknowledged.set(token, id);
  }
  talk.close();
  return acknowledged;
}

const tokens = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`);
const copies = (token: string) =>
  sink.mail
    .filter((mail) => mail.data.includes(`Message-ID: <${token}@test.example>`))
    .map((mail) => mail.data.toString());

async function stateOf(tree: HoldfastTree, id: string): Promise<string> {
  const { status, body } = await tree.call('GET', `/v1/messages/${id}`);
  return status === 200 ? (body as { state: string }).state : `(${status})`;
}

async function settled(tree: HoldfastTree, ids: Iterable<string>, state: string): Promise<void> {
  for (const id of ids) await until(async () => (await stateOf(tree, id)) === state, 30_000, `${id} ${state}`);
}

function judgesAllAfterTheRestart(env: () => Readonly<Record<string, string>>): void {
  test('a tree killed after 250 and before the scan judges everything after the restart', async () => {
    holdfast = await start(env());
    expect(holdfast.signal('worker', 'SIGSTOP')).toBeGreaterThan(0);
    const clean = await send(holdfast.smtpPort, tokens('clean', 10), 'clean');
    const held = await send(holdfast.smtpPort, tokens('held', 5), 'held');
    expect([clean.size, held.size]).toEqual([10, 5]);
    expect(await stateOf(holdfast, clean.get('clean-9') ?? '')).toBe('received');
    await holdfast.kill();
    if (redis !== undefined) expect(await redis.command('FLUSHALL')).toBe('+OK');
    expect(sink.mail).toEqual([]);

    holdfast = await start(env());
    await settled(holdfast, clean.values(), 'delivered');
    await settled(holdfast, held.values(), 'held');
    await sleep(1500);
    for (const token of clean.keys()) expect(copies(token)).toHaveLength(1);
    for (const token of held.keys()) expect(copies(token)).toEqual([]);
    expect(await holdfast.stop()).toBe(0);
  }, 120_000);
}

describe('with the embedded queue', () => judgesAllAfterTheRestart(() => ({})));
describeWithRedis('with Redis, flushed in between', () =>
  judgesAllAfterTheRestart(() => ({ REDIS_URL: redis?.url ?? '' })),
);

test('a tree killed at any moment loses nothing, leaks nothing, and repeats only under the same X-Holdfast-Id', async () => {
  const clean = new Map<string, string>();
  const held = new Map<string, string>();
  for (let round = 0; round < 3; round++) {
    holdfast = await start();
    const tree = holdfast;
    const sending = [
      ...[0, 1, 2].map((lane) => send(tree.smtpPort, tokens(`clean-${round}-${lane}`, 500), 'clean')),
      send(tree.smtpPort, tokens(`held-${round}`, 200), 'held'),
    ];
    await sleep(700 + round * 400);
    await tree.kill();
    for (const [index, acknowledged] of (await Promise.all(sending)).entries()) {
      for (const [token, id] of acknowledged) (index < 3 ? clean : held).set(token, id);
    }
  }
  expect(clean.size).toBeGreaterThan(20);
  expect(held.size).toBeGreaterThan(3);
  holdfast = await start();
  const tree = holdfast;
  await until(() => [...clean.keys()].every((token) => copies(token).length > 0), 60_000, 'everything acknowledged');
  await settled(tree, held.values(), 'held');
  let repeats = 0;
  for (const [token, id] of clean) {
    const got = copies(token);
    expect(got.every((one) => one.startsWith(`X-Holdfast-Id: ${id}\r\n`))).toBe(true);
    repeats += got.length - 1;
  }
  // At most what was between the next hop's 250 and the commit when a worker died: its deliveries at a time, each round.
  expect(repeats).toBeLessThanOrEqual(3 * 20);
  expect(sink.mail.filter((mail) => mail.data.includes('Subject: held-'))).toEqual([]);
}, 180_000);
