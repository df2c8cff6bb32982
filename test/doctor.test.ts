import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkZones } from '../src/cli/doctor/check-zones.ts';
import type { Diagnosis } from '../src/cli/doctor/diagnosis.ts';
import { doctor } from '../src/cli/doctor.ts';
import { registers } from '../src/cli/registers.ts';
import { addMasterKey, KeyFile, keyRing } from '../src/registers/keys.ts';
import { newMessageId } from '../src/service/message-id.ts';
import { createAuditLog } from '../src/store/audit-log.ts';
import { createMessageStore } from '../src/store/message-store.ts';
import { VERSION } from '../src/store/presence.ts';
import { storeKeys } from '../src/store/store-keys.ts';
import { type ScriptedServer, startScriptedServer } from './gateway/scripted-server.ts';
import { aCertificate } from './services/a-certificate.ts';
import { aDatabase, type TestDatabase } from './services/a-database.ts';
import { freePort } from './services/free-port.ts';
import { hasRedis } from './services/real-servers.ts';
import { startRedis, type TestRedis } from './services/start-redis.ts';

// One installation in good health; each fault is planted in it by itself, and mended again.

const FIXTURES = join(import.meta.dirname, '../fixtures');
type Settings = Readonly<Record<string, string>>;

let data: string;
let database: TestDatabase;
let redis: TestRedis | undefined;
let hop: ScriptedServer;
let closed: number;

const keyFile = () => join(data, 'keys.json');
const settings = (): Settings => ({
  HOLDFAST_DATA: data,
  DATABASE_URL: database.url,
  HOLDFAST_NEXT_HOP: `127.0.0.1:${hop.port}`,
  HOLDFAST_RULES: join(data, 'rules'),
});
const sql = (text: string, values: readonly unknown[] = []) => database.pool.query(text, [...values]);
const keys = () => storeKeys(keyRing(KeyFile.parse(JSON.parse(readFileSync(keyFile(), 'utf8')))));

async function run(change: Settings, args: readonly string[], ahead = 0) {
  let out = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      out += text;
    },
    stdin: async () => new Uint8Array(),
    isTerminal: false,
    now: () => Date.now() + ahead,
    env: { ...settings(), ...change },
  };
  return { code: await doctor.run(args, io), out, io };
}

async function diagnose(change: Settings = {}, args: readonly string[] = [], ahead = 0) {
  const { code, out } = await run(change, ['--format', 'json', ...args], ahead);
  return {
    code,
    found: out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Diagnosis),
  };
}

async function aMessage(): Promise<string> {
  const id = newMessageId();
  await createMessageStore(database.pool, keys(), Date.now).insert({
    id,
    kind: 'email',
    receivedAt: Date.now(),
    publishAt: null,
    envelope: { from: 'a@department.example', to: ['b@network.example'] },
    messageId: null,
    content: Buffer.from('Subject: one\r\n\r\nThe meeting is at ten.\r\n'),
    transport: {},
  });
  return id;
}

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'holdfast-doctor-'));
  cpSync(join(import.meta.dirname, '../rules'), join(data, 'rules'), { recursive: true });
  [database, hop, closed] = await Promise.all([aDatabase(), startScriptedServer(), freePort()]);
  if (hasRedis) redis = await startRedis();
  const { io } = await run({ HOLDFAST_DATA: data }, ['--format', 'json']);
  await registers.run(['import', join(FIXTURES, 'registers')], { ...io, err: () => {} });
  const acts = { actor: 'test', action: 'registers.imported', target: null, detail: {} } as const;
  await createAuditLog(database.pool, keys()).append(acts);
  // Seen an hour from now: they are there for as long as this runs.
  for (const role of ['serve', 'worker']) {
    await sql(
      `insert into running_process (id, host, pid, role, version, seen_at, clock_at, keys, current_key)
       values ($1, 'here', 1, $1, $2, now() + interval '1 hour', now() + interval '1 hour', $3, $4)`,
      [role, VERSION, [keys().current.id], keys().current.id],
    );
  }
}, 90_000);

afterAll(async () => {
  await redis?.stop();
  await hop?.close();
  await database?.close();
  rmSync(data, { recursive: true, force: true });
}, 30_000);

it('finds nothing wrong where nothing is', async () => {
  const { code, found } = await diagnose();
  expect(found.filter(({ level }) => level === 'fault')).toEqual([]);
  expect(code).toBe(0);
  expect(new Set(found.map(({ check }) => check))).toEqual(
    new Set([
      ...['user', 'data folder', 'disk', 'zone data', 'keys', 'rules', 'database', 'clock', 'audit log'],
      ...['registers', 'workers', 'queue', 'next hop'],
    ]),
  );
}, 30_000);

interface Plant {
  readonly settings?: Settings;
  readonly args?: readonly string[];
  /** Milliseconds that this machine's clock is ahead. */
  readonly ahead?: number;
  readonly mend?: () => unknown;
}

/** Takes the key file's place for one look. */
function withKeyFile(change: (file: KeyFile) => unknown): Plant {
  const whole = readFileSync(keyFile(), 'utf8');
  writeFileSync(keyFile(), JSON.stringify(change(KeyFile.parse(JSON.parse(whole)))), { mode: 0o600 });
  return { mend: () => writeFileSync(keyFile(), whole) };
}

async function withServer(greeting: string): Promise<Plant> {
  const server = await startScriptedServer((command) => (command === '(greeting)' ? greeting : undefined));
  return { settings: { HOLDFAST_NEXT_HOP: `127.0.0.1:${server.port}` }, mend: () => server.close() };
}

/** Changes rows, and puts them back. */
async function withSql(...steps: readonly string[]): Promise<Plant> {
  const half = steps.length / 2;
  for (const step of steps.slice(0, half)) await sql(step);
  return {
    async mend() {
      for (const step of steps.slice(half)) await sql(step);
    },
  };
}

function withCertificate(): { readonly cert: string; readonly key: string } {
  const files = { cert: join(data, 'gateway.crt'), key: join(data, 'gateway.key') };
  const made = aCertificate('gateway.department.example');
  writeFileSync(files.cert, made.cert);
  writeFileSync(files.key, made.key);
  return files;
}

const faults: readonly (readonly [
  what: string,
  plant: () => Plant | Promise<Plant>,
  check: string,
  says: RegExp,
  remedy: RegExp,
])[] = [
  [
    'a setting that is none',
    () => ({ settings: { HOLDFAST_SMTP: 'nonsense' } }),
    'settings',
    /HOLDFAST_SMTP/,
    /127\.0\.0\.1:2525/,
  ],
  [
    'a data folder that is a file',
    () => ({ settings: { HOLDFAST_DATA: keyFile() } }),
    'data folder',
    /no folder/,
    /HOLDFAST_DATA/,
  ],
  ['a full disk', () => ({ args: ['--least-free', '999999999'] }), 'disk', /MB free/, /free some/],
  [
    'a gateway for everybody',
    () => ({ settings: { HOLDFAST_SMTP_CLIENTS: '0.0.0.0/0' } }),
    'gateway',
    /anybody/,
    /list your mail servers/,
  ],
  [
    'a clock that stands',
    () => ({ settings: { HOLDFAST_NOW: '2016-01-20T09:22:00Z' } }),
    'clock',
    /HOLDFAST_NOW/,
    /unset/,
  ],
  ['a clock an hour ahead', () => ({ ahead: 3_600_000 }), 'clock', /3600\.\d s ahead of the database/, /NTP/],
  [
    'no key file',
    () => ({ settings: { HOLDFAST_KEY_FILE: join(data, 'gone.json') } }),
    'keys',
    /gone\.json is not there/,
    /backup/,
  ],
  [
    'a key file that all may read',
    () => {
      chmodSync(keyFile(), 0o644);
      return { mend: () => chmodSync(keyFile(), 0o600) };
    },
    'keys',
    /read by everybody/,
    /chmod 600/,
  ],
  ['a damaged key file', () => withKeyFile(() => ({ version: 1, keys: 'none' })), 'keys', /keys\.json/, /./],
  [
    'the key file of another store',
    () => withKeyFile(() => addMasterKey(null, Buffer.alloc(32, 5), '2026-01-31T09:30:00Z')),
    'keys',
    /not the one that this database was made with/,
    /backup/,
  ],
  [
    'a key-encryption key that is not there',
    () => ({ settings: { HOLDFAST_KEK_FILE: join(data, 'gone.kek') } }),
    'keys',
    /HOLDFAST_KEK_FILE .*cannot be read/,
    /restore|read it/,
  ],
  [
    'keys in the clear beside a key-encryption key',
    () => ({ settings: { HOLDFAST_KEK: Buffer.alloc(32, 7).toString('base64') } }),
    'keys',
    /in the clear/,
    /keys wrap/,
  ],
  [
    'a rotation that was left',
    () => withKeyFile((file) => addMasterKey(file, Buffer.alloc(32, 6), '2026-01-31T09:30:00Z', true)),
    'keys',
    /begun and not finished/,
    /keys rotate/,
  ],
  [
    'a message whose key is lost',
    async () => {
      const id = await aMessage();
      await sql('update message set key_id = $2 where id = $1', [id, 'k9-lost']);
      return { mend: () => sql('delete from message') };
    },
    'keys',
    /1 messages need the key k9-lost/,
    /restore a copy/,
  ],
  [
    'no database',
    () => ({ settings: { DATABASE_URL: `postgres://holdfast@127.0.0.1:${closed}/holdfast` } }),
    'database',
    /nothing listens/,
    /start PostgreSQL/,
  ],
  [
    'a wrong password',
    () => ({ settings: { DATABASE_URL: database.url.replace(/:[^:@]+@/, ':wrong@') } }),
    'database',
    /wrong password/,
    /correct it/,
  ],
  [
    'a database of a newer Holdfast',
    () =>
      withSql(
        "insert into schema_migration values (9999, 'n', 'd')",
        'delete from schema_migration where version = 9999',
      ),
    'database',
    /newer Holdfast/,
    /run that version/,
  ],
  [
    'an audit row that was changed',
    () =>
      withSql(
        'alter table audit_log disable trigger user',
        "update audit_log set actor = 'nobody' where seq = 2",
        "update audit_log set actor = 'test' where seq = 2",
        'alter table audit_log enable trigger user',
      ),
    'audit log',
    /row 2/,
    /compare it with a backup/,
  ],
  [
    'rules that are not there',
    () => ({ settings: { HOLDFAST_RULES: join(data, 'no-rules') } }),
    'rules',
    /no-rules/,
    /./,
  ],
  [
    'a rule that fails',
    () => {
      const policy = join(data, 'rules', 'policy.yaml');
      const whole = readFileSync(policy, 'utf8');
      writeFileSync(policy, `${whole}\nnonsense: 1\n`);
      return { mend: () => writeFileSync(policy, whole) };
    },
    'rules',
    /nonsense/,
    /./,
  ],
  [
    'no registers',
    () =>
      withSql(
        'create table kept_embargo as table embargo_entry; create table kept_sensitivity as table sensitivity_entry',
        'delete from embargo_entry; delete from sensitivity_entry',
        'insert into embargo_entry table kept_embargo; insert into sensitivity_entry table kept_sensitivity',
        'drop table kept_embargo; drop table kept_sensitivity',
      ),
    'registers',
    /no entry/,
    /registers import/,
  ],
  [
    'no worker',
    () =>
      withSql(
        "update running_process set role = 'idle' where id = 'worker'",
        "update running_process set role = 'worker' where id = 'worker'",
      ),
    'workers',
    /judged by nobody/,
    /holdfast worker/,
  ],
  [
    'no server',
    () =>
      withSql(
        "update running_process set role = 'idle' where id = 'serve'",
        "update running_process set role = 'serve' where id = 'serve'",
      ),
    'server',
    /no server runs/,
    /holdfast serve/,
  ],
  [
    'a worker whose clock is wrong',
    () =>
      withSql(
        "update running_process set clock_at = seen_at - interval '9 seconds' where id = 'worker'",
        "update running_process set clock_at = seen_at where id = 'worker'",
      ),
    'clock',
    /worker .* -9\.0 s off/,
    /NTP/,
  ],
  [
    'a machine without the newest key',
    () => {
      const rest = withKeyFile((file) => addMasterKey(file, Buffer.alloc(32, 6), '2026-01-31T09:30:00Z'));
      return rest;
    },
    'keys',
    /worker .* lacks the key k2-/,
    /copy the key file/,
  ],
  [
    'mail that nobody judges',
    async () => {
      await aMessage();
      await sql("update message set next_attempt_at = now() - interval '10 minutes'");
      return { mend: () => sql('delete from message') };
    },
    'queue',
    /waited 600 s/,
    /workers/,
  ],
  [
    'no next hop that answers',
    () => ({ settings: { HOLDFAST_NEXT_HOP: `127.0.0.1:${closed}` } }),
    'next hop',
    /nothing that listens/,
    /firewall/,
  ],
  ['a next hop that refuses', () => withServer('554 go away'), 'next hop', /greets with "554/, /take connections/],
  [
    'a next hop that is a Holdfast',
    () => withServer('220 here ESMTP Holdfast'),
    'next hop',
    /in circles/,
    /sends to the outside/,
  ],
  [
    'a next hop that is this gateway',
    () => ({ settings: { HOLDFAST_NEXT_HOP: '127.0.0.1:2525' } }),
    'next hop',
    /this gateway itself/,
    /takes mail back/,
  ],
  [
    'a next hop without TLS where TLS is a must',
    () => ({ settings: { HOLDFAST_NEXT_HOP_TLS: 'verify' } }),
    'next hop',
    /offers no STARTTLS/,
    /certificate/,
  ],
  [
    'a certificate that is not there',
    () => ({ settings: { HOLDFAST_SMTP_TLS_CERT: join(data, 'no.crt'), HOLDFAST_SMTP_TLS_KEY: join(data, 'no.key') } }),
    'certificate',
    /cannot be read/,
    /restore/,
  ],
  [
    'a certificate of another key',
    () => {
      const first = withCertificate();
      copyFileSync(first.key, join(data, 'other.key'));
      withCertificate();
      return { settings: { HOLDFAST_SMTP_TLS_CERT: first.cert, HOLDFAST_SMTP_TLS_KEY: join(data, 'other.key') } };
    },
    'certificate',
    /not the certificate of/,
    /belong together/,
  ],
  [
    'a certificate that has ended',
    () => {
      const { cert, key } = withCertificate();
      return { settings: { HOLDFAST_SMTP_TLS_CERT: cert, HOLDFAST_SMTP_TLS_KEY: key }, ahead: 30 * 86_400_000 };
    },
    'certificate',
    /ended 2\d days ago/,
    /renew/,
  ],
];

it.each(faults)(
  'names %s, and says what to do',
  async (_what, plant, check, says, remedy) => {
    const planted = await plant();
    try {
      const { code, found } = await diagnose(planted.settings, planted.args, planted.ahead);
      expect(found.filter(({ level }) => level === 'fault')).toContainEqual({
        check,
        level: 'fault',
        what: expect.stringMatching(says),
        remedy: expect.stringMatching(remedy),
      });
      expect(code).toBe(1);
    } finally {
      await planted.mend?.();
    }
  },
  30_000,
);

const describeWithRedis = hasRedis ? describe : describe.skip;
describeWithRedis('Redis', () => {
  it.each([
    ['that may forget', 'CONFIG SET maxmemory-policy allkeys-lru', /may forget jobs/, /noeviction/],
    ['that is full', 'CONFIG SET maxmemory 1000000', /nine tenths/, /raise maxmemory/],
  ])('%s is named', async (_what, command, says, remedy) => {
    await redis?.command('CONFIG SET maxmemory-policy noeviction');
    await redis?.command(command);
    const { found } = await diagnose({ REDIS_URL: redis?.url ?? '' });
    expect(found).toContainEqual(
      expect.objectContaining({
        check: 'Redis',
        level: 'fault',
        what: expect.stringMatching(says),
        remedy: expect.stringMatching(remedy),
      }),
    );
    // Without a file of its own it keeps nothing over a restart.
    expect(found).toContainEqual(
      expect.objectContaining({ check: 'Redis', level: 'warning', remedy: 'set appendonly yes' }),
    );
  });

  it('that is away is named', async () => {
    const { found } = await diagnose({ REDIS_URL: `redis://127.0.0.1:${closed}` });
    expect(found).toContainEqual(
      expect.objectContaining({ check: 'Redis', level: 'fault', remedy: expect.stringContaining('start it') }),
    );
  });
});

it.each([
  ['wrong', () => '00:00', /00:00 at .* is right/],
  [
    'missing',
    () => {
      throw new RangeError('no such zone');
    },
    /no zone Europe\/London/,
  ],
])('zone data that are %s are named', (_what, show, says) => {
  expect(checkZones(Date.now(), '2026a', show)).toEqual([
    { check: 'zone data', level: 'fault', what: expect.stringMatching(says), remedy: expect.stringContaining('ICU') },
  ]);
});

it('writes for people what it writes for programs', async () => {
  mkdirSync(join(data, 'empty'));
  const { out, code } = await run({ HOLDFAST_NEXT_HOP: `127.0.0.1:${closed}` }, []);
  expect(code).toBe(1);
  expect(out).toMatch(/^FAULT {4}next hop: 127\.0\.0\.1:\d+ has nothing that listens\n {9}do: start it/m);
  expect(out).toMatch(/\n1 wrong/);
});
