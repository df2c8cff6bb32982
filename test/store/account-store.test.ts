import { codeAt } from '../../src/service/second-factor.ts';
import type { AccountRecord, NewToken, NewUser } from '../../src/service/stores.ts';
import { createAccountStore } from '../../src/store/accounts/account-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

let database: TestDatabase;
let accounts: AccountRecord;
let now = Date.parse('2026-03-02T09:00:00Z');
const PASSWORD = 'marmalade tractor violin';
const ADMIN: NewUser = { name: 'admin', password: 'correct horse', address: null, roles: ['admin', 'reviewer'] };
const TOKEN: NewToken = { name: 'gateway', token: 'holdfast_abc123', address: null, roles: ['submitter'] };

beforeAll(async () => {
  database = await aDatabase();
  accounts = createAccountStore(database.pool, storeKeys(), { sessionIdleMinutes: 60, sessionHours: 12 }, () => now);
  expect(await accounts.hasUsers()).toBe(false);
  const firsts = await Promise.all([accounts.createFirst(ADMIN, TOKEN), accounts.createFirst(ADMIN, TOKEN)]);
  expect(firsts.filter((isFirst) => isFirst)).toHaveLength(1);
});
afterAll(() => database.close());

async function open(name = 'admin', password = 'correct horse') {
  const signedIn = await accounts.signIn(name, password);
  if (signedIn.kind !== 'open') throw new Error(`not signed in: ${signedIn.kind}`);
  return signedIn;
}

let count = 0;
async function aUser(change: Partial<NewUser> = {}) {
  count += 1;
  const name = `person ${count}`;
  const made = await accounts.createUser(
    { name, password: PASSWORD, address: null, roles: ['reviewer'], ...change },
    'admin',
  );
  return { id: made?.id ?? '', name };
}

async function enrolled() {
  const user = await aUser();
  const secret = await accounts.startFactor(user.id);
  const codes = await accounts.confirmFactor(user.id, codeAt(secret, now));
  now += 60_000;
  return { ...user, secret, codes: codes ?? [] };
}

async function stepOf(name: string): Promise<string> {
  const signedIn = await accounts.signIn(name, PASSWORD);
  if (signedIn.kind !== 'code') throw new Error(`no code wanted: ${signedIn.kind}`);
  return signedIn.step;
}

describe('accounts', () => {
  it('know a token and nothing like it', async () => {
    expect(await accounts.byToken(TOKEN.token)).toMatchObject({ name: 'gateway', roles: ['submitter'], address: null });
    expect(await accounts.byToken(`${TOKEN.token} `)).toBeNull();
    expect(await accounts.byToken('')).toBeNull();
  });

  it('open a session for the right password alone, until it is signed out', async () => {
    expect(await accounts.signIn('admin', 'wrong horse')).toEqual({ kind: 'refused' });
    expect(await accounts.signIn('nobody', 'correct horse')).toEqual({ kind: 'refused' });
    const { session, caller } = await open();
    expect(caller).toMatchObject({ name: 'admin', roles: ['admin', 'reviewer'] });
    expect(await accounts.bySession(session)).toEqual(caller);
    await accounts.signOut(session);
    expect(await accounts.bySession(session)).toBeNull();
  });

  it('give every sign-in a key of its own', async () => {
    expect((await open()).session).not.toBe((await open()).session);
  });

  it('end a session when its time is up, when it idles, or its user is disabled', async () => {
    const first = await open();
    await database.pool.query(`update session set expires_at = now()`);
    expect(await accounts.bySession(first.session)).toBeNull();
    const second = await open();
    await database.pool.query(`update session set last_seen_at = now() - interval '59 minutes'`);
    expect(await accounts.bySession(second.session)).not.toBeNull();
    // It was seen just now, so the hour begins anew.
    const { rows } = await database.pool.query(
      `select 1 from session where last_seen_at < now() - interval '1 minute' and expires_at > now()`,
    );
    expect(rows).toEqual([]);
    await database.pool.query(`update session set last_seen_at = now() - interval '61 minutes'`);
    expect(await accounts.bySession(second.session)).toBeNull();
    const user = await aUser();
    const third = await open(user.name, PASSWORD);
    await accounts.changeUser(user.id, { isDisabled: true }, 'admin');
    expect(await accounts.bySession(third.session)).toBeNull();
    expect(await accounts.signIn(user.name, PASSWORD)).toEqual({ kind: 'refused' });
  });

  it('list a person’s own sessions, and end one that is theirs alone', async () => {
    const user = await aUser();
    const other = await aUser();
    const [one, two] = [await open(user.name, PASSWORD), await open(user.name, PASSWORD)];
    const listed = await accounts.sessionsOf(user.id, two.session);
    expect(listed.map(({ isThis }) => isThis).toSorted()).toEqual([false, true]);
    const target = listed.find(({ isThis }) => !isThis)?.id ?? '';
    expect(await accounts.endSession(other.id, target)).toBe(false);
    expect(await accounts.bySession(one.session)).not.toBeNull();
    expect(await accounts.endSession(user.id, target)).toBe(true);
    expect(await accounts.bySession(one.session)).toBeNull();
    expect(await accounts.bySession(two.session)).not.toBeNull();
  });

  it('keep no password, token, session key, second factor or recovery code in the clear', async () => {
    const { session } = await open();
    const { secret, codes } = await enrolled();
    for (const table of ['app_user', 'api_token', 'session', 'recovery_code', 'sign_in_step']) {
      const { rows } = await database.pool.query(`select t::text as row from ${table} t`);
      const text = rows.map(({ row }) => row).join('\n');
      for (const one of ['correct horse', TOKEN.token, session, secret, ...codes]) {
        expect(text).not.toContain(one);
        expect(text).not.toContain(Buffer.from(one).toString('hex'));
      }
    }
  });
});

describe('the second factor', () => {
  it('is wanted once it is on, and opens nothing without its code', async () => {
    const user = await aUser();
    const secret = await accounts.startFactor(user.id);
    expect(await accounts.startFactor(user.id)).not.toBe(secret);
    const pending = (await accounts.pendingFactor(user.id)) ?? '';
    // Not in force before its first code.
    expect((await accounts.signIn(user.name, PASSWORD)).kind).toBe('open');
    expect(await accounts.confirmFactor(user.id, '000000')).toBeNull();
    expect(await accounts.confirmFactor(user.id, codeAt(pending, now))).toHaveLength(10);
    const step = await stepOf(user.name);
    expect(await accounts.bySession(step)).toBeNull();
    now += 30_000;
    expect((await accounts.signInWithCode(step, codeAt(pending, now))).kind).toBe('open');
    expect(await accounts.signInWithCode(step, codeAt(pending, now + 30_000))).toEqual({ kind: 'refused' });
  });

  it('takes no code twice, not even of two at once, nor an earlier one', async () => {
    const { name, secret } = await enrolled();
    const code = codeAt(secret, now);
    const steps = await Promise.all(Array.from({ length: 4 }, () => stepOf(name)));
    const all = await Promise.all(steps.map((step) => accounts.signInWithCode(step, code)));
    expect(all.filter(({ kind }) => kind === 'open')).toHaveLength(1);
    const step = await stepOf(name);
    expect((await accounts.signInWithCode(step, codeAt(secret, now - 30_000))).kind).toBe('refused');
    expect((await accounts.signInWithCode(step, codeAt(secret, now + 30_000))).kind).toBe('open');
  });

  it('takes each recovery code once, however it is typed', async () => {
    const { id, name, codes } = await enrolled();
    const [first = ''] = codes;
    const typed = first.toUpperCase().replaceAll('-', ' ');
    expect((await accounts.signInWithCode(await stepOf(name), typed)).kind).toBe('open');
    expect((await accounts.signInWithCode(await stepOf(name), first)).kind).toBe('refused');
    expect((await accounts.account(id))?.recoveryCodes).toBe(9);
  });

  it('ends a sign-in after five wrong codes, and locks the account after ten', async () => {
    const { id, name, secret } = await enrolled();
    const step = await stepOf(name);
    for (let attempt = 0; attempt < 5; attempt += 1) await accounts.signInWithCode(step, '000000');
    expect(await accounts.signInWithCode(step, codeAt(secret, now))).toEqual({ kind: 'refused' });
    const next = await stepOf(name);
    for (let attempt = 0; attempt < 5; attempt += 1) await accounts.signInWithCode(next, '000000');
    expect((await accounts.signIn(name, PASSWORD)).kind).toBe('locked');
    await accounts.unlock(id, 'admin');
    expect((await accounts.signIn(name, PASSWORD)).kind).toBe('code');
  });

  it('goes when it is reset, and its recovery codes with it', async () => {
    const { id, name } = await enrolled();
    expect(await accounts.removeFactor(id, 'user:admin')).toBe(true);
    expect((await accounts.signIn(name, PASSWORD)).kind).toBe('open');
    expect(await accounts.account(id)).toMatchObject({ hasSecondFactor: false, recoveryCodes: 0 });
  });
});

describe('passwords', () => {
  it('lock the account after fifty wrong ones in a row, whoever asks and whatever restarted', async () => {
    const { id, name } = await aUser();
    await database.pool.query('update app_user set failures = 49 where id = $1', [id]);
    expect(await accounts.signIn(name, 'wrong')).toEqual({ kind: 'refused' });
    const again = createAccountStore(database.pool, storeKeys());
    expect(await again.signIn(name, PASSWORD)).toMatchObject({ kind: 'locked', seconds: expect.any(Number) });
    await database.pool.query(`update app_user set locked_until = now() where id = $1`, [id]);
    expect((await accounts.signIn(name, PASSWORD)).kind).toBe('open');
  });

  it('that somebody else made open nothing but the page that changes them', async () => {
    const { name } = await aUser({ mustChangePassword: true });
    const signedIn = await accounts.signIn(name, PASSWORD);
    if (signedIn.kind !== 'new-password') throw new Error(signedIn.kind);
    const { step } = signedIn;
    expect(await accounts.bySession(step)).toBeNull();
    expect((await accounts.signInWithNewPassword(step, 'short')).kind).toBe('weak');
    expect((await accounts.signInWithNewPassword(step, PASSWORD)).kind).toBe('weak');
    expect((await accounts.signInWithCode(step, '000000')).kind).toBe('refused');
    expect((await accounts.signInWithNewPassword(step, 'lantern gravel teapot')).kind).toBe('open');
    expect((await accounts.signInWithNewPassword(step, 'another lantern teapot')).kind).toBe('refused');
    expect((await accounts.signIn(name, PASSWORD)).kind).toBe('refused');
    expect((await accounts.signIn(name, 'lantern gravel teapot')).kind).toBe('open');
  });

  it('end every other session when they change', async () => {
    const { id, name } = await aUser();
    const [one, two] = [await open(name, PASSWORD), await open(name, PASSWORD)];
    expect(await accounts.changePassword(id, 'wrong', 'lantern gravel teapot', two.session)).toBe(false);
    expect(await accounts.changePassword(id, PASSWORD, 'lantern gravel teapot', two.session)).toBe(true);
    expect(await accounts.bySession(one.session)).toBeNull();
    expect(await accounts.bySession(two.session)).not.toBeNull();
  });
});

describe('tokens', () => {
  it('end at their time, when they are revoked, and with the account that made them', async () => {
    const user = await aUser();
    const make = (token: string) =>
      accounts.createToken({ name: 't', token, address: null, roles: ['reviewer'], days: 1, owner: user.id }, user.id);
    const { id } = await make('holdfast_one');
    expect(await accounts.byToken('holdfast_one')).toMatchObject({ roles: ['reviewer'] });
    expect(await accounts.revokeToken(id, 'x', 'user:another')).toBe(false);
    expect(await accounts.revokeToken(id, user.id, user.id)).toBe(true);
    expect(await accounts.byToken('holdfast_one')).toBeNull();
    await make('holdfast_two');
    await database.pool.query(`update api_token set expires_at = now() where created_by = $1`, [user.id]);
    expect(await accounts.byToken('holdfast_two')).toBeNull();
    await make('holdfast_three');
    await accounts.changeUser(user.id, { isDisabled: true }, 'admin');
    expect(await accounts.byToken('holdfast_three')).toBeNull();
  });

  it('never do more than whoever made them may do now', async () => {
    const user = await aUser({ roles: ['reviewer', 'registrar'] });
    const roles = ['reviewer', 'registrar'] as const;
    const token = { name: 't', token: 'holdfast_wide', address: null, roles, isReadOnly: true, owner: user.id };
    await accounts.createToken(token, user.id);
    expect(await accounts.byToken('holdfast_wide')).toMatchObject({ isReadOnly: true });
    await accounts.changeUser(user.id, { roles: ['reviewer', 'auditor'] }, 'admin');
    expect((await accounts.byToken('holdfast_wide'))?.roles).toEqual(['reviewer']);
  });
});

describe('people', () => {
  it('are never left without an administrator', async () => {
    const admin = (await accounts.accounts()).find(({ name }) => name === 'admin')?.id ?? '';
    expect(await accounts.changeUser(admin, { isDisabled: true }, 'x')).toBe(false);
    expect(await accounts.changeUser(admin, { roles: ['reviewer'] }, 'x')).toBe(false);
    expect((await accounts.account(admin))?.roles).toEqual(['admin', 'reviewer']);
    const other = await aUser({ roles: ['admin'] });
    const both = await Promise.all([admin, other.id].map((id) => accounts.changeUser(id, { isDisabled: true }, 'x')));
    expect(both.toSorted()).toEqual([false, true]);
    await database.pool.query(`update app_user set is_disabled = false where name = 'admin'`);
  });

  it('of an identity provider have the roles that it says at each sign-in, and no password', async () => {
    const person = {
      subject: 'https://login.example 42',
      name: 'admin',
      address: 'a@b.example',
      roles: ['reviewer'],
    } as const;
    const first = await accounts.signInExternal(person);
    if (first.kind !== 'open') throw new Error(first.kind);
    expect(first.caller.name).toMatch(/^admin \([0-9a-f]{6}\)$/);
    const second = await accounts.signInExternal({ ...person, roles: ['auditor'] });
    expect(second).toMatchObject({ kind: 'open', caller: { id: first.caller.id, roles: ['auditor'] } });
    await accounts.signInExternal({ ...person, roles: ['auditor'] });
    const { rows } = await database.pool.query<{ action: string; roles: readonly string[] }>(
      `select action, detail->'roles' as roles from audit_log
       where target = $1 and actor = 'identity-provider' order by seq`,
      [first.caller.id],
    );
    expect(rows).toEqual([
      { action: 'user.created', roles: ['reviewer'] },
      { action: 'user.changed', roles: ['auditor'] },
    ]);
    for (const password of ['', 'null', PASSWORD]) {
      expect(await accounts.signIn(first.caller.name, password)).toEqual({ kind: 'refused' });
    }
    await accounts.changeUser(first.caller.id, { isDisabled: true }, 'x');
    expect(await accounts.signInExternal(person)).toEqual({ kind: 'refused' });
  });

  it('have names of their own', async () => {
    expect(await accounts.createUser(ADMIN, 'x')).toBeNull();
  });

  it('leave a visit to a provider once alone', async () => {
    const key = await accounts.keepVisit('verifier');
    expect(await accounts.takeVisit('another')).toBeNull();
    expect(await accounts.takeVisit(key)).toBe('verifier');
    expect(await accounts.takeVisit(key)).toBeNull();
  });
});
