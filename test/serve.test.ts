import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { z } from 'zod';
import { freePort } from '../src/cli/trial-server.ts';
import { readPostmaster } from '../src/store/postmaster.ts';
import { SmtpTalk } from './gateway/smtp-talk.ts';
import { processesOf, runHoldfast, type Serve, startServe } from './services/run-serve.ts';
import { until } from './services/until.ts';

const REGISTERS = fileURLToPath(new URL('../fixtures/registers', import.meta.url));
const NOW = '2016-01-20T09:22:00Z';

const Answer = z.looseObject({ items: z.array(z.unknown()).optional(), state: z.string().optional() });

jest.setTimeout(120_000);

let data: string;
let serve: Serve | null = null;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'holdfast-serve-'));
});
afterEach(async () => {
  await serve?.stop();
  serve = null;
  rmSync(data, { recursive: true, force: true });
});

const settings = (more: Readonly<Record<string, string>> = {}) => ({ HOLDFAST_DATA: data, HOLDFAST_NOW: NOW, ...more });

function withRegisters(): void {
  cpSync(REGISTERS, join(data, 'registers'), { recursive: true });
}

async function start(more: Readonly<Record<string, string>> = {}): Promise<Serve> {
  serve = await startServe(settings(more));
  return serve;
}

async function call(path: string, token: string, body?: unknown) {
  const response = await fetch(`${serve?.url}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const answer = Answer.parse(await response.json());
  return { status: response.status, body: answer };
}

const draft = { text: 'Record employment! Great news.', channel: 'x', author: 'press@department.example' };

async function sendMail(text: string): Promise<string> {
  const { talk } = await SmtpTalk.open(serve?.smtpPort ?? 0);
  const reply = await talk.send(
    '<press@department.example>',
    ['<news@paper.example>'],
    `Subject: hello\r\n\r\n${text}`,
  );
  talk.close();
  return reply;
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

describe('the first start', () => {
  it('makes keys, a user and a token, shows them once, and the next start goes on with them', async () => {
    withRegisters();
    await start();
    const kept = JSON.parse(readFileSync(join(data, 'first-start.json'), 'utf8'));
    expect(serve?.said()).toContain(kept.admin);
    expect(serve?.said()).toContain(kept.apiToken);
    for (const file of ['keys.json', 'first-start.json', 'postgres.json']) {
      expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
    }
    expect((await fetch(`${serve?.url}/readyz`)).status).toBe(200);
    expect(await call('/v1/drafts', kept.apiToken, draft)).toMatchObject({ body: { verdict: 'hold' } });
    expect((await call('/v1/drafts', 'another', draft)).status).toBe(401);

    const ended = await serve?.stop();
    expect(ended?.code).toBe(0);
    expect(processesOf(data)).toEqual([]);

    const other = await runHoldfast(['serve'], settings({ HOLDFAST_KEY_FILE: join(data, 'other.json') }));
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringMatching(/is not the key file this database was made with/),
    ]);

    await start();
    expect(serve?.said()).not.toContain(kept.admin);
    expect(serve?.said()).not.toContain(kept.apiToken);
    const page = await call('/v1/messages?state=held', kept.apiToken);
    expect(page.body.items).toHaveLength(1);
    expect(await runHoldfast(['audit', 'verify'], settings())).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^audit log verified: \d+ rows/),
    });
  });

  it('takes password and token from the settings, and writes them nowhere', async () => {
    withRegisters();
    await start({
      HOLDFAST_API_TOKEN: 'token-from-the-settings',
      HOLDFAST_ADMIN_PASSWORD: 'password-from-the-settings',
    });
    expect((await call('/v1/messages', 'token-from-the-settings')).status).toBe(200);
    expect(serve?.said()).not.toMatch(/from-the-settings/);
    expect(readFileSync(join(data, 'first-start.json'), 'utf8')).not.toMatch(/from-the-settings/);
    // Ctrl-C below npm: the terminal and npm both send it.
    expect((await serve?.stop(['SIGINT', 'SIGINT']))?.code).toBe(0);
    expect(processesOf(data)).toEqual([]);
  });

  it('loads demo registers where there are no others, and holds a first "record employment"', async () => {
    serve = await startServe({ HOLDFAST_DATA: data, HOLDFAST_API_TOKEN: 'token-of-this-test' });
    expect((await fetch(`${serve.url}/readyz`)).status).toBe(200);
    expect(await call('/v1/drafts', 'token-of-this-test', draft)).toMatchObject({ body: { verdict: 'hold' } });
    expect(serve.said()).toMatch(/warning: HOLDFAST_NEXT_HOP is not set/);
  });
});

describe('without what it takes to judge', () => {
  it.each([
    ['an empty register folder', {}, () => mkdirSync(join(data, 'registers'))],
    ['rules that do not load', { HOLDFAST_RULES: '/nonexistent' }, withRegisters],
  ])('with %s it starts, says so, and takes no mail', async (_what, more, prepare) => {
    prepare();
    await start({ ...more, HOLDFAST_API_TOKEN: 'token-of-this-test' });
    expect((await fetch(`${serve?.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${serve?.url}/healthz`)).status).toBe(200);
    expect(await sendMail('hello')).toMatch(/^451 4\./);
    expect((await call('/v1/drafts', 'token-of-this-test', draft)).status).toBe(503);
    expect((await call('/v1/messages', 'token-of-this-test')).body.items).toEqual([]);
  });

  it('takes mail within 5 s of an import into the running server', async () => {
    mkdirSync(join(data, 'registers'));
    await start();
    const imported = await runHoldfast(['registers', 'import', REGISTERS], settings());
    expect(imported).toMatchObject({ code: 0 });
    await until(async () => (await fetch(`${serve?.url}/readyz`)).ok, 5_000, 'readiness');
    expect(await sendMail('hello')).toMatch(/^250 /);
  });
});

describe('a fault of the settings ends the start with one line that says which, and exit 2', () => {
  async function expectRefusal(more: Readonly<Record<string, string>>, line: RegExp): Promise<void> {
    const { code, err } = await runHoldfast(['serve'], settings(more));
    expect(
      err
        .trim()
        .split('\n')
        .filter((one) => !one.startsWith('warning:')),
    ).toEqual([expect.stringMatching(line)]);
    expect(code).toBe(2);
  }

  it.each(['HOLDFAST_HTTP', 'HOLDFAST_SMTP'])('a taken port: %s', async (setting) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expectRefusal(
      { [setting]: `127.0.0.1:${port}` },
      new RegExp(`^holdfast: ${setting} 127\\.0\\.0\\.1:${port}: the port is taken`),
    );
    other.close();
    expect(existsSync(join(data, 'postgres'))).toBe(false);
  });

  it('a data folder that cannot be written', async () => {
    writeFileSync(join(data, 'file'), '');
    await expectRefusal({ HOLDFAST_DATA: join(data, 'file') }, /^holdfast: HOLDFAST_DATA .*cannot be written/);
  });

  it('a database that does not answer', () =>
    expectRefusal(
      { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/none' },
      /^holdfast: DATABASE_URL 127\.0\.0\.1:1\/none: nothing listens there/,
    ));

  it('a malformed setting', () => expectRefusal({ HOLDFAST_NEXT_HOP: 'nowhere' }, /^holdfast: HOLDFAST_NEXT_HOP: /));

  it('a damaged key file', async () => {
    writeFileSync(join(data, 'keys.json'), '{', { mode: 0o600 });
    await expectRefusal({}, /^holdfast: .*keys\.json: /);
  });

  it('a second server on the same data folder, or a certificate that is not there beside the same database', async () => {
    withRegisters();
    await start();
    await expectRefusal({}, /^holdfast: .*another holdfast runs on this data folder \(process \d+\)/);
    // What is found out last, when all the rest runs already.
    const { password, port } = JSON.parse(readFileSync(join(data, 'postgres.json'), 'utf8'));
    const url = `postgres://holdfast:${password}@127.0.0.1:${port}/postgres`;
    const keys = { HOLDFAST_DATA: join(data, 'beside'), HOLDFAST_KEY_FILE: join(data, 'keys.json') };
    const tls = { HOLDFAST_SMTP_TLS_KEY: '/nonexistent', HOLDFAST_SMTP_TLS_CERT: '/nonexistent' };
    await expectRefusal(
      { DATABASE_URL: url, HOLDFAST_WORKERS: '0', ...keys, ...tls },
      /^holdfast: HOLDFAST_SMTP_TLS_KEY: .*cannot be read/,
    );
    expect((await fetch(`${serve?.url}/readyz`)).status).toBe(200);
  });

  it('two settings with one port', async () => {
    const port = await freePort();
    const both = { HOLDFAST_HTTP: `127.0.0.1:${port}`, HOLDFAST_SMTP: `127.0.0.1:${port}` };
    await expectRefusal(both, /^holdfast: HOLDFAST_SMTP .*the port is taken, by another program or another setting/);
    expect(existsSync(join(data, 'postgres'))).toBe(false);
  });

  it('a worker of its own without a database to share', async () => {
    const { code, err } = await runHoldfast(['worker'], settings());
    expect([code, err]).toEqual([2, expect.stringMatching(/^holdfast: DATABASE_URL: .*\n$/)]);
  });
});

describe('after kill -9 of a part of the tree', () => {
  it('another worker goes on, and PostgreSQL comes back with everything', async () => {
    withRegisters();
    await start({ HOLDFAST_API_TOKEN: 'token-of-this-test' });
    const server = readPostmaster(join(data, 'postgres'))?.pid ?? 0;
    const workers = processesOf(data).filter((pid) => /main\.ts\0worker\0/.test(commandOf(pid)));
    expect(workers).toHaveLength(1);
    for (const pid of [...workers, server]) process.kill(pid, 'SIGKILL');
    let reply = '';
    await until(
      async () => {
        reply = await sendMail('See you on Monday.');
        return reply.startsWith('250 ');
      },
      30_000,
      'intake',
    );
    const state = async () => (await call(`/v1/messages/${reply.split(' ').at(-1)}`, 'token-of-this-test')).body.state;
    await until(async () => (await state()) === 'cleared', 45_000, 'judgement');
  });
});

describe('after kill -9 of the whole tree', () => {
  it('what was answered 250 is judged by the next start', async () => {
    withRegisters();
    const token = { HOLDFAST_API_TOKEN: 'token-of-this-test' };
    const first = await start(token);
    const replies = await Promise.all([sendMail('Record employment!'), sendMail('See you on Monday.')]);
    await first.killTree();
    for (const reply of replies) expect(reply).toMatch(/^250 2\.0\.0 queued as \w+$/);
    await start(token);
    const ids = replies.map((reply) => reply.split(' ').at(-1));
    const states = async () =>
      Promise.all(ids.map(async (id) => (await call(`/v1/messages/${id}`, 'token-of-this-test')).body.state));
    await until(
      async () => (await states()).every((state) => state === 'held' || state === 'cleared'),
      20_000,
      'judgement',
    );
    expect(await states()).toEqual(['held', 'cleared']);
  });
});
