import type { Caller } from './ports.ts';
import type { Outcome } from './service.ts';

/** `embed`: a site's own pages; the others are chats, by the way their calls are signed. */
export type CheckPointKind = 'embed' | 'slack' | 'teams' | 'signed';

/** A place outside our own pages from which drafts are checked. It can do nothing else. */
export interface CheckPoint {
  readonly id: string;
  readonly kind: CheckPointKind;
  readonly name: string;
  /** The address that its drafts are judged as written by. */
  readonly author: string;
  /** Sites that may show it, as `https://cms.example`; empty for chats. */
  readonly origins: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly isRevoked: boolean;
}

export interface NewCheckPoint {
  readonly kind: CheckPointKind;
  readonly name: string;
  readonly author: string;
  readonly origins: readonly string[];
  readonly days: number;
  /** What a chat signs its calls with, as the chat shows it; for an embedded check nothing: its token is made. */
  readonly secret: string | null;
}

/** What a check point is set up with: shown once. */
export interface MadeCheckPoint {
  readonly point: CheckPoint;
  /** For `embed` alone. */
  readonly token: string | null;
}

/** The check points in the store; tokens are kept hashed, secrets sealed. */
export interface CheckPointRecord {
  create(point: Omit<CheckPoint, 'createdAt' | 'isRevoked'>, secret: string, actor: string): Promise<void>;
  list(): Promise<readonly CheckPoint[]>;
  find(id: string): Promise<CheckPoint | null>;
  /** False where there is none that is not revoked yet. */
  revoke(id: string, actor: string): Promise<boolean>;
  /** Those in force alone. */
  byToken(token: string): Promise<CheckPoint | null>;
  bySecret(id: string): Promise<{ readonly point: CheckPoint; readonly secret: string } | null>;
  hasOrigin(origin: string): Promise<boolean>;
  /** True the first time within `windowMs` that a point shows a signature. */
  isFirst(id: string, signature: Uint8Array, windowMs: number): Promise<boolean>;
}

/** A chat's call, as it came. */
export interface ChatCall {
  /** By lower-case name; one value each. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export type ChatOpening =
  | { readonly ok: true; readonly point: CheckPoint; readonly caller: Caller }
  | { readonly ok: false; readonly kind: 'unauthenticated' | 'conflict'; readonly message: string };

/** What administrators do with check points, and how calls from them are let in. */
export interface CheckPoints {
  list(caller: Caller): Promise<Outcome<readonly CheckPoint[]>>;
  create(point: NewCheckPoint, caller: Caller): Promise<Outcome<MadeCheckPoint>>;
  revoke(id: string, caller: Caller): Promise<Outcome<null>>;
  hasOrigin(origin: string): Promise<boolean>;
  /** The point of a token, where it may be used from a page of this origin. */
  openEmbed(token: string, origin: string): Promise<{ readonly point: CheckPoint; readonly caller: Caller } | null>;
  /** The chat that signed a call, once: a call that comes again is refused. */
  openChat(id: string, call: ChatCall): Promise<ChatOpening>;
}
