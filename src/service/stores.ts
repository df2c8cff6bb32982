import type { DetectorName } from '../core/finding.ts';
import type { DecisionAction, MessageState, StoredMessage } from '../core/message.ts';
import type { Judgement } from '../core/verdict.ts';
import type { Sibling } from '../detect/batch.ts';
import type { BatchWait } from '../detect/batch-wait.ts';
import type { Thread } from '../detect/detector.ts';
import type { EmbargoDocument } from '../registers/embargo-document.ts';
import type { RegisterDocuments } from '../registers/parse-registers.ts';
import type { SensitivityDocument } from '../registers/sensitivity-document.ts';
import type { Siblings } from '../scan/engine.ts';
import type { Accounts, AccountView, SessionView, TokenView } from './accounts.ts';
import type { Oversight } from './oversight-desk.ts';
import type { Caller, IncomingMessage, MessageStore, Role } from './ports.ts';

export type * from './audit-record.ts';

/** What the record keeps of a message beyond its envelope and verdict. */
export interface KeptMessage extends StoredMessage {
  /** From the sealed judgement; null before the first one, and for drafts. */
  readonly subject: string | null;
  /** File name, or what stands for it. */
  readonly name: string | null;
  /** Id of the caller who submitted it; null for what came in by SMTP. */
  readonly submittedBy: string | null;
  /** False once its content was deleted. */
  readonly hasContent: boolean;
}

/** A message taken for scanning. */
export interface ClaimedMessage extends KeptMessage {
  /** Its content where that is small and came along; else to be asked for. */
  readonly content: Uint8Array | null;
  /** It was cleared and has waited for its batch; null where it is to be judged anew. */
  readonly batchWait?: BatchWait | null;
}

export interface KeptMessageQuery {
  readonly state?: MessageState;
  /** Only what names this register entry. */
  readonly entry?: string;
  /** Only senders whose address holds this, in any case. */
  readonly sender?: string;
  readonly submittedBy?: string;
  readonly detector?: DetectorName;
  /** Senders whose address holds this, recipients whose address or organisation it is, or an id. */
  readonly search?: string;
  readonly receivedBefore?: number;
  /** Only what has a lift, and by then. */
  readonly liftBefore?: number;
  /** `lift`: the most urgent first. Absent: newest first. */
  readonly order?: 'newest' | 'oldest' | 'lift';
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
  /** What later mails of the sender are compared with it by; absent where it has no attachments. */
  readonly sibling?: Sibling;
  /** It stays for so many milliseconds before it may go, for its batch; `seen` is given back with the next claim. */
  readonly batchWait?: { readonly waitMs: number; readonly seen: number };
  /** What it is recognised by once it has left, as `encodeTrace` wrote it; absent where there is nothing to recognise. */
  readonly trace?: Uint8Array;
}

export interface Decision {
  readonly action: DecisionAction;
  readonly reason: string;
  /** For `release-at-lift`: the latest lift of the releases concerned; null where none is known yet. */
  readonly liftsAt: number | null;
  /** How many people a release needs; the first one's is kept as a proposal. Absent: one. */
  readonly people?: number;
  /** For `release-eligible`: who does not get it. */
  readonly withheld?: readonly string[];
  /** For `ask`: the mail to the sender, received in the same transaction; it is judged as any other. */
  readonly question?: IncomingMessage;
}

/** How long what is stored stays. */
export interface Retention {
  /** Traces of what left, from its judgement on. */
  readonly traceDays: number;
  /** Held without a decision: then expired. */
  readonly heldDays: number;
  /** Content after the end of its message. */
  readonly contentDays: number;
  /** Content of delivered mail; 0 or absent: it goes with the delivery. */
  readonly deliveredDays?: number;
  /** What is known of messages that ended, and the audit log; absent: for ever. */
  readonly recordDays?: number;
}

export interface Tidied {
  readonly expired: number;
  readonly purged: number;
  /** Whether there is nothing more to do now. */
  readonly isDone: boolean;
}

/** What waits, for metrics. */
/** Counts for those who oversee. None depends on what is in a message beyond its verdict and the entries it names. */
export interface Overview {
  /** What came in, by day in London and the verdict it has now. */
  readonly days: readonly {
    readonly day: string;
    readonly pass: number;
    readonly flag: number;
    readonly hold: number;
  }[];
  /** What is held now, by the lift that ends it; the ones without a lift last. */
  readonly lifts: readonly { readonly lift: number | null; readonly held: number }[];
  /** Of all lifts, the ones that are too many to be listed too. */
  readonly heldNow: number;
  readonly oldestHeld: number | null;
  readonly entries: readonly { readonly entry: string; readonly messages: number; readonly held: number }[];
  readonly decisions: readonly {
    readonly action: DecisionAction;
    readonly count: number;
    /** From the verdict to the decision. */
    readonly medianMinutes: number | null;
  }[];
}

export interface WaitingCounts {
  readonly messages: Readonly<Record<'received' | 'scanning' | 'held' | 'cleared' | 'released' | 'delivering', number>>;
  /** Longest time that anything has been due; `lift`: since the lift of what is held for it alone. */
  readonly overdueSeconds: Readonly<Record<'scan' | 'deliver' | 'lift', number>>;
  /** What is held, by what will end it. */
  readonly held: Readonly<Record<'lift' | 'reviewer', number>>;
  /** Since the verdict of whatever has waited longest for a reviewer. */
  readonly oldestHeldSeconds: number;
}

/** The record with what decisions and inline judging need. */
export interface MessageRecord extends MessageStore {
  find(id: string): Promise<KeptMessage | null>;
  list(query: KeptMessageQuery): Promise<readonly KeptMessage[]>;
  /** How many there are, counted up to `limit`. */
  count(query: Omit<KeptMessageQuery, 'after'>): Promise<number>;
  claimForScan(id: string, worker: string, leaseMs: number, registersVersion?: number): Promise<ClaimedMessage | null>;
  /** Takes up to `limit` messages that nobody has looked at yet, by the turns of their senders. */
  takeFresh(worker: string, leaseMs: number, limit: number): Promise<readonly ClaimedMessage[]>;
  /** Takes a canary out of the record; nothing else can be. */
  forgetCanary(id: string): Promise<void>;
  /** How many nobody has looked at yet, counted up to `limit`. */
  countFresh(limit: number): Promise<number>;
  /** Inserts a message already claimed by `worker`, so that no other process scans it as well; durable at the latest with its verdict. */
  insertClaimed(
    message: IncomingMessage & { readonly name: string; readonly submittedBy: string },
    worker: string,
    leaseMs: number,
  ): Promise<void>;
  insertSubmitted(message: IncomingMessage & { readonly name: string; readonly submittedBy: string }): Promise<void>;
  recordJudgement(
    id: string,
    worker: string,
    judgement: Judgement,
    rulesVersion: string,
    extras?: JudgementExtras,
  ): Promise<void>;
  /** Between whom mails of these `Message-ID`s passed, and which entries they concerned; null where none is in the record. */
  thread(messageIds: readonly string[]): Promise<Thread | null>;
  /** What a sender's mails with attachments in the hours around one of them are compared by; `own` null where that one was not judged yet. */
  siblings(sender: string, id: string): Promise<Siblings & { readonly own: Sibling | null }>;
  countWaiting(): Promise<WaitingCounts>;
  oversee(since: number): Promise<Overview>;
  oversight(since: number): Promise<Oversight>;
  /** One step towards the terms; by one process at a time. */
  tidyUp(retention: Retention): Promise<Tidied>;
  /** Ends every claim: for the one process that owns the database and knows that whoever claimed is gone. */
  endClaims(): Promise<void>;
  /**
   * Applies a decision to a held message and audits it, in one transaction; null where its state does not allow it, or where
   * a release needs a second person and this is the first one again.
   */
  decide(id: string, decision: Decision, caller: Caller): Promise<KeptMessage | null>;
}

/** The registers as the store keeps them: as their files write them, with figures sealed. */
export interface KeptRegisters {
  readonly documents: RegisterDocuments;
  /** Sketches by the id of their entry. */
  readonly sketches: ReadonlyMap<string, Uint8Array>;
  /** Counts up with every change. */
  readonly version: string;
}

/** The registers in the store; every write is audited in its own transaction, and reaches each process within 5 s. */
export interface RegisterRecord {
  load(): Promise<KeptRegisters>;
  version(): Promise<string>;
  putEmbargo(document: EmbargoDocument, actor: string): Promise<void>;
  putSensitivity(document: SensitivityDocument, actor: string, sketch?: Uint8Array): Promise<void>;
  /** Loads a folder's entries in one transaction, beside those that are there; `onlyIfEmpty` leaves a store alone that has any. */
  import(
    documents: RegisterDocuments,
    options: {
      readonly actor: string;
      readonly sketches?: ReadonlyMap<string, Uint8Array>;
      readonly onlyIfEmpty?: boolean;
      /** Ids of entries that go in the same transaction; what they held stays held for a reviewer. */
      readonly remove?: readonly string[];
    },
  ): Promise<{ readonly loaded: boolean }>;
  /** Calls back after a change by any process, within 5 s, until stopped. */
  watch(onChange: () => void): { stop(): Promise<void> };
}

export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly address: string | null;
  readonly roles: readonly Role[];
  /** Somebody else knows the password: it opens nothing but the page that changes it. */
  readonly mustChangePassword?: boolean;
}

export interface NewToken {
  readonly name: string;
  readonly token: string;
  readonly address: string | null;
  readonly roles: readonly Role[];
  readonly isReadOnly?: boolean;
  /** Days it works; absent: until it is revoked. */
  readonly days?: number;
  /** Id of the user whose roles bound it, and with whom it ends. */
  readonly owner?: string;
}

/** What may change about a user; a key that is absent stays. */
export interface UserChange {
  readonly address?: string | null;
  readonly roles?: readonly Role[];
  readonly isDisabled?: boolean;
}

/** Who may call: users with a password, sessions, and tokens for machines. Every act is audited in its own transaction. */
export interface AccountRecord extends Accounts {
  /** The names behind ids of users and tokens; ids of neither are left out. */
  namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  hasUsers(): Promise<boolean>;
  /** Makes the first user and token, where there is no user yet; false where there is. */
  createFirst(user: NewUser, token: NewToken): Promise<boolean>;
  /** Null where the name is taken. */
  createUser(user: NewUser, actor: string): Promise<Caller | null>;
  createToken(token: NewToken, actor: string): Promise<Caller>;
  accounts(): Promise<readonly AccountView[]>;
  account(id: string): Promise<AccountView | null>;
  /** False where nobody could administer any more, or there is no such user. Whoever is disabled is signed out everywhere. */
  changeUser(id: string, change: UserChange, actor: string): Promise<boolean>;
  /** A password that must be changed at the next sign-in; ends every session. */
  resetPassword(id: string, password: string, actor: string): Promise<boolean>;
  /** False where the password now is another; ends every other session. */
  changePassword(id: string, now: string, next: string, keep: string): Promise<boolean>;
  confirmPassword(id: string, password: string): Promise<boolean>;
  unlock(id: string, actor: string): Promise<boolean>;
  /** A fresh secret in base32, not in force before its first code. */
  startFactor(id: string): Promise<string>;
  pendingFactor(id: string): Promise<string | null>;
  /** Recovery codes, to be shown once; null where the code is not right. */
  confirmFactor(id: string, code: string): Promise<readonly string[] | null>;
  removeFactor(id: string, actor: string): Promise<boolean>;
  /** Newest first; `current` is the key of the session that asks. */
  sessionsOf(id: string, current: string): Promise<readonly SessionView[]>;
  endSession(user: string, session: string): Promise<boolean>;
  /** `owner`: only those of this user. */
  tokens(owner?: string): Promise<readonly TokenView[]>;
  revokeToken(id: string, actor: string, owner?: string): Promise<boolean>;
}
