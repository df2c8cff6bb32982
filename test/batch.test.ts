import { mkdtempSync, rmSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type ScriptedServer, startScriptedServer } from './gateway/scripted-server.ts';
import { SmtpTalk } from './gateway/smtp-talk.ts';
import { aDatabase, type TestDatabase } from './services/a-database.ts';
import { describeWithRedis } from './services/real-servers.ts';
import { type HoldfastTree, startHoldfast } from './services/start-holdfast.ts';
import { startRedis, type TestRedis } from './services/start-redis.ts';
import { until } from './services/until.ts';

// The breach of 2017: the wrong file in one of several mails of a batch. Two gateways take the mails, in any order.

const ROOT = join(import.meta.dirname, '..');
const GROUPS = ['rents', 'tenancies', 'voids', 'landlords', 'repairs', 'sales'] as const;
const MAILS = 200;
/** The one with the wrong file. */
const ODD = 77;
const folders: string[] = [];
let sink: ScriptedServer;
let redis: TestRedis;
let database: TestDatabase;
let gateways: readonly HoldfastTree[] = [];

async function aFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-batch-'));
  folders.push(folder);
  await cp(join(ROOT, 'fixtures/registers'), join(folder, 'registers'), { recursive: true });
  return folder;
}

/** The shipped rules with shorter waits. */
async function rulesInAHurry(): Promise<string> {
  const rules = join(await aFolder(), 'rules');
  await cp(join(ROOT, 'rules'), rules, { recursive: true });
  const policy = join(rules, 'policy.yaml');
  const seconds = { batchFirstSeconds: 4, batchQuietSeconds: 5, batchWaitSeconds: 30 };
  let text = await readFile(policy, 'utf8');
  for (const [name, value] of Object.entries(seconds))
    text = text.replace(new RegExp(`${name}: \\d+`), `${name}: ${value}`);
  await writeFile(policy, text);
  return rules;
}

function aMail(at: number): string {
  const group = GROUPS[at % GROUPS.length] ?? '';
  const file =
    at === ODD
      ? { name: 'tenants.csv', text: `name,house,telephone\r\n${'A person,1 Example Street,none\r\n'.repeat(7)}` }
      : {
          name: `${group}-errors-${at}.csv`,
          text: `landlord,record,field,message\r\n${`L${at},R${at * 7},${group},is missing\r\n`.repeat(3 + (at % 9))}`,
        };
  return [
    'From: quality@department.example',
    `To: contact-${at}@provider.example`,
    `Subject: Errors to correct in ${group}, provider ${at}`,
    `Message-ID: <batch-${at}@test.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="=b"',
    '',
    '--=b',
    'Content-Type: text/plain',
    '',
    'Please see the attached log.',
    '--=b',
    `Content-Type: text/csv; name="${file.name}"`,
    `Content-Disposition: attachment; filename="${file.name}"`,
    '',
    file.text,
    '--=b--',
    '',
  ].join('\r\n');
}

async function sendAll(port: number, mails: readonly number[]): Promise<void> {
  const { talk } = await SmtpTalk.open(port);
  for (const at of mails) {
    const reply = await talk.send('<quality@department.example>', [`<contact-${at}@provider.example>`], aMail(at));
    expect(reply).toMatch(/^250 /);
  }
  talk.close();
}

describeWithRedis('200 mails in six groups, one with another file', () => {
  beforeAll(async () => {
    [sink, redis, database] = await Promise.all([startScriptedServer(), startRedis(), aDatabase()]);
    const [first, second, rules] = [await aFolder(), await aFolder(), await rulesInAHurry()];
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      HOLDFAST_NEXT_HOP: `127.0.0.1:${sink.port}`,
      HOLDFAST_RULES: rules,
      HOLDFAST_KEY_FILE: join(first, 'keys.json'),
      HOLDFAST_WORKERS: '1',
    };
    const one = await startHoldfast(first, env);
    gateways = [one, await startHoldfast(second, env)];
  }, 120_000);

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.kill()));
    await sink?.close();
    await redis?.stop();
    await database?.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it.each([
    ['first', 1],
    ['last', MAILS],
    ['somewhere', 90],
  ])(
    'holds exactly that mail when it comes %s',
    async (_, place) => {
      sink.mail.splice(0);
      await database.pool.query('delete from message');
      const rest = Array.from({ length: MAILS }, (_, at) => at).filter((at) => at !== ODD);
      const [shuffled = []] = fc.sample(fc.shuffledSubarray(rest, { minLength: rest.length }), {
        numRuns: 1,
        seed: place,
      });
      const order = shuffled.toSpliced(place - 1, 0, ODD);
      await Promise.all(
        gateways.map((gateway, at) =>
          sendAll(
            gateway.smtpPort,
            order.filter((_, n) => n % 2 === at),
          ),
        ),
      );
      await until(() => sink.mail.length >= MAILS - 1, 90_000, 'the delivery of the others');
      const gone = sink.mail.map((mail) => Number(/Message-ID: <batch-(\d+)@/.exec(mail.data.toString())?.[1]));
      expect(gone.toSorted((a, b) => a - b)).toEqual(rest);
      const states = async () => {
        const { rows } = await database.pool.query<{ state: string; count: number }>(
          'select state, count(*)::int as count from message group by state',
        );
        return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
      };
      await until(async () => (await states())['delivering'] === undefined, 10_000, 'the end of the deliveries');
      expect(await states()).toEqual({ delivered: MAILS - 1, held: 1 });
      const held = await gateways[0]?.call('GET', '/v1/messages?state=held');
      expect(JSON.stringify(held?.body)).toContain('odd-attachment');
    },
    180_000,
  );
});
