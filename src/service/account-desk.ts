import { randomBytes } from 'node:crypto';
import type { AccountView, SessionView, TokenRequest, TokenView } from './accounts.ts';
import { refuse } from './authorise.ts';
import { faultOfPassword } from './password-rules.ts';
import type { Caller, Role } from './ports.ts';
import { refusal } from './refusal.ts';
import { factorLink } from './second-factor.ts';
import { type Outcome, ROLES } from './service.ts';
import type { AccountRecord, UserChange } from './stores.ts';

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@' -]{0,79}$/u;
const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;
const MOST_DAYS = 366;

export type UserAct = 'disable' | 'enable' | 'reset-factor' | 'reset-password' | 'unlock';

export interface UserFields {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly string[];
}

/** A password that was made for somebody, to be shown once. */
export interface MadeUser {
  readonly account: AccountView;
  readonly password: string;
}

/** People's own accounts, and those of everybody for whoever administers them. */
export interface AccountDesk {
  own(caller: Caller): Promise<Outcome<AccountView>>;
  ownSessions(caller: Caller, session: string): Promise<Outcome<readonly SessionView[]>>;
  endSession(id: string, caller: Caller): Promise<Outcome<null>>;
  changePassword(now: string, next: string, session: string, caller: Caller): Promise<Outcome<null>>;
  /** The secret that is to be enrolled, and its `otpauth://` link; the same until its first code. */
  startFactor(caller: Caller): Promise<Outcome<{ readonly secret: string; readonly link: string }>>;
  confirmFactor(code: string, caller: Caller): Promise<Outcome<readonly string[]>>;
  removeFactor(password: string, caller: Caller): Promise<Outcome<null>>;
  ownTokens(caller: Caller): Promise<Outcome<readonly TokenView[]>>;
  /** The token itself, to be shown once. */
  createToken(request: TokenRequest, caller: Caller): Promise<Outcome<string>>;
  revokeToken(id: string, caller: Caller): Promise<Outcome<null>>;
  users(caller: Caller): Promise<Outcome<readonly AccountView[]>>;
  user(id: string, caller: Caller): Promise<Outcome<AccountView>>;
  allTokens(caller: Caller): Promise<Outcome<readonly TokenView[]>>;
  addUser(fields: UserFields, caller: Caller): Promise<Outcome<MadeUser>>;
  changeUser(id: string, fields: Omit<UserFields, 'name'>, caller: Caller): Promise<Outcome<AccountView>>;
  /** `password` where one was made. */
  actOnUser(
    id: string,
    act: UserAct,
    caller: Caller,
  ): Promise<Outcome<{ readonly account: AccountView; readonly password: string | null }>>;
}

export function createAccountDesk(accounts: AccountRecord): AccountDesk {
  const view = async (id: string): Promise<Outcome<AccountView>> => {
    const found = await accounts.account(id);
    return found === null ? refusal('not-found', 'there is no such account') : { ok: true, value: found };
  };
  const done = (isDone: boolean, message: string): Outcome<null> =>
    isDone ? { ok: true, value: null } : refusal('conflict', message);
  return {
    async own(caller) {
      return refuse(caller, 'own-account') ?? view(caller.id);
    },
    async ownSessions(caller, session) {
      return refuse(caller, 'own-account') ?? { ok: true, value: await accounts.sessionsOf(caller.id, session) };
    },
    async endSession(id, caller) {
      return (
        refuse(caller, 'own-account') ??
        done(await accounts.endSession(caller.id, id), 'that session has ended already, there is nothing left to do')
      );
    },
    async changePassword(now, next, session, caller) {
      const refused = refuse(caller, 'own-account');
      if (refused !== null) return refused;
      const fault = faultOfPassword(next, [caller.name, caller.address ?? '']);
      if (fault !== null) return refusal('invalid', `next: ${fault}`);
      if (now === next) return refusal('invalid', 'next: is the password that you have, choose another');
      const changed = await accounts.changePassword(caller.id, now, next, session);
      return changed ? { ok: true, value: null } : refusal('invalid', 'now: is not your password, enter it again');
    },
    async startFactor(caller) {
      const refused = refuse(caller, 'own-account');
      if (refused !== null) return refused;
      const account = await accounts.account(caller.id);
      if (account?.hasSecondFactor !== false) {
        return refusal('conflict', 'your second factor is on already, remove it before you set up another');
      }
      const secret = (await accounts.pendingFactor(caller.id)) ?? (await accounts.startFactor(caller.id));
      return { ok: true, value: { secret, link: factorLink(secret, caller.name) } };
    },
    async confirmFactor(code, caller) {
      const refused = refuse(caller, 'own-account');
      if (refused !== null) return refused;
      const codes = await accounts.confirmFactor(caller.id, code);
      return codes === null
        ? refusal(
            'invalid',
            'code: is not the code of this moment, wait for the next one and check the clock of the phone',
          )
        : { ok: true, value: codes };
    },
    async removeFactor(password, caller) {
      const refused = refuse(caller, 'own-account');
      if (refused !== null) return refused;
      // A session that was left open may not take the lock off the door.
      const known = await accounts.confirmPassword(caller.id, password);
      if (!known) return refusal('invalid', 'password: is not your password, enter it again');
      return done(await accounts.removeFactor(caller.id, caller.id), 'there is no second factor to remove');
    },
    async ownTokens(caller) {
      return refuse(caller, 'own-account') ?? { ok: true, value: await accounts.tokens(caller.id) };
    },
    async createToken(request, caller) {
      const refused = refuse(caller, 'own-account');
      if (refused !== null) return refused;
      const name = request.name.trim();
      if (!NAME.test(name)) return refusal('invalid', 'name: is missing or too long, say what the token is for');
      if (request.roles.length === 0) return refusal('invalid', 'roles: choose at least one thing that it may do');
      if (!request.roles.every((role) => caller.roles.includes(role))) {
        return refusal('forbidden', 'a token can have no role that you do not have');
      }
      const { days } = request;
      if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
        return refusal('invalid', `days: is no number from 1 to ${MOST_DAYS}, every token ends`);
      }
      const token = `holdfast_${randomBytes(30).toString('base64url')}`;
      const { roles, isReadOnly } = request;
      await accounts.createToken({ name, token, address: null, roles, isReadOnly, days, owner: caller.id }, caller.id);
      return { ok: true, value: token };
    },
    async revokeToken(id, caller) {
      const refused = refuse(caller, 'own-account');
      if (refused !== null) return refused;
      const owner = refuse(caller, 'manage-users') === null ? undefined : caller.id;
      const isRevoked = await accounts.revokeToken(id, caller.id, owner);
      return isRevoked ? { ok: true, value: null } : refusal('not-found', 'there is no such token of yours');
    },
    async users(caller) {
      return refuse(caller, 'manage-users') ?? { ok: true, value: await accounts.accounts() };
    },
    async user(id, caller) {
      return refuse(caller, 'manage-users') ?? view(id);
    },
    async allTokens(caller) {
      return refuse(caller, 'manage-users') ?? { ok: true, value: await accounts.tokens() };
    },
    async addUser(fields, caller) {
      const refused = refuse(caller, 'manage-users');
      if (refused !== null) return refused;
      const name = fields.name.trim();
      if (!NAME.test(name)) return refusal('invalid', 'name: is missing, too long, or has signs that no name has');
      const read = readFields(fields);
      if (!read.ok) return read;
      const password = oneTimePassword();
      const made = await accounts.createUser({ name, password, mustChangePassword: true, ...read.value }, caller.id);
      if (made === null) return refusal('invalid', 'name: is taken, choose another');
      const account = await view(made.id);
      return account.ok ? { ok: true, value: { account: account.value, password } } : account;
    },
    async changeUser(id, fields, caller) {
      const refused = refuse(caller, 'manage-users');
      if (refused !== null) return refused;
      const read = readFields(fields);
      if (!read.ok) return read;
      return (await accounts.changeUser(id, read.value, caller.id)) ? view(id) : lastAdmin(await view(id));
    },
    async actOnUser(id, act, caller) {
      const refused = refuse(caller, 'manage-users');
      if (refused !== null) return refused;
      if (act === 'disable' && id === caller.id) {
        return refusal('conflict', 'you cannot disable your own account, ask another administrator');
      }
      const password = act === 'reset-password' ? oneTimePassword() : null;
      const acts: Readonly<Record<UserAct, () => Promise<boolean>>> = {
        disable: () => accounts.changeUser(id, { isDisabled: true }, caller.id),
        enable: () => accounts.changeUser(id, { isDisabled: false }, caller.id),
        unlock: () => accounts.unlock(id, caller.id),
        'reset-factor': () => accounts.removeFactor(id, caller.id),
        'reset-password': () => accounts.resetPassword(id, password ?? '', caller.id),
      };
      const isDone = await acts[act]();
      const account = await view(id);
      if (!account.ok) return account;
      if (isDone) return { ok: true, value: { account: account.value, password } };
      return act === 'disable' ? lastAdmin(account) : refusal('conflict', 'that does not apply to this account');
    },
  };
}

function readFields({ address, roles }: Omit<UserFields, 'name'>): Outcome<Required<Omit<UserChange, 'isDisabled'>>> {
  const trimmed = address.trim();
  if (trimmed !== '' && (!ADDRESS.test(trimmed) || trimmed.length > 320)) {
    return refusal('invalid', 'address: is no e-mail address, write it as name@domain.example');
  }
  const known = ROLES.filter((role) => roles.includes(role));
  if (known.length === 0) return refusal('invalid', 'roles: choose at least one, else there is nothing to do here');
  return { ok: true, value: { address: trimmed === '' ? null : trimmed, roles: known satisfies readonly Role[] } };
}

function lastAdmin<T>(account: Outcome<T>): Outcome<never> {
  if (!account.ok) return account;
  return refusal('conflict', 'this is the last administrator: give somebody else the role admin first');
}

/** 90 random bits in groups that can be read out. */
function oneTimePassword(): string {
  return randomBytes(12).toString('hex').slice(0, 24).match(/.{6}/g)?.join('-') ?? '';
}
