import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { addMasterKey, KeyFile } from '../src/registers/keys.ts';
import { runningPostgres } from '../src/store/embedded-postgres.ts';
import { SEALED_COLUMNS } from '../src/store/reseal-secrets.ts';
import { type ScriptedServer, startScriptedServer } from './gateway/scripted-server.ts';
import { SmtpTalk } from './gateway/smtp-talk.ts';
import { runHoldfast } from './services/run-serve.ts';
import { type HoldfastTree, startHoldfast } from './services/start-holdfast.ts';
import { until } from './services/until.ts';

// Keys are changed while mail flows: nothing fails, nothing is restarted, and the old key is gone in the end.

let data: string;
let sink: ScriptedServer;
let holdfast: HoldfastTree;
let database: pg.Pool;
const KEK = { HOLDFAST_KEK: Buffer.alloc(32, 7).toString('base64') };

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'holdfast-rotation-'));
  cpSync(join(import.meta.dirname, '../fixtures/registers'), join(data, 'registers'), { recursive: true });
  sink = await startScriptedServer();
  holdfast = await startHoldfast(data, {
    ...KEK,
    HOLDFAST_NOW: '2016-01-20T09:22:00Z',
    HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}`,
  });
  database = new pg.Pool({ connectionString: runningPostgres(data)?.url ?? '', max: 2 });
  database.on('error', () => {});
}, 90_000);

afterAll(async () => {
  await database?.end();
  await holdfast?.stop();
  await sink?.close();
  rmSync(data, { recursive: true, force: true });
}, 60_000);

const keys = (...args: readonly string[]) => runHoldfast(['keys', ...args], { HOLDFAST_DATA: data, ...KEK });
const column = async (sql: string): Promise<readonly unknown[]> =>
  (await database.query<{ one: unknown }>(sql)).rows.map(({ one }) => one);
const keysInUse = () => column('select distinct key_id as one from message');
const keysOfFigures = async () => [
  ...new Set((await column('select document::text as one from embargo_entry')).join().match(/"key": "[^"]+"/g)),
];

interface Acknowledged {
  readonly id: string;
  readonly isHeld: boolean;
}

/** Sends mails until told to stop, every second one a breach; answers what was acknowledged. */
async function load(signal: AbortSignal): Promise<readonly Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  const { talk } = await SmtpTalk.open(holdfast.smtpPort);
  for (let n = 0; !signal.aborted; n++) {
    const isHeld = n % 2 === 1;
    const words = isHeld ? 'Record employment again, 74.0% in work!' : 'The meeting is at ten.';
    const mail = `From: a@department.example\r\nTo: b@network.example\r\nSubject: ${n}\r\n\r\n${words}`;
    const reply = await talk.send('<a@department.example>', ['<b@network.example>'], mail);
    const id = /^250 2\.0\.0 queued as (\S+)$/.exec(reply)?.[1];
    if (id === undefined) throw new Error(`not taken: ${reply}`);
    acknowledged.push({ id, isHeld });
    await sleep(15);
  }
  talk.close();
  return acknowledged;
}

it('changes the key under load without a failed message, and removes the old one', async () => {
  const [before] = await keysInUse().then((ids) => (ids.length > 0 ? ids : [keyFileOnDisk().keys[0]?.id]));
  const stop = new AbortController();
  const sent = load(stop.signal);
  await sleep(500);
  const rotated = await keys('rotate');
  await sleep(500);
  stop.abort();
  const acknowledged = await sent;
  expect(rotated).toMatchObject({ code: 0, err: '' });
  expect(acknowledged.length).toBeGreaterThan(50);

  // Everything that was acknowledged came to the end it had to, across the change.
  const clean = acknowledged.filter(({ isHeld }) => !isHeld);
  await until(() => sink.mail.length >= clean.length, 30_000, 'delivery');
  expect(sink.mail).toHaveLength(clean.length);
  const held = acknowledged.filter(({ isHeld }) => isHeld);
  await until(
    async () => (await column("select count(*)::int as one from message where state = 'held'"))[0] === held.length,
    30_000,
    'judgement',
  );
  expect(await column('select distinct last_error as one from message')).toEqual([null]);

  // Nothing needs the old key any more.
  const after = keyFileOnDisk().keys.at(-1)?.id;
  expect(after).not.toBe(before);
  expect(await keysInUse()).toEqual([after]);
  expect(await keysOfFigures()).toEqual([`"key": "${after}"`]);
  expect(await keys('retire', String(after))).toMatchObject({ code: 2, err: expect.stringContaining('written with') });
  expect(await keys('retire', String(before))).toMatchObject({ code: 0, err: '' });
  await until(
    async () =>
      String(await column(`select keys::text as one from running_process`)).includes(String(before)) === false,
    10_000,
    'the processes to forget the old key',
  );
  // The same processes still judge and open what came in under the old key.
  const released = await holdfast.call('POST', `/v1/messages/${held[0]?.id}/decision`, {
    action: 'release',
    reason: 'Opens under the new key.',
  });
  expect(released.status).toBe(200);
  await until(() => sink.mail.length > clean.length, 20_000, 'delivery of what was released');
  expect(sink.mail.at(-1)?.data.toString()).toContain('Record employment again');
  expect(await runHoldfast(['audit', 'verify'], { HOLDFAST_DATA: data, ...KEK })).toMatchObject({ code: 0 });
}, 120_000);

it('goes on with a rotation that was interrupted, instead of beginning another', async () => {
  const content = keyFileOnDisk();
  const id = content.keys.at(-1)?.id;
  // As a command leaves it that was killed before every process had the key.
  expect(await keys('unwrap')).toMatchObject({ code: 0 });
  const clear = KeyFile.parse(JSON.parse(readFileSync(join(data, 'keys.json'), 'utf8')));
  const begun = addMasterKey(clear, Buffer.alloc(32, 9), '2026-01-31T09:30:00Z', true);
  writeFileSync(join(data, 'keys.json'), JSON.stringify(begun), { mode: 0o600 });
  expect(await keys('wrap')).toMatchObject({ code: 0 });
  const next = begun.keys.at(-1)?.id;
  expect(await keys('rotate')).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringContaining(`going on with the rotation to ${next}`),
  });
  expect(await keysInUse()).toEqual([next]);
  expect(keyFileOnDisk().keys.map((key) => key.id)).toEqual([...begun.keys.map((key) => key.id)]);
  expect(await keys('status')).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      new RegExp(`wrapped by kek-[0-9a-f]{8}\\n[\\s\\S]*${id} .*read with[\\s\\S]*${next} .*written with`),
    ),
  });
}, 60_000);

it('knows every column that names a key', async () => {
  const columns = await column(
    `select table_name || '.' || column_name as one from information_schema.columns
     where table_schema = 'public' and data_type = 'text' and column_name ~ '(^|_)key(_id)?$' order by 1`,
  );
  const known = SEALED_COLUMNS.map(({ table, key }) => `${table}.${key}`);
  // A sign-in under way lives for minutes, and is begun again.
  expect(columns).toEqual(
    [...known, 'message.key_id', 'running_process.current_key', 'sign_in_step.detail_key'].sort(),
  );
});

it('has no secret in the file that its key-encryption key wraps', async () => {
  expect(readFileSync(join(data, 'keys.json'), 'utf8')).not.toContain('secret');
  const wrong = { HOLDFAST_DATA: data, HOLDFAST_KEK: Buffer.alloc(32, 8).toString('base64') };
  for (const [settings, line] of [
    [{ HOLDFAST_DATA: data }, 'set HOLDFAST_KEK_FILE, HOLDFAST_KEK_COMMAND or HOLDFAST_KEK'],
    [wrong, 'set the right one'],
  ] as const)
    expect(await runHoldfast(['audit', 'verify'], settings)).toMatchObject({
      code: 2,
      err: expect.stringContaining(line),
    });
  const command = { HOLDFAST_DATA: data, HOLDFAST_KEK_COMMAND: `printf %s ${KEK.HOLDFAST_KEK}` };
  expect(await runHoldfast(['audit', 'verify'], command)).toMatchObject({ code: 0 });
}, 60_000);

function keyFileOnDisk(): { readonly keys: readonly { readonly id: string }[] } {
  return JSON.parse(readFileSync(join(data, 'keys.json'), 'utf8')) as never;
}
