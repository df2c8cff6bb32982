import type { AccountDesk } from '../../src/service/account-desk.ts';
import type { AccountView, SessionView, TokenView } from '../../src/service/accounts.ts';
import { refuse } from '../../src/service/authorise.ts';
import type { Caller } from '../../src/service/ports.ts';
import type { Outcome } from '../../src/service/service.ts';
import { FAKE_NOW } from './fake-service.ts';

export function anAccount(change: Partial<AccountView> = {}): AccountView {
  return {
    id: 'user-1',
    name: 'officer',
    address: 'officer@department.example',
    roles: ['submitter'],
    isDisabled: false,
    isExternal: false,
    hasSecondFactor: false,
    mustChangePassword: false,
    recoveryCodes: 0,
    lockedUntil: null,
    lastSignedInAt: FAKE_NOW,
    ...change,
  };
}

/** Keeps what it is given and says yes, to whom the roles allow it. */
export class FakePeople implements AccountDesk {
  readonly calls: { readonly name: string; readonly caller: Caller }[] = [];
  accounts: AccountView[] = [anAccount()];
  sessions: SessionView[] = [];
  tokens: TokenView[] = [];

  own = async (caller: Caller) =>
    this.as('own', caller, 'own-account', anAccount({ id: caller.id, name: caller.name, roles: caller.roles }));
  ownSessions = async (caller: Caller) => this.as('ownSessions', caller, 'own-account', this.sessions);
  endSession = async (_id: string, caller: Caller) => this.as('endSession', caller, 'own-account', null);
  changePassword = async (_now: string, _next: string, _session: string, caller: Caller) =>
    this.as('changePassword', caller, 'own-account', null);
  startFactor = async (caller: Caller) =>
    this.as('startFactor', caller, 'own-account', {
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      link: 'otpauth://totp/Holdfast:officer?issuer=Holdfast&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    });
  confirmFactor = async (_code: string, caller: Caller) =>
    this.as('confirmFactor', caller, 'own-account', ['abcd-efgh-jkmn-pqrs', 'tuvw-xyz2-3456-789a']);
  removeFactor = async (_password: string, caller: Caller) => this.as('removeFactor', caller, 'own-account', null);
  ownTokens = async (caller: Caller) => this.as('ownTokens', caller, 'own-account', this.tokens);
  createToken = async (_request: unknown, caller: Caller) =>
    this.as('createToken', caller, 'own-account', 'holdfast_shown-once');
  revokeToken = async (_id: string, caller: Caller) => this.as('revokeToken', caller, 'own-account', null);
  users = async (caller: Caller) => this.as('users', caller, 'manage-users', this.accounts);
  user = async (id: string, caller: Caller) => this.as('user', caller, 'manage-users', anAccount({ id }));
  allTokens = async (caller: Caller) => this.as('allTokens', caller, 'manage-users', this.tokens);
  addUser = async (_fields: unknown, caller: Caller) =>
    this.as('addUser', caller, 'manage-users', { account: anAccount(), password: 'made-for-you' });
  changeUser = async (id: string, _fields: unknown, caller: Caller) =>
    this.as('changeUser', caller, 'manage-users', anAccount({ id }));
  actOnUser = async (id: string, act: string, caller: Caller) =>
    this.as('actOnUser', caller, 'manage-users', {
      account: anAccount({ id }),
      password: act === 'reset-password' ? 'made-for-you' : null,
    });

  private as<T>(name: string, caller: Caller, act: Parameters<typeof refuse>[1], value: T): Outcome<T> {
    this.calls.push({ name, caller });
    return refuse(caller, act) ?? { ok: true, value };
  }
}
