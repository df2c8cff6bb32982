import type { Caller, Role } from './ports.ts';

/** How far a sign-in got. */
export type SignIn =
  | { readonly kind: 'open'; readonly session: string; readonly caller: Caller }
  /** The password was right; `step` opens nothing but the next page. */
  | { readonly kind: 'code' | 'new-password'; readonly step: string }
  /** Too many failures in a row, from wherever they came. */
  | { readonly kind: 'locked'; readonly seconds: number }
  | { readonly kind: 'weak'; readonly message: string }
  | { readonly kind: 'refused' };

/** A person as an identity provider vouches for. */
export interface ExternalPerson {
  /** Issuer and subject: what lasts when names change. */
  readonly subject: string;
  readonly name: string;
  /** Only one that the provider has proven: pre-release access is looked up by it. */
  readonly address: string | null;
  readonly roles: readonly Role[];
}

/** Who calls. Passwords are argon2id; tokens, session keys and recovery codes are stored hashed, second factors sealed. */
export interface Accounts {
  byToken(token: string): Promise<Caller | null>;
  bySession(key: string): Promise<Caller | null>;
  /** The same time for a wrong name and a wrong password. `agent`: what the browser calls itself. */
  signIn(name: string, password: string, agent?: string): Promise<SignIn>;
  /** A code of the second factor, or a recovery code; each is taken once. */
  signInWithCode(step: string, code: string, agent?: string): Promise<SignIn>;
  signInWithNewPassword(step: string, password: string, agent?: string): Promise<SignIn>;
  signInExternal(person: ExternalPerson, agent?: string): Promise<SignIn>;
  /** Keeps what an identity provider's answer is checked by, for ten minutes; the key goes to the browser. */
  keepVisit(detail: string): Promise<string>;
  /** Gives it back once. */
  takeVisit(key: string): Promise<string | null>;
  signOut(session: string): Promise<void>;
}

export interface AccountView {
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  readonly roles: readonly Role[];
  readonly isDisabled: boolean;
  /** Signs in through an identity provider, so it has no password here. */
  readonly isExternal: boolean;
  readonly hasSecondFactor: boolean;
  readonly mustChangePassword: boolean;
  readonly recoveryCodes: number;
  readonly lockedUntil: number | null;
  readonly lastSignedInAt: number | null;
}

export interface SessionView {
  readonly id: string;
  readonly openedAt: number;
  readonly lastSeenAt: number;
  readonly endsAt: number;
  readonly agent: string | null;
  readonly isThis: boolean;
}

export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly isReadOnly: boolean;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  /** Name of whoever made it; null for the one of the first start. */
  readonly owner: string | null;
}

export interface TokenRequest {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly isReadOnly: boolean;
  readonly days: number;
}
