import { createHmac } from 'node:crypto';
import argon2 from 'argon2';
import type { AccountView } from '../../service/accounts.ts';
import type { Caller, Role } from '../../service/ports.ts';
import { keyObject } from '../key-object.ts';
import type { StoreKeys } from '../store-keys.ts';

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane. */
const ARGON2 = { type: argon2.argon2id, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string | Buffer): Promise<string> => argon2.hash(password, ARGON2);

/** What a secret is kept as: keyed, so that a copy of the database cannot be tried out. */
export type Digest = (use: 'token' | 'session' | 'step' | 'recovery', secret: string) => Buffer;

export function digestWith(keys: StoreKeys): Digest {
  return (use, secret) => createHmac('sha256', keyObject(keys.token)).update(`${use}\0${secret}`).digest();
}

export interface CallerRow {
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  readonly roles: readonly Role[];
}

export function toCaller(row: CallerRow): Caller {
  return { id: row.id, name: row.name, address: row.address, roles: row.roles };
}

export interface AccountRow extends CallerRow {
  readonly is_disabled: boolean;
  readonly is_external: boolean;
  readonly has_factor: boolean;
  readonly must_change_password: boolean;
  readonly recovery_codes: number;
  readonly locked_until: Date | null;
  readonly last_signed_in_at: Date | null;
}

export const ACCOUNT_COLUMNS = `
  u.id, u.name, u.address, u.roles, u.is_disabled, u.external_subject is not null as is_external,
  u.totp_secret is not null and not u.totp_pending as has_factor, u.must_change_password,
  (select count(*)::int from recovery_code r where r.user_id = u.id) as recovery_codes,
  case when u.locked_until > now() then u.locked_until end as locked_until, u.last_signed_in_at`;

export function toAccount(row: AccountRow): AccountView {
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    roles: row.roles,
    isDisabled: row.is_disabled,
    isExternal: row.is_external,
    hasSecondFactor: row.has_factor,
    mustChangePassword: row.must_change_password,
    recoveryCodes: row.recovery_codes,
    lockedUntil: row.locked_until?.getTime() ?? null,
    lastSignedInAt: row.last_signed_in_at?.getTime() ?? null,
  };
}
