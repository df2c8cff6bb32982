import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWebhookTeller } from '../src/gateway/tell-webhook.ts';
import { canaryMail } from '../src/service/canary-mail.ts';
import { silentLog } from '../src/service/log.ts';
import { newMessageId } from '../src/service/message-id.ts';
import { pauseAfter, startWebhooks } from '../src/service/start-webhooks.ts';
import { createWebhookDesk, type WebhookDesk } from '../src/service/webhook-desk.ts';
import { isPublicAddress, targetFault } from '../src/service/webhook-target.ts';
import { createMessageStore } from '../src/store/message-store.ts';
import { createWebhookStore } from '../src/store/webhook-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from './services/a-database.ts';
import { until } from './services/until.ts';

const admin = { id: 'user-1', name: 'admin', address: null, roles: ['admin'] } as const;
const reviewer = { ...admin, id: 'user-2', roles: ['reviewer'] } as const;
const isLoopback = (address: string) => address.startsWith('127.');

interface Told {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let database: TestDatabase;
let receiver: Server;
let origin: string;
let answers: number[] = [];
const told: Told[] = [];
const keys = storeKeys();

beforeAll(async () => {
  database = await aDatabase();
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      told.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const status = answers.shift() ?? 204;
      response.writeHead(status, status === 302 ? { location: `${origin}/elsewhere` } : {}).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(async () => {
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  await database.close();
});
beforeEach(async () => {
  told.length = 0;
  answers = [];
  await database.pool.query('delete from webhook');
});

const record = () => createWebhookStore(database.pool, keys);
const desk = (): WebhookDesk =>
  createWebhookDesk({
    webhooks: record(),
    newId: () => newMessageId(),
    newSecret: () => randomBytes(32),
    isAllowed: isLoopback,
  });

async function register(events: readonly string[], path = '/hook') {
  const made = await desk().create({ url: `${origin}${path}`, events }, admin);
  if (!made.ok) throw new Error(made.refusal.message);
  return made.value;
}

function send(count: string[] = []) {
  return startWebhooks({
    webhooks: record(),
    tell: createWebhookTeller(isLoopback),
    now: Date.now,
    random: () => 0,
    count: (outcome) => count.push(outcome),
    log: silentLog,
    intervalMs: 20,
  });
}

async function holdAndReject(): Promise<string> {
  const now = Date.now();
  const messages = createMessageStore(database.pool, keys, () => now);
  const id = newMessageId();
  const content = Buffer.from('Subject: s\r\n\r\nRecord employment\r\n');
  const envelope = { from: 'press@department.example', to: ['news@paper.example'] };
  const more = { messageId: null, content, transport: {} };
  await messages.insert({ id, kind: 'email', receivedAt: now, publishAt: null, envelope, ...more });
  await messages.claimForScan(id, 'w', 10_000);
  const finding = { detector: 'direction', rule: 'r', entry: 'e', path: 'body', span: null, severity: 'high' } as const;
  await messages.recordJudgement(
    id,
    'w',
    {
      verdict: 'hold',
      holdUntil: now + 60_000,
      effectiveAt: now,
      findings: [{ ...finding, summary: 'Record employment is said.' }],
      incomplete: [],
    },
    'rules',
  );
  await messages.decide(id, { action: 'reject', reason: 'Record employment is not out', liftsAt: null }, reviewer);
  return id;
}

test('states and decisions are told, signed as Standard Webhooks has it, and without content or addresses', async () => {
  const { secret } = await register(['message.held', 'message.decided', 'message.rejected']);
  const id = await holdAndReject();
  const sender = send();
  await until(() => told.length >= 3, 5000, 'three events');
  await sender.stop();
  expect(told.map(({ body }) => JSON.parse(body).type).sort()).toEqual([
    'message.decided',
    'message.held',
    'message.rejected',
  ]);
  for (const { headers, body } of told) {
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']))).toBeLessThan(60);
    expect(JSON.parse(body)).toMatchObject({ id: headers['webhook-id'], data: { message: { id, kind: 'email' } } });
    expect(body).not.toMatch(/record|employment|press@|paper|direction/i);
  }
  expect(await record().list({ limit: 5 })).toMatchObject([{ waiting: 0, lastSuccessAt: expect.any(Number) }]);
});

test('nothing is kept for a webhook that did not ask, and none of it where there is no webhook', async () => {
  await holdAndReject();
  await register(['message.delivered']);
  await holdAndReject();
  expect((await database.pool.query('select from webhook_event')).rowCount).toBe(0);
});

test('what is not taken is tried again until it is, also by a sender that starts later', async () => {
  const { webhook } = await register(['message.delivered']);
  answers = [503, 302];
  await record().test(webhook.id);
  const count: string[] = [];
  const first = send(count);
  await until(() => told.length === 1 && count.length === 1, 5000, 'the first attempt');
  await first.stop();
  expect(await record().list({ limit: 1 })).toMatchObject([{ waiting: 1, lastFailure: 'answered 503' }]);
  await database.pool.query('update webhook_event set next_attempt_at = now()');
  const second = send(count);
  await until(() => told.length === 2 && count.length === 2, 5000, 'the second attempt');
  await database.pool.query('update webhook_event set next_attempt_at = now()');
  await until(() => told.length === 3 && count.length === 3, 5000, 'the third attempt');
  await second.stop();
  expect(count).toEqual(['deferred', 'deferred', 'delivered']);
  // Nobody went where the 302 pointed, and all attempts were of one event.
  expect(told.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook']);
  expect(new Set(told.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('a receiver that does not answer keeps no other waiting, however much waits for it', async () => {
  const { webhook: dead } = await register([], '/dead');
  const { webhook: alive } = await register([], '/alive');
  for (let n = 0; n < 25; n++) await record().test(dead.id);
  await database.pool.query(`update webhook_event set next_attempt_at = now() - interval '1 hour'`);
  await record().test(alive.id);
  const claimed = await record().claim(20, 60_000);
  expect(claimed).toHaveLength(20);
  expect(claimed.map(({ webhookId }) => webhookId)).toContain(alive.id);
});

test('a canary is nobody’s message, and no webhook is told of it', async () => {
  await register(['message.cleared']);
  const messages = createMessageStore(database.pool, keys, Date.now);
  const mails = [canaryMail(newMessageId(), Date.now()), { ...canaryMail(newMessageId(), Date.now()), transport: {} }];
  for (const mail of mails) {
    await messages.insert(mail);
    await messages.claimForScan(mail.id, 'w', 10_000);
    const judgement = { verdict: 'pass', holdUntil: null, effectiveAt: 0, findings: [], incomplete: [] } as const;
    await messages.recordJudgement(mail.id, 'w', judgement, 'rules');
  }
  const { rows } = await database.pool.query<{ id: string }>(
    `select detail->'message'->>'id' as id from webhook_event`,
  );
  expect(rows).toEqual([{ id: mails[1]?.id }]);
});

test('an event is given up after three days, and a receiver that is gone is told nothing more', async () => {
  const { webhook } = await register(['message.held']);
  answers = [500, 410];
  await record().test(webhook.id);
  await database.pool.query(`update webhook_event set happened_at = now() - interval '4 days'`);
  const count: string[] = [];
  const sender = send(count);
  await until(() => count.length === 1, 5000, 'the event to be given up');
  await record().test(webhook.id);
  await until(() => count.length === 2, 5000, 'the receiver to be gone');
  await sender.stop();
  expect(count).toEqual(['given-up', 'given-up']);
  expect(await record().list({ limit: 1 })).toMatchObject([{ waiting: 0, endedAt: expect.any(Number) }]);
  await holdAndReject();
  expect((await database.pool.query('select from webhook_event')).rowCount).toBe(0);
});

test('a secret is sealed in the database, and both acts are in the audit log', async () => {
  const { webhook, secret } = await register(['message.held']);
  const { rows } = await database.pool.query<{ secret: Buffer }>('select secret from webhook');
  expect(rows[0]?.secret.includes(Buffer.from(secret.replace('whsec_', ''), 'base64'))).toBe(false);
  expect(await desk().remove(webhook.id, admin)).toEqual({ ok: true, value: null });
  expect(await desk().remove(webhook.id, admin)).toMatchObject({ ok: false, refusal: { kind: 'not-found' } });
  const acts = await database.pool.query<{ action: string }>('select action from audit_log where target = $1', [
    webhook.id,
  ]);
  expect(acts.rows.map(({ action }) => action)).toEqual(['webhook.created', 'webhook.removed']);
});

test('only administrators have to do with webhooks', async () => {
  expect(await desk().list({ limit: 5 }, reviewer)).toMatchObject({ ok: false, refusal: { kind: 'forbidden' } });
  const input = { url: `${origin}/hook`, events: ['message.held'] };
  expect(await desk().create(input, reviewer)).toMatchObject({ ok: false, refusal: { kind: 'forbidden' } });
});

test('a name that leads to this machine is not called where that is not allowed', async () => {
  const port = new URL(origin).port;
  const tell = createWebhookTeller(() => false);
  const answer = await tell(`https://localhost:${port}/hook`, {}, '{}', AbortSignal.timeout(5000));
  expect(answer).toEqual({ kind: 'failed', reason: 'its name leads to an address that is not public' });
  expect(told).toHaveLength(0);
});

describe('targets', () => {
  it.each([
    ['http://example.org/hook', /not https/],
    ['ftp://example.org/', /not https/],
    ['https://user:secret@example.org/', /password/],
    ['https://example.org/#x', /fragment/],
    ['https://127.0.0.1/', /public internet/],
    ['https://0x7f.1/', /public internet/],
    ['https://2130706433/', /public internet/],
    ['https://169.254.169.254/latest/meta-data', /public internet/],
    ['https://10.1.2.3/', /public internet/],
    ['https://[::1]/', /public internet/],
    ['https://[::ffff:127.0.0.1]/', /public internet/],
    ['https://[fd00:ec2::254]/', /public internet/],
    ['https://[64:ff9b::7f00:1]/', /public internet/],
    ['https://[2002:7f00:1::]/', /public internet/],
    ['not an address', /is no address/],
  ])('%s is refused', (url, why) => {
    expect(targetFault(url, () => false)).toMatch(why);
  });

  it.each(['https://example.org/hook?a=b', 'https://93.184.215.14:8443/', 'https://[2606:2800:21f:cb07::1]/'])(
    '%s is fine',
    (url) => {
      expect(targetFault(url, () => false)).toBeNull();
    },
  );

  it('in a network of one’s own are fine where it is allowed, in the clear by address alone', () => {
    const isOwn = (address: string) => address.startsWith('10.');
    expect(targetFault('http://10.1.2.3/hook', isOwn)).toBeNull();
    expect(targetFault('http://intranet.department.example/hook', isOwn)).toMatch(/not https/);
  });

  it.each([
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'fc00::1',
    '100.64.0.1',
    '198.18.0.1',
    '255.255.255.255',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
});

test.each([
  [1, 2500, 5000],
  [4, 20_000, 40_000],
  [40, 5_400_000, 10_800_000],
])('after attempt %i the pause is from %i to %i ms', (attempt, least, most) => {
  expect([pauseAfter(attempt, 0), pauseAfter(attempt, 1)]).toEqual([least, most]);
});
