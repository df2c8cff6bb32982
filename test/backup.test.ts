import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type ScriptedServer, startScriptedServer } from './gateway/scripted-server.ts';
import { SmtpTalk } from './gateway/smtp-talk.ts';
import { aDatabase, type TestDatabase } from './services/a-database.ts';
import { runHoldfast } from './services/run-serve.ts';
import { type HoldfastTree, startHoldfast } from './services/start-holdfast.ts';
import { until } from './services/until.ts';

// A backup that is taken while mail flows, restored on a machine that has nothing.

const NOW = '2016-01-20T09:22:00Z';
let folder: string;
let sink: ScriptedServer;
let holdfast: HoldfastTree | null = null;
/** Stays empty: a restoration that fails leaves nothing. */
let empty: TestDatabase;
const data = () => join(folder, 'old');
const elsewhere = (name: string) => join(folder, name);
const file = () => join(folder, 'store.backup');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-backup-'));
  cpSync(join(import.meta.dirname, '../fixtures/registers'), join(data(), 'registers'), { recursive: true });
  empty = await aDatabase();
  sink = await startScriptedServer((command) => (command.startsWith('MAIL') && isBusy ? '451 4.3.0 busy' : undefined));
  holdfast = await startHoldfast(data(), { HOLDFAST_NOW: NOW, HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}` });
}, 90_000);

afterAll(async () => {
  await holdfast?.stop();
  await empty?.close();
  await sink?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

let isBusy = false;
const run = (name: string, ...args: readonly string[]) =>
  runHoldfast(args, { HOLDFAST_DATA: name === 'old' ? data() : elsewhere(name), HOLDFAST_NOW: NOW });

interface Acknowledged {
  readonly id: string;
  readonly at: number;
}

async function load(signal: AbortSignal, acknowledged: Acknowledged[]): Promise<void> {
  const { talk } = await SmtpTalk.open(holdfast?.smtpPort ?? 0);
  for (let n = 0; !signal.aborted; n++) {
    const words = n % 2 === 1 ? 'Record employment again, 74.0% in work!' : 'The meeting is at ten.';
    const mail = `From: a@department.example\r\nTo: b@network.example\r\nSubject: ${n}\r\n\r\n${words}`;
    const reply = await talk.send('<a@department.example>', ['<b@network.example>'], mail);
    const id = /^250 2\.0\.0 queued as (\S+)$/.exec(reply)?.[1];
    if (id === undefined) throw new Error(`not taken: ${reply}`);
    acknowledged.push({ id, at: performance.now() });
    await sleep(5);
  }
  talk.close();
}

it('misses nothing that was acknowledged before it, though taken under load', async () => {
  const stop = new AbortController();
  const acknowledged: Acknowledged[] = [];
  const sending = load(stop.signal, acknowledged);
  await Promise.race([sending, until(() => acknowledged.length > 40, 30_000, 'some mail')]);
  // Some are in the middle of their delivery when the backup is taken.
  isBusy = true;
  await sleep(300);
  const before = performance.now();
  const taken = await run('old', 'backup', file());
  isBusy = false;
  await sleep(200);
  stop.abort();
  await sending;
  expect(taken).toMatchObject({ code: 0, err: '' });
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(await run('old', 'backup', file())).toMatchObject({
    code: 2,
    err: expect.stringContaining('is there already'),
  });
  await holdfast?.stop();
  holdfast = null;
  const due = acknowledged.filter(({ at }) => at < before);
  expect(due.length).toBeGreaterThan(40);

  // No key is in it: what is held stays shut, and says which key it wants.
  const text = gunzipSync(readFileSync(file())).toString('utf8');
  const { keys } = JSON.parse(readFileSync(join(data(), 'keys.json'), 'utf8')) as {
    keys: { id: string; secret: string }[];
  };
  expect(text).not.toContain(keys[0]?.secret);
  expect(text).not.toContain('Record employment');
  expect(await run('new', 'restore', file())).toMatchObject({
    code: 2,
    err: expect.stringContaining(`put the one there that has the keys ${keys[0]?.id}`),
  });

  mkdirSync(elsewhere('new'));
  copyFileSync(join(data(), 'keys.json'), join(elsewhere('new'), 'keys.json'));
  expect(await run('new', 'restore', file())).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/restored, as of [\s\S]*audit log verified: \d+ rows/),
  });
  expect(await run('new', 'audit', 'verify')).toMatchObject({ code: 0 });
  expect(await run('new', 'restore', file())).toMatchObject({
    code: 2,
    err: expect.stringContaining('into an empty store alone'),
  });

  const delivered = sink.mail.length;
  holdfast = await startHoldfast(elsewhere('new'), { HOLDFAST_NOW: NOW, HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}` });
  const ended = new Map<string, string>();
  await until(
    async () => {
      // In turn, and only what has not ended: more questions at once than the API takes would be refused, and asked again.
      for (const { id } of due.filter(({ id }) => !ended.has(id))) {
        const { status, body } = await (holdfast as HoldfastTree).call('GET', `/v1/messages/${id}`);
        const state = status === 200 ? (body as { readonly state: string }).state : `answered with ${status}`;
        if (['delivered', 'held', 'answered with 404'].includes(state)) ended.set(id, state);
        await sleep(10);
      }
      return ended.size === due.length;
    },
    60_000,
    'the end of every message',
  );
  const held = [...ended].filter(([, state]) => state === 'held').map(([id]) => id);
  expect(new Set(ended.values())).toEqual(new Set(['delivered', 'held']));
  expect(held.length).toBeGreaterThan(15);
  // What was under way is delivered from the restored store.
  expect(sink.mail.length).toBeGreaterThan(delivered);
  // What is held opens: it goes out as it came in.
  const [first] = held;
  const released = await holdfast.call('POST', `/v1/messages/${first}/decision`, {
    action: 'release',
    reason: 'Restored.',
  });
  expect(released.status).toBe(200);
  await until(
    () => sink.mail.some(({ data }) => data.includes(`X-Holdfast-Id: ${first}`)),
    20_000,
    'the released mail',
  );
  expect(sink.mail.find(({ data }) => data.includes(`X-Holdfast-Id: ${first}`))?.data.toString()).toContain(
    'Record employment',
  );
}, 150_000);

it('cannot be opened by a machine that has other keys or none', async () => {
  expect(await run('none', 'restore', file(), '--without-keys')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Nothing of it opens without the keys'),
  });
  expect(await run('none', 'serve')).toMatchObject({ code: 2, err: expect.stringContaining('is not the key file') });
  expect(await run('other', 'registers', 'export', elsewhere('other-registers'))).toMatchObject({ code: 0 });
  expect(await run('other', 'restore', file())).toMatchObject({
    code: 2,
    err: expect.stringContaining('is not the key file of the store that was backed up'),
  });
}, 60_000);

it.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 2000), 'cut short'],
  [
    'with a changed row',
    (bytes: Buffer) =>
      gzipSync(gunzipSync(bytes).toString('utf8').replace('a@department.example', 'x@department.example')),
    'was changed after it was taken',
  ],
  ['that is none', () => Buffer.from('no backup at all'), 'is no backup'],
])(
  'refuses a backup %s and leaves nothing of it',
  async (_what, damage, line) => {
    const damaged = join(folder, 'damaged.backup');
    writeFileSync(damaged, damage(readFileSync(file())));
    const there = mkdtempSync(join(folder, 'there-'));
    copyFileSync(join(data(), 'keys.json'), join(there, 'keys.json'));
    const settings = { HOLDFAST_DATA: there, DATABASE_URL: empty.url };
    const { code, err } = await runHoldfast(['restore', damaged], settings);
    expect(code).toBe(2);
    expect(err).toContain(line);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect((await empty.pool.query('select from message')).rowCount).toBe(0);
  },
  60_000,
);
