import type { ByteSource, Content } from '../core/byte-source.ts';
import type { Instant, Registers } from '../core/entry.ts';
import type { Envelope, MessageKind, MessageState, StoredMessage } from '../core/message.ts';
import type { Judgement } from '../core/verdict.ts';

/** Wall clock in ms since the epoch; `HOLDFAST_NOW` fixes it for trials. */
export type Clock = () => Instant;

export interface IncomingMessage {
  readonly id: string;
  readonly kind: MessageKind;
  readonly receivedAt: Instant;
  readonly publishAt: Instant | null;
  readonly envelope: Envelope;
  readonly messageId: string | null;
  /** Original bytes, as received; a large message is read piece by piece. */
  readonly content: Content;
  /** How long after what comes in now it has its turn, where its sender sends much; below 0: before everything. Absent: 0. */
  readonly turnAfterMs?: number;
  /** SMTP options that go on to the next hop (SMTPUTF8, BODY, DSN). */
  readonly transport: Readonly<Record<string, unknown>>;
}

/** The record of truth. Every method is one transaction; it has committed, durably, when the promise resolves. */
export interface MessageStore {
  insert(message: IncomingMessage): Promise<void>;
  find(id: string): Promise<StoredMessage | null>;
  /** Newest first. `after` is the id of the last message of the page before. */
  list(query: {
    readonly state?: MessageState;
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly StoredMessage[]>;
  content(id: string): Promise<Uint8Array>;
  /** The same in pieces, so that a large message is never in memory as a whole; reads reject where `content` would. */
  source(id: string): Promise<ByteSource>;
  /**
   * Takes a `received` message, one whose lease ran out, or one whose lift has passed, for scanning; null where another process has it.
   *
   * A message claimed too often without a judgement is held as `crashed` instead, and null returned: it kills those who open it.
   * One that is to be judged again by newer registers than `registersVersion` is not given for that; absent: whatever they are.
   */
  claimForScan(
    id: string,
    worker: string,
    leaseMs: number,
    registersVersion?: number,
  ): Promise<(StoredMessage & { readonly content?: Uint8Array | null }) | null>;
  /** Writes the verdict and moves `scanning → cleared | held`; a no-op for a message no longer claimed by `worker`. */
  recordJudgement(id: string, worker: string, judgement: Judgement, rulesVersion: string): Promise<void>;
  /** Keeps a claim for another `leaseMs`; false where it was lost, and then its result no longer counts. */
  renewClaim(id: string, worker: string, leaseMs: number): Promise<boolean>;
  /** Gives a claimed message back after a failure; after `maxAttempts` it is held as incomplete. */
  releaseClaim(id: string, worker: string, reason: string): Promise<void>;
  /** `content`: where it is at hand still from judging, so that it need not be read again. */
  claimForDelivery(id: string, worker: string, leaseMs: number, content?: Uint8Array): Promise<DeliveryClaim | null>;
  recordDelivery(id: string, worker: string, result: DeliveryResult): Promise<void>;
  /**
   * Ids the queue should know, oldest first and at most `limit` of each kind: received or claim expired (scan), cleared or released and due (deliver), lift passed (scan).
   *
   * With `take` among the kinds, what nobody has looked at yet is left out: whoever asks takes it from the store by turns.
   * `now` is the judgements' clock and decides lifts alone; leases and retries run on the database's own clock.
   */
  pending(now: Instant, limit: number, kinds: readonly PendingJob['kind'][]): Promise<readonly PendingJob[]>;
}

export interface DeliveryClaim {
  readonly message: StoredMessage;
  readonly content: Content;
  readonly transport: Readonly<Record<string, unknown>>;
  /** Recipients not yet delivered to. */
  readonly recipients: readonly string[];
  /** From 1. */
  readonly attempt: number;
  /** Milliseconds since it was cleared or released, by the database's clock. */
  readonly ageMs: number;
  /** Whether the sender was told already that it is delayed. */
  readonly isDelayTold: boolean;
}

/**
 * One attempt's outcome; a recipient that is neither delivered nor failed is still due.
 *
 * Nobody due any more: `delivered` where anyone got it, else `returned`.
 */
export interface DeliveryResult {
  readonly delivered: readonly string[];
  readonly failed: readonly { readonly recipient: string; readonly reply: string }[];
  /** Still due, with what the last attempt came to. */
  readonly deferred?: readonly { readonly recipient: string; readonly reply: string }[];
  /** Milliseconds until those still due are tried again; null where none are. */
  readonly retryAfterMs: number | null;
  /** The time has come to tell the sender of the delay; it comes once. */
  readonly isDelayTold?: boolean;
  /** Delivery status notification to the sender, received in the same transaction so that it is neither lost nor doubled. */
  readonly notice: IncomingMessage | null;
}

/** `take`: something came in, and the store knows whose turn it is; the id tells the hints apart. */
export type PendingJob = { readonly kind: 'scan' | 'deliver' | 'take'; readonly id: string };

/** A hint that work is waiting. Carries ids only; a lost job is found again by the sweeper. */
export interface JobQueue {
  /** Never rejects and never waits long: a hint that could not be given is logged, and the sweeper gives it again. */
  add(
    job: PendingJob,
    options?: { readonly runAt?: Instant; readonly priority?: 'interactive' | 'bulk' },
  ): Promise<void>;
  /** Starts handling; at most `concurrency` at a time. */
  work(handle: (job: PendingJob) => Promise<void>, concurrency: number): Promise<void>;
  /** Takes no more jobs, waits for those in hand. */
  close(): Promise<void>;
}

/** The registers as the store holds them, and when they changed. */
export interface RegisterStore {
  load(): Promise<{ readonly registers: Registers; readonly version: string }>;
}

export type Role = 'submitter' | 'reviewer' | 'registrar' | 'auditor' | 'admin';

/** Who calls: a token or a signed-in person. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  /** Address that pre-release access is looked up by; null for machines. */
  readonly address: string | null;
  readonly roles: readonly Role[];
  /** A token that may look and never change anything. */
  readonly isReadOnly?: true;
}
