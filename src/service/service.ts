import type { Content } from '../core/byte-source.ts';
import type { EmbargoEntry, Instant, SensitivityEntry } from '../core/entry.ts';
import type { DetectorName } from '../core/finding.ts';
import type { DecisionAction, Envelope, MessageKind, MessageState } from '../core/message.ts';
import type { Incomplete, OpenedMessage } from '../core/part.ts';
import type { Verdict } from '../core/verdict.ts';
import type { FindingView } from '../core/view.ts';
import type { ColumnEvidence } from '../detect/describe-columns.ts';
import type { IncidentDesk } from './incident-desk.ts';
import type { MessageDesk } from './message-desk.ts';
import type { OversightDesk } from './oversight-desk.ts';
import type { Caller } from './ports.ts';
import type { Recall, RecallSummary } from './recall-desk.ts';
import type { AuditAction, AuditCheck, NamedAct, Overview } from './stores.ts';
import type { TrialDesk } from './trial-desk.ts';
import type { BatchMail } from './view-batch.ts';

/** A message as one caller may see it (contract section 4). */
export interface MessageView {
  readonly id: string;
  readonly kind: MessageKind;
  readonly state: MessageState;
  readonly verdict: Verdict | null;
  readonly holdUntil: Instant | null;
  readonly effectiveAt: Instant | null;
  readonly receivedAt: Instant;
  readonly envelope: Envelope;
  readonly messageId: string | null;
  /** Null for a reviewer without access to an entry concerned. */
  readonly subject: string | null;
  readonly findings: readonly FindingView[];
  readonly incomplete: readonly Incomplete[];
  /** Titles of the announced releases at whose lift it may go; absent or empty where it waits for none, or for something else. */
  readonly waitsFor?: readonly string[];
  /** Whether the caller may open the content. */
  readonly mayReveal: boolean;
}

export interface DraftInput {
  readonly text: string;
  readonly channel: string;
  readonly publishAt: Instant | null;
  readonly author: string;
  readonly recipients: readonly string[];
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly content: Uint8Array }[];
}

export type Refusal =
  | { readonly kind: 'forbidden'; readonly message: string }
  | { readonly kind: 'not-found'; readonly message: string }
  /** The state does not allow it, e.g. a second release. */
  | { readonly kind: 'conflict'; readonly message: string }
  | { readonly kind: 'invalid'; readonly message: string }
  /** A parameter that could mean nothing, e.g. a place in a list that is no id. */
  | { readonly kind: 'malformed-request'; readonly message: string }
  /** Nothing can be judged now: no registers, rules that do not load, store away. */
  | { readonly kind: 'not-ready'; readonly message: string };

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export interface Revealed {
  readonly opened: OpenedMessage;
  readonly message: MessageView;
  /** The columns of the tables that a finding points to, by the table's path. */
  readonly columns: ReadonlyMap<string, readonly ColumnEvidence[]>;
  /** Its HTML bodies as their sender wrote them: for a strict cleaning, never for a page as they are. */
  readonly markup?: readonly string[];
}

export interface MessageQuery {
  readonly state?: MessageState;
  readonly limit: number;
  readonly after?: string;
  /** Only what names this register entry. */
  readonly entry?: string;
  /** Only senders whose address holds this, in any case. */
  readonly sender?: string;
  readonly detector?: DetectorName;
  /** Senders whose address holds this, recipients whose address or organisation it is, or an id. */
  readonly search?: string;
  readonly receivedBefore?: Instant;
  readonly liftBefore?: Instant;
  /** `lift`: the most urgent first. Absent: newest first. */
  readonly order?: 'newest' | 'oldest' | 'lift';
}

/** The use cases behind every surface. Who may do what is decided here, in one place, never in a page or a route. */
export interface Service extends MessageDesk, IncidentDesk, OversightDesk, TrialDesk {
  /** Stores an e-mail durably and queues it; resolves once it is committed. */
  receive(input: {
    readonly content: Content;
    readonly envelope: Envelope;
    readonly transport?: Readonly<Record<string, unknown>>;
  }): Promise<Outcome<{ readonly id: string }>>;
  /** Stores, judges at once and answers in the sender's view. */
  submitMessage(content: Uint8Array, envelope: Envelope, caller: Caller): Promise<Outcome<MessageView>>;
  submitDraft(draft: DraftInput, caller: Caller): Promise<Outcome<MessageView>>;
  /** Judges a draft without keeping it: the page's check while typing. */
  checkDraft(draft: DraftInput, caller: Caller): Promise<Outcome<MessageView>>;
  listMessages(
    query: MessageQuery,
    caller: Caller,
  ): Promise<Outcome<{ readonly items: readonly MessageView[]; readonly next: string | null }>>;
  /** How many messages a reviewer would be shown, page after page. */
  countMessages(query: Omit<MessageQuery, 'limit' | 'after'>, caller: Caller): Promise<Outcome<number>>;
  viewMessage(id: string, caller: Caller): Promise<Outcome<MessageView>>;
  /** The other mails of a message's batch, as far as the caller may open them; empty where it is alone. */
  viewBatch(id: string, caller: Caller): Promise<Outcome<readonly BatchMail[]>>;
  /** Opens a held message's content; audited, and only with access to every entry concerned. */
  revealMessage(id: string, caller: Caller): Promise<Outcome<Revealed>>;
  decideMessage(
    id: string,
    decision: { readonly action: DecisionAction; readonly reason: string },
    caller: Caller,
  ): Promise<Outcome<MessageView>>;
  embargo(id: string, caller: Caller): Promise<Outcome<EmbargoEntry>>;
  sensitivity(id: string, caller: Caller): Promise<Outcome<SensitivityEntry>>;
  /** `entry` is the entry as JSON, of the same shape as its YAML file; faults name the key. */
  putEmbargo(id: string, entry: unknown, caller: Caller): Promise<Outcome<EmbargoEntry>>;
  putSensitivity(id: string, entry: unknown, caller: Caller): Promise<Outcome<SensitivityEntry>>;
  registers(
    caller: Caller,
  ): Promise<
    Outcome<{ readonly embargoes: readonly EmbargoEntry[]; readonly sensitivity: readonly SensitivityEntry[] }>
  >;
  /** Every act, newest first, for those who audit; `before` is the `next` of the page before. */
  auditTrail(
    query: {
      readonly limit: number;
      readonly before?: number;
      readonly target?: string;
      readonly actor?: string;
      readonly action?: AuditAction;
      readonly from?: Instant;
      readonly to?: Instant;
    },
    caller: Caller,
  ): Promise<Outcome<{ readonly items: readonly NamedAct[]; readonly next: number | null }>>;
  /** What people did with one message, newest first. */
  messageHistory(id: string, caller: Caller): Promise<Outcome<readonly NamedAct[]>>;
  /** Authors without access who tried out figures of a release, newest first; for reviewers. */
  probingAlerts(caller: Caller): Promise<Outcome<readonly NamedAct[]>>;
  /** Recomputes the whole chain of the audit log. */
  verifyAudit(caller: Caller): Promise<Outcome<AuditCheck>>;
  /** Counts of the last `days` days and of what is held now, for those who oversee. */
  oversee(days: number, caller: Caller): Promise<Outcome<Overview>>;
  /** Datasets that were searched for in what left, the newest search first. */
  recallSummaries(caller: Caller): Promise<Outcome<readonly RecallSummary[]>>;
  recall(entry: string, caller: Caller): Promise<Outcome<Recall>>;
  /** Notes that a recipient says it is deleted; audited. */
  confirmDeletion(
    confirmation: {
      readonly entry: string;
      readonly message: string;
      readonly recipient: string;
      readonly note: string;
    },
    caller: Caller,
  ): Promise<Outcome<Recall>>;
  /** Null where all is well, else one line for each thing that is wrong and what to do. */
  readiness(): Promise<readonly string[]>;
  /** The clock that judgements use, and whether it is fixed for a trial. */
  readonly clock: { readonly now: () => Instant; readonly fixed: boolean };
}

export type { Accounts } from './accounts.ts';

export { ROLES } from './roles.ts';
