import type { EmbargoEntry, SensitivityEntry } from '../core/entry.ts';
import type { DecisionAction, MessageState, StoredMessage } from '../core/message.ts';
import type { Judgement } from '../core/verdict.ts';
import type { Caller, IncomingMessage, MessageStore, RegisterStore, Role } from './ports.ts';

/** What the record keeps of a message beyond its envelope and verdict. */
export interface KeptMessage extends StoredMessage {
  /** From the sealed judgement; null before the first one, and for drafts. */
  readonly subject: string | null;
  /** File name, or what stands for it. */
  readonly name: string | null;
  /** Id of the caller who submitted it; null for what came in by SMTP. */
  readonly submittedBy: string | null;
}

export interface KeptMessageQuery {
  readonly state?: MessageState;
  readonly submittedBy?: string;
  readonly limit: number;
  readonly after?: string;
}

/** What a judgement writes besides itself. */
export interface JudgementExtras {
  readonly subject: string | null;
  /** A reviewer decided to release at the lift, the lift has come, and no release holds it any more. */
  readonly releasedAtLift: boolean;
  /** When what is held is judged again by itself; absent: at the judgement's `holdUntil`. */
  readonly judgeAgainAt?: number | null;
}

export interface Decision {
  readonly action: DecisionAction;
  readonly reason: string;
  /** For `release-at-lift`: the latest lift of the releases concerned; null where none is known yet. */
  readonly liftsAt: number | null;
}

/** The record with what decisions and inline judging need. */
export interface MessageRecord extends MessageStore {
  find(id: string): Promise<KeptMessage | null>;
  list(query: KeptMessageQuery): Promise<readonly KeptMessage[]>;
  claimForScan(id: string, worker: string, leaseMs: number): Promise<KeptMessage | null>;
  /** Inserts a message already claimed by `worker`, so that no other process scans it as well. */
  insertClaimed(
    message: IncomingMessage & { readonly name: string; readonly submittedBy: string },
    worker: string,
    leaseMs: number,
  ): Promise<void>;
  recordJudgement(
    id: string,
    worker: string,
    judgement: Judgement,
    rulesVersion: string,
    extras?: JudgementExtras,
  ): Promise<void>;
  /** Applies a decision to a held message and audits it, in one transaction; null where its state does not allow it. */
  decide(id: string, decision: Decision, caller: Caller): Promise<KeptMessage | null>;
}

export type AuditAction =
  | 'message.revealed'
  | 'message.released'
  | 'message.rejected'
  | 'message.release-at-lift'
  | 'embargo.put'
  | 'sensitivity.put'
  | 'registers.imported'
  | 'user.created'
  | 'token.created'
  | 'session.opened'
  | 'session.refused'
  | 'first-start';

/** One act to account for. `detail` carries ids and settings, never content or figures. */
export interface AuditAct {
  readonly actor: string;
  readonly action: AuditAction;
  readonly target: string | null;
  readonly detail: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

export interface AuditRow extends AuditAct {
  readonly seq: number;
  readonly at: number;
}

export type AuditCheck =
  | { readonly ok: true; readonly rows: number }
  | { readonly ok: false; readonly seq: number; readonly message: string };

/** Append-only and chained (promise 8). */
export interface AuditLog {
  append(act: AuditAct): Promise<void>;
  /** Newest first. */
  list(query: {
    readonly limit: number;
    readonly before?: number;
    readonly target?: string;
  }): Promise<readonly AuditRow[]>;
  /** Recomputes the whole chain; names the first row that is changed or missing. */
  verify(): Promise<AuditCheck>;
}

/** The registers in the store; every write is audited in its own transaction, and reaches each process within 5 s. */
export interface RegisterRecord extends RegisterStore {
  /** Counts up with every change; cheap to ask. */
  version(): Promise<string>;
  putEmbargo(entry: EmbargoEntry, caller: Caller): Promise<void>;
  putSensitivity(entry: SensitivityEntry, caller: Caller, sketch?: Uint8Array): Promise<void>;
  /** Loads a whole folder's entries, in one transaction. `onlyIfEmpty` leaves a store alone that has any entry. */
  import(
    entries: { readonly embargoes: readonly EmbargoEntry[]; readonly sensitivity: readonly SensitivityEntry[] },
    options: {
      readonly actor: string;
      readonly sketches?: ReadonlyMap<string, Uint8Array>;
      readonly onlyIfEmpty?: boolean;
    },
  ): Promise<{ readonly loaded: boolean }>;
  /** Sketches by the id of their entry. */
  sketches(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Calls back after a change by any process, within 5 s; returns the way to stop. */
  watch(onChange: (version: string) => void): Promise<() => Promise<void>>;
}

export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly address: string | null;
  readonly roles: readonly Role[];
}

export interface NewToken {
  readonly name: string;
  readonly token: string;
  readonly address: string | null;
  readonly roles: readonly Role[];
}
