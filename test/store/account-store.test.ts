import type { AccountRecord, NewToken, NewUser } from '../../src/service/stores.ts';
import { createAccountStore } from '../../src/store/account-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

let database: TestDatabase;
let accounts: AccountRecord;
const ADMIN: NewUser = { name: 'admin', password: 'correct horse', address: null, roles: ['admin', 'reviewer'] };
const TOKEN: NewToken = { name: 'gateway', token: 'holdfast_abc123', address: null, roles: ['submitter'] };

beforeAll(async () => {
  database = await aDatabase();
  accounts = createAccountStore(database.pool, storeKeys());
  expect(await accounts.hasUsers()).toBe(false);
  const firsts = await Promise.all([accounts.createFirst(ADMIN, TOKEN), accounts.createFirst(ADMIN, TOKEN)]);
  expect(firsts.filter((isFirst) => isFirst)).toHaveLength(1);
});
afterAll(() => database.close());

describe('accounts', () => {
  it('know a token and nothing like it', async () => {
    expect(await accounts.byToken(TOKEN.token)).toMatchObject({ name: 'gateway', roles: ['submitter'], address: null });
    expect(await accounts.byToken(`${TOKEN.token} `)).toBeNull();
    expect(await accounts.byToken('')).toBeNull();
  });

  it('open a session for the right password alone, until it is signed out', async () => {
    expect(await accounts.signIn('admin', 'wrong horse')).toBeNull();
    expect(await accounts.signIn('nobody', 'correct horse')).toBeNull();
    const signedIn = await accounts.signIn('admin', 'correct horse');
    expect(signedIn?.caller).toMatchObject({ name: 'admin', roles: ['admin', 'reviewer'] });
    const session = signedIn?.session ?? '';
    expect(await accounts.bySession(session)).toEqual(signedIn?.caller);
    await accounts.signOut(session);
    expect(await accounts.bySession(session)).toBeNull();
  });

  it('end a session when its time is up or its user disabled', async () => {
    const first = await accounts.signIn('admin', 'correct horse');
    await database.pool.query(`update session set expires_at = now()`);
    expect(await accounts.bySession(first?.session ?? '')).toBeNull();
    const second = await accounts.signIn('admin', 'correct horse');
    await database.pool.query(`update app_user set is_disabled = true`);
    expect(await accounts.bySession(second?.session ?? '')).toBeNull();
    expect(await accounts.signIn('admin', 'correct horse')).toBeNull();
    await database.pool.query(`update app_user set is_disabled = false`);
  });

  it('keep no password, token or session key in the clear', async () => {
    const signedIn = await accounts.signIn('admin', 'correct horse');
    for (const table of ['app_user', 'api_token', 'session']) {
      const { rows } = await database.pool.query(`select t::text as row from ${table} t`);
      const text = rows.map(({ row }) => row).join('\n');
      for (const secret of ['correct horse', TOKEN.token, signedIn?.session ?? '-']) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(Buffer.from(secret).toString('hex'));
      }
    }
  });
});
