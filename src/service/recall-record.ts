import type { Instant } from '../core/entry.ts';
import type { TraceMatch } from '../detect/match-trace.ts';

/** A mail that was traced when it was judged. */
export interface KeptTrace {
  readonly id: string;
  /** As `encodeTrace` wrote it. */
  readonly trace: Uint8Array;
}

/** Somebody who was sent what is protected now. */
export interface RecallRecipient {
  readonly address: string;
  readonly deliveredAt: Instant | null;
  /** When somebody noted that it was deleted there; null: not yet. */
  readonly confirmedAt: Instant | null;
  readonly note: string;
}

/** A mail that carried what an entry protects, delivered before that was known. */
export interface RecalledMail {
  readonly entry: string;
  readonly message: string;
  readonly sender: string;
  readonly sentAt: Instant;
  readonly by: TraceMatch['by'];
  readonly recipients: readonly RecallRecipient[];
}

/** How far the search for an entry got. */
export interface RetroScan {
  readonly entry: string;
  /** Null while it is still to be done or under way. */
  readonly scannedAt: Instant | null;
  /** Traced mails that were compared, and those that carried it. */
  readonly traced: number;
  readonly found: number;
}

/** An entry whose traces one process goes through; `since` tells a later change of the entry apart. */
export interface RetroClaim {
  readonly entry: string;
  readonly since: Instant;
  /** Of the registers that the search has to be made with, or a later one. */
  readonly version: number;
}

/** What left, as far as it is known again, and whom it reached. */
export interface RecallRecord {
  /** Takes an entry that was added or changed; null where none is due. */
  claimDue(leaseMs: number): Promise<RetroClaim | null>;
  renew(claim: RetroClaim, leaseMs: number): Promise<boolean>;
  /** Traces of mails that reached somebody, in order of id, after one. */
  traces(after: string | null, limit: number): Promise<readonly KeptTrace[]>;
  record(entry: string, found: readonly { readonly id: string; readonly by: TraceMatch['by'] }[]): Promise<void>;
  /** Ends a search; one whose entry was changed meanwhile stays due. */
  finish(claim: RetroClaim, traced: number): Promise<void>;
  scans(): Promise<readonly RetroScan[]>;
  list(entry: string | null, limit: number): Promise<readonly RecalledMail[]>;
  /** Notes, audited, that a recipient deleted it; false where there is no such recall. */
  confirm(
    recall: { readonly entry: string; readonly message: string; readonly recipient: string; readonly note: string },
    actor: string,
  ): Promise<boolean>;
}
