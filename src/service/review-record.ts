import type { Instant } from '../core/entry.ts';
import type { FalseAlarm } from '../core/false-alarm.ts';
import type { DetectorName } from '../core/finding.ts';
import type { MessageState } from '../core/message.ts';

/** How far a message got with one recipient; `withheld`: a reviewer released it to others alone. */
export interface RecipientState {
  readonly address: string;
  readonly state: 'due' | 'delivered' | 'failed' | 'withheld';
  readonly settledAt: Instant | null;
  readonly reply: string | null;
}

export interface KeptDecision {
  readonly message: string;
  readonly state: MessageState;
  /** A `DecisionAction`, or `propose-` before one. */
  readonly action: string;
  readonly actor: string;
  readonly at: Instant;
  readonly reason: string;
  /** Whether the verdict that is in force came before it. */
  readonly isCurrent: boolean;
}

/** A false alarm from its proposal to its end. */
export interface KeptFalseAlarm extends FalseAlarm {
  /** The message that it was found in. */
  readonly message: string;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly approvedBy: string | null;
  readonly approvedAt: Instant | null;
  /** Refused before it was approved, or revoked after. */
  readonly endedBy: string | null;
  readonly endedAt: Instant | null;
}

export interface NewFalseAlarm {
  readonly id: string;
  readonly message: string;
  readonly detector: DetectorName;
  readonly rule: string;
  readonly entry: string | null;
  readonly anyEntry: boolean;
  readonly sender: string;
  readonly passage: string;
  readonly reason: string;
  readonly until: Instant;
}

/** A mail of a conversation, as the record has it. */
export interface ThreadMail {
  readonly id: string;
  readonly addresses: readonly string[];
}

/** What a reviewer's page shows beside the message itself. Every write is audited in its own transaction. */
export interface ReviewRecord {
  recipients(id: string): Promise<readonly RecipientState[]>;
  /** Oldest first. */
  decisions(id: string): Promise<readonly KeptDecision[]>;
  /** What was decided on other messages that the same rules found, newest first. */
  similar(id: string, limit: number): Promise<readonly KeptDecision[]>;
  /** Mails with these `Message-ID`s, oldest first. */
  thread(messageIds: readonly string[]): Promise<readonly ThreadMail[]>;
  /** What two people took for false alarms and nobody revoked. */
  falseAlarmsInForce(): Promise<readonly FalseAlarm[]>;
  /** Newest first. */
  falseAlarms(limit: number): Promise<readonly KeptFalseAlarm[]>;
  findFalseAlarm(id: string): Promise<KeptFalseAlarm | null>;
  proposeFalseAlarm(alarm: NewFalseAlarm, actor: string): Promise<void>;
  /** False where its state does not allow it, or the proposer approves. */
  settleFalseAlarm(id: string, how: 'approve' | 'refuse' | 'revoke', actor: string): Promise<boolean>;
  /** Has what the false alarm concerns judged again, unless it has left. */
  judgeAgain(alarm: Pick<FalseAlarm, 'detector' | 'rule'>): Promise<readonly string[]>;
}
