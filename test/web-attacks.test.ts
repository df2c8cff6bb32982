import { request as httpRequest } from 'node:http';
import { createAccountDesk } from '../src/service/account-desk.ts';
import type { AccountRecord } from '../src/service/stores.ts';
import { createAccountStore } from '../src/store/accounts/account-store.ts';
import { localPath } from '../src/web/pages/local-path.ts';
import { type RunningWeb, startWeb, tokenIn, Visitor } from './fakes/start-web.ts';
import { ROUTE_TABLE } from './route-table.ts';
import { aDatabase, storeKeys, type TestDatabase } from './services/a-database.ts';

const PASSWORD = 'marmalade tractor violin';
const FORMS = Object.keys(ROUTE_TABLE).filter((name) => name.startsWith('POST /') && !name.includes(' /v1/'));
const CALLS = Object.keys(ROUTE_TABLE).filter((name) => /^(POST|PUT) \/v1\//.test(name));

let web: RunningWeb;
let visitor: Visitor;
/** The form token of the visitor's session, and that of another one. */
let own: string;
let stolen: string;
beforeAll(async () => {
  web = await startWeb();
  visitor = new Visitor(web.origin);
  await visitor.signIn('admin');
  own = await visitor.tokenOf('/account');
  const other = new Visitor(web.origin);
  await other.signIn('admin');
  stolen = await other.tokenOf('/account');
});
afterAll(() => web.close());

const targetOf = (name: string) => (name.split(' ')[1] ?? '').replace(':id', 'labour-market-2016-01');

describe('a request forged by another site', () => {
  it.each(FORMS)('%s does nothing: without, with another session’s token, or from elsewhere', async (name) => {
    web.service.calls.length = 0;
    web.people.calls.length = 0;
    const tries = [
      visitor.post(targetOf(name), { text: 'a', channel: 'x' }),
      visitor.post(targetOf(name), { token: stolen }),
      visitor.post(targetOf(name), { token: own }, { origin: 'https://evil.example' }),
      visitor.post(targetOf(name), { token: own }, { 'sec-fetch-site': 'cross-site' }),
      visitor.post(targetOf(name), { token: own }, { 'sec-fetch-site': 'same-site' }),
    ];
    for (const answer of await Promise.all(tries)) expect(answer.status).toBe(403);
    expect([...web.service.calls, ...web.people.calls]).toEqual([]);
  });

  it.each(CALLS)('%s does nothing with a session from elsewhere', async (name) => {
    web.service.calls.length = 0;
    const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ');
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const answer = await fetch(web.origin + targetOf(name), {
        method: name.split(' ')[0] ?? '',
        headers: { ...headers, cookie, 'content-type': 'text/plain' } as Record<string, string>,
        body: '{}',
      });
      expect(answer.status).toBe(403);
    }
    expect(web.service.calls).toEqual([]);
  });
});

describe('where a sign-in leads', () => {
  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/%09/evil.example\n',
    'javascript:alert(1)',
    '/..//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'http:evil.example',
    '/x\r\nSet-Cookie: a=b',
    ' //evil.example',
    '@evil.example',
    '',
  ])('is never %j', async (next) => {
    const somebody = new Visitor(web.origin);
    const token = await somebody.tokenOf(`/sign-in?next=${encodeURIComponent(next)}`);
    const answer = await somebody.post('/sign-in', { name: 'admin', password: 'correct horse', token, next });
    const target = new URL(answer.headers.get('location') ?? '', web.origin);
    expect(target.origin).toBe(web.origin);
    expect(target.href).not.toContain('//evil');
    expect(answer.headers.getSetCookie().some((line) => line.startsWith('a='))).toBe(false);
  });

  it('is a path of ours, with its query', () => {
    expect(localPath('/review?after=x&entry=a')).toBe('/review?after=x&entry=a');
  });
});

describe('a header that is written into', () => {
  const paths = [
    '/registers/embargoes/x%0d%0aSet-Cookie:%20a=b',
    '/registers?saved=x%0d%0aSet-Cookie:%20a=b',
    '/users/x%0d%0aLocation:%20https:%2f%2fevil.example',
    '/sign-in?next=%0d%0aSet-Cookie:%20a=b',
    '/v1/messages/x%0d%0aSet-Cookie:%20a=b',
    '/audit.csv?target=x%0d%0aSet-Cookie:%20a=b',
  ];
  it.each(paths)('%s stays as it is', async (path) => {
    const answer = await visitor.get(path);
    expect(answer.headers.getSetCookie().filter((line) => line.startsWith('a='))).toEqual([]);
    expect(answer.headers.get('location') ?? '').not.toContain('evil');
  });

  it('takes no address of an id apart in a redirect', async () => {
    const token = await visitor.tokenOf('/account');
    const id = encodeURIComponent('x\r\nSet-Cookie: a=b/../../evil');
    const answer = await visitor.post(`/users/${id}/act`, { token, act: 'enable' });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.headers.get('location')).toBe(`/users/${id}?saved=yes`);
  });
});

describe('with real accounts', () => {
  let database: TestDatabase;
  let accounts: AccountRecord;
  let real: RunningWeb;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    database = await aDatabase();
    accounts = createAccountStore(database.pool, storeKeys());
    for (const name of ['one', 'two', 'boss']) {
      const roles = name === 'boss' ? (['admin'] as const) : (['submitter', 'reviewer'] as const);
      const made = await accounts.createUser({ name, password: PASSWORD, address: null, roles }, 'test');
      ids[name] = made?.id ?? '';
    }
    real = await startWeb({ accounts, people: createAccountDesk(accounts) });
  });
  afterAll(async () => {
    await real.close();
    await database.close();
  });

  async function signedIn(name: string): Promise<Visitor> {
    const person = new Visitor(real.origin);
    const token = tokenIn(await (await person.get('/sign-in')).text());
    await person.post('/sign-in', { name, password: PASSWORD, token });
    return person;
  }

  it('a session key that was planted before the sign-in opens nothing after it', async () => {
    const victim = new Visitor(real.origin);
    const planted = (await signedIn('two')).cookies.get('holdfast') ?? '';
    for (const value of [planted, 'planted-by-somebody']) {
      victim.cookies.set('holdfast', value);
      const token = tokenIn(await (await victim.get('/sign-in')).text());
      await victim.post('/sign-in', { name: 'one', password: PASSWORD, token });
      expect(victim.cookies.get('holdfast')).not.toBe(value);
      // What was there before is ended, not merely left behind.
      expect(await accounts.bySession(value)).toBeNull();
    }
    expect((await accounts.bySession(victim.cookies.get('holdfast') ?? ''))?.name).toBe('one');
  });

  it('a planted visit cookie gives no form token that the planter knows to another visit', async () => {
    const [planter, victim] = [new Visitor(real.origin), new Visitor(real.origin)];
    const token = tokenIn(await (await planter.get('/sign-in')).text());
    await victim.get('/sign-in');
    expect((await victim.post('/sign-in', { name: 'one', password: PASSWORD, token })).status).toBe(403);
  });

  it('nobody ends the session or revokes the token of somebody else by its id', async () => {
    const [one, two] = [await signedIn('one'), await signedIn('two')];
    const theirs = (await accounts.sessionsOf(ids['two'] ?? '', two.cookies.get('holdfast') ?? ''))[0]?.id ?? '';
    const theirToken = await two.tokenOf('/account');
    await two.post('/account/tokens', { token: theirToken, name: 'scheduler', roles: 'submitter', days: '9' });
    const target = (await accounts.tokens(ids['two']))[0]?.id ?? '';
    const token = await one.tokenOf('/account');
    expect((await one.post(`/account/sessions/${theirs}/end`, { token })).status).toBe(409);
    expect((await one.post(`/account/tokens/${target}/revoke`, { token })).status).toBe(404);
    expect((await one.post(`/users/tokens/${target}/revoke`, { token })).status).toBe(403);
    expect(await accounts.bySession(two.cookies.get('holdfast') ?? '')).not.toBeNull();
    expect(await accounts.tokens(ids['two'])).toHaveLength(1);
  });

  it('nobody makes a token of a role they lack, or one that never ends', async () => {
    const one = await signedIn('one');
    const token = await one.tokenOf('/account');
    const asked = (fields: Readonly<Record<string, string>>) =>
      one.post('/account/tokens', { token, name: 'x', days: '9', roles: 'admin', ...fields });
    expect((await asked({})).status).toBe(403);
    for (const days of ['0', '-1', '1e9', '', 'NaN'])
      expect((await asked({ roles: 'reviewer', days })).status).toBe(422);
  });

  it('a token is shown once, is refused where it may only look, and is gone when revoked', async () => {
    const one = await signedIn('one');
    const token = await one.tokenOf('/account');
    const fields = { token, name: 'reader', days: '9', roles: 'submitter', readOnly: 'yes' };
    const made = /holdfast_[\w-]{40}/.exec(await (await one.post('/account/tokens', fields)).text())?.[0] ?? '';
    expect(await (await one.get('/account')).text()).not.toContain(made);
    const call = (method: string, path: string) =>
      fetch(real.origin + path, {
        method,
        headers: { authorization: `Bearer ${made}`, 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { body: '{"text":"a","channel":"x","author":"a@b.example"}' }),
      });
    expect((await call('GET', '/v1/messages')).status).toBe(200);
    expect((await call('POST', '/v1/drafts')).status).toBe(403);
    const id = (await accounts.tokens(ids['one'])).find(({ name }) => name === 'reader')?.id ?? '';
    await one.post(`/account/tokens/${id}/revoke`, { token });
    expect((await call('GET', '/v1/messages')).status).toBe(401);
  });

  it('whoever is no administrator sees no page about people and changes nobody', async () => {
    const one = await signedIn('one');
    const token = await one.tokenOf('/account');
    for (const path of ['/users', '/users/new', `/users/${ids['boss']}`]) {
      const answer = await one.get(path);
      expect(answer.status).toBe(403);
      expect(await answer.text()).not.toContain('boss');
    }
    const raised = await one.post(`/users/${ids['one']}`, { token, roles: 'admin', address: '' });
    expect(raised.status).toBe(403);
    expect((await accounts.account(ids['one'] ?? ''))?.roles).toEqual(['submitter', 'reviewer']);
  });

  it('a second factor stands between password and session, on the pages too', async () => {
    const boss = await signedIn('boss');
    const page = await (await boss.get('/account/second-factor')).text();
    expect(page).toContain('otpauth://totp/Holdfast:boss?');
    const { codeAt } = await import('../src/service/second-factor.ts');
    const secret = (await accounts.pendingFactor(ids['boss'] ?? '')) ?? '';
    const token = await boss.tokenOf('/account');
    const wrong = await boss.post('/account/second-factor', { token, code: '000000' });
    expect([wrong.status, await wrong.text()]).toEqual([
      422,
      expect.stringContaining('is not the code of this moment'),
    ]);
    const on = await (await boss.post('/account/second-factor', { token, code: codeAt(secret, Date.now()) })).text();
    const codes = [...on.matchAll(/<code>([a-z0-9-]{19})<\/code>/g)].map(([, code]) => code ?? '');
    expect(codes).toHaveLength(10);
    const next = await signedIn('boss');
    expect(next.cookies.has('holdfast')).toBe(false);
    expect((await next.get('/users')).status).toBe(303);
    const form = tokenIn(await (await next.get('/sign-in/code')).text());
    expect((await next.post('/sign-in/code', { token: form, code: '000000' })).status).toBe(401);
    const done = await next.post('/sign-in/code', { token: form, code: codes[0] ?? '' });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/registers']);
    expect((await next.get('/users')).status).toBe(200);
  });

  it('a person who was added signs in with the password made for them, and chooses their own', async () => {
    await accounts.createUser({ name: 'chief', password: PASSWORD, address: null, roles: ['admin'] }, 'test');
    const chief = await signedIn('chief');
    const token = await chief.tokenOf('/account');
    const fields = { token, name: 'newcomer', address: 'n@department.example', roles: 'submitter' };
    const made = /<code>([0-9a-f-]{27})<\/code>/.exec(await (await chief.post('/users', fields)).text())?.[1] ?? '';
    expect((await chief.post('/users', fields)).status).toBe(422);
    const person = new Visitor(real.origin);
    const first = tokenIn(await (await person.get('/sign-in')).text());
    const answer = await person.post('/sign-in', { name: 'newcomer', password: made, token: first, next: '/check' });
    expect(answer.headers.get('location')).toBe('/sign-in/new-password?next=%2Fcheck');
    expect((await person.get('/check')).status).toBe(303);
    const form = tokenIn(await (await person.get('/sign-in/new-password')).text());
    const choose = (password: string, again = password) =>
      person.post('/sign-in/new-password', { token: form, password, again, next: '/check' });
    expect((await choose('newcomer2026')).status).toBe(422);
    expect((await choose('lantern gravel teapot', 'another')).status).toBe(422);
    const chosen = await choose('lantern gravel teapot');
    expect([chosen.status, chosen.headers.get('location')]).toEqual([303, '/check']);
    expect((await person.get('/check')).status).toBe(200);
  });
});

it('keeps its cookies to itself: no script reads them, no other site sends them, HTTPS alone where there is any', async () => {
  const { hostname, port } = new URL(web.origin);
  const lines = await new Promise<readonly string[]>((resolve, reject) => {
    const headers = { 'x-forwarded-proto': 'https' };
    httpRequest({ hostname, port, path: '/sign-in', headers }, (answer) => {
      answer.resume();
      resolve(answer.headers['set-cookie'] ?? []);
    })
      .on('error', reject)
      .end();
  });
  expect(lines).toHaveLength(1);
  for (const line of lines)
    expect(line).toMatch(/^__Host-holdfast-visit=\S+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
});
