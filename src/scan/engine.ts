import type { Parties } from '../core/access.ts';
import type { ByteSource } from '../core/byte-source.ts';
import type { Instant, Registers } from '../core/entry.ts';
import type { MessageKind } from '../core/message.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { Judgement } from '../core/verdict.ts';
import type { Sibling } from '../detect/batch.ts';
import type { BatchWait } from '../detect/batch-wait.ts';
import type { Thread } from '../detect/detector.ts';
import type { TraceMatch } from '../detect/match-trace.ts';

export interface ScanRequest {
  readonly kind: MessageKind;
  /** File name, or `message.eml` / `draft.txt` for what came in over the wire. */
  readonly name: string;
  readonly source: ByteSource;
  /** The envelope; what it leaves out (null, no recipients) is taken from the mail's own headers. */
  readonly parties: Parties | null;
  readonly now: Instant;
  /** What the record has of the mails with these `Message-ID`s, which this one answers; null where nothing. Absent: there is no record. */
  readonly thread?: (messageIds: readonly string[]) => Promise<Thread | null>;
  /** The planned post or send time; null: at once. */
  readonly publishAt: Instant | null;
  /** False: whoever asks may not know what a number equals, so nothing is compared with a sealed figure. */
  readonly insights?: false;
  /** Told of a hold that the first rows of a large message's tables are enough for; the judgement that follows is as strict or stricter. */
  readonly onEarlyHold?: (early: Judgement) => void;
}

export interface ScanReport {
  readonly judgement: Judgement;
  readonly opened: OpenedMessage;
  readonly parties: Parties;
  readonly rulesVersion: string;
}

/** A mail's sender's others, as far as they are known now. */
export interface Siblings {
  readonly judged: readonly Sibling[];
  /** Mails of the sender that came in about now and are not judged yet. */
  readonly unjudged: number;
}

/** The judgement of a mail among its siblings, and how long it waits for more of them. */
export interface BatchJudgement {
  /** The same as before, unless its attachment stands apart from theirs. */
  readonly judgement: Judgement;
  /** Mails of its batch, that are judged. */
  readonly seen: number;
  /** Milliseconds; null where it need not wait. */
  readonly waitMs: number | null;
}

/** The one engine behind every surface: open → detect → decide. */
export interface Engine {
  judge(request: ScanRequest): Promise<ScanReport>;
  /** The judgement of a mail among its sender's others; absent: mails are judged one by one. */
  readonly inBatch?: (
    report: Pick<ScanReport, 'judgement' | 'parties'>,
    own: Sibling,
    others: Siblings,
    before: BatchWait | null,
  ) => BatchJudgement;
  /** What the message is recognised by later, as `encodeTrace` writes it; null where there is nothing. Absent: nothing is traced. */
  readonly trace?: (opened: OpenedMessage) => Uint8Array | null;
  /** Whether a trace carried what an entry of the sensitivity register protects; null where not, or there is no such entry. */
  readonly matchTrace?: (trace: Uint8Array, entry: string) => TraceMatch | null;
  /** Opens as `judge` does, with the register's passwords. */
  readonly open?: Opener;
  /** Judges a message by what runs silent, once its verdict is committed; decides nothing, returns at once, never throws. Absent: nothing runs silent. */
  readonly observe?: (
    message: { readonly id: string; readonly bytes: number },
    request: ScanRequest,
    report: ScanReport,
  ) => void;
  readonly registers: Registers;
  /** Counts up with every change of the registers; absent where they do not change. */
  readonly registersVersion?: number;
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
