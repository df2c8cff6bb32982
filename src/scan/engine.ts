import type { Parties } from '../core/access.ts';
import type { ByteSource } from '../core/byte-source.ts';
import type { Instant, Registers } from '../core/entry.ts';
import type { MessageKind } from '../core/message.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { Judgement } from '../core/verdict.ts';
import type { Sibling } from '../detect/batch.ts';

export interface ScanRequest {
  readonly kind: MessageKind;
  /** File name, or `message.eml` / `draft.txt` for what came in over the wire. */
  readonly name: string;
  readonly source: ByteSource;
  /** The envelope; what it leaves out (null, no recipients) is taken from the mail's own headers. */
  readonly parties: Parties | null;
  readonly now: Instant;
  /** The planned post or send time; null: at once. */
  readonly publishAt: Instant | null;
}

export interface ScanReport {
  readonly judgement: Judgement;
  readonly opened: OpenedMessage;
  readonly parties: Parties;
  readonly rulesVersion: string;
}

/** The one engine behind every surface: open → detect → decide. */
export interface Engine {
  judge(request: ScanRequest): Promise<ScanReport>;
  /** The judgement of a mail among its sender's others; absent: mails are judged one by one. */
  readonly inBatch?: (report: ScanReport, own: Sibling, others: readonly Sibling[]) => Judgement;
  /** Opens as `judge` does, with the register's passwords. */
  readonly open?: Opener;
  readonly registers: Registers;
  readonly rulesVersion: string;
}

/** Opens a message into its parts, in this process or in a child. */
export type Opener = (request: {
  readonly kind: MessageKind;
  readonly name: string;
  readonly source: ByteSource;
  /** A quick look: tables end after so many rows, and what is left of them is incomplete. */
  readonly firstRows?: number;
  /** To try on what is encrypted, likeliest first. */
  readonly passwords?: readonly string[];
}) => Promise<OpenedMessage>;
