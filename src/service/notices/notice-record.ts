import type { Instant } from '../../core/entry.ts';
import type { MessageKind } from '../../core/message.ts';
import type { IncomingMessage } from '../ports.ts';

/** What people are told of. */
export type NoticeOccasion = 'held' | 'released' | 'rejected' | 'expired';

/** A change that its sender is to be told of. Nothing of content, findings or decisions' reasons: it could not be told by mistake. */
export interface DueNotice {
  readonly message: string;
  readonly what: NoticeOccasion;
  readonly kind: MessageKind;
  readonly sender: string;
  readonly recipients: number;
  readonly receivedAt: Instant;
  readonly holdUntil: Instant | null;
  /** False where the message has gone on since: what was to be told is no longer so. */
  readonly isStill: boolean;
}

/** What waits for reviewers. */
export interface WaitingForReview {
  /** Held since they were last told, by id, without those of no sender; and how many are held now. */
  readonly fresh: readonly string[];
  readonly waiting: number;
  readonly oldest: Instant | null;
  /** Lifts to come of what is held now, soonest first. */
  readonly lifts: readonly { readonly lift: Instant; readonly held: number }[];
}

/** When a reviewer is told: as things come, once a day, not at all. */
export type ReviewingWish = 'soon' | 'daily' | 'off';

export interface NoticeWishes {
  readonly reviewing: ReviewingWish;
  /** What becomes of one's own drafts and mails. */
  readonly own: boolean;
}

/** The part of the store that notices live in. */
export interface NoticeRecord {
  /** Runs `work` where no other process does so now; false where one does. */
  alone(work: () => Promise<void>): Promise<boolean>;
  /** Oldest first; what is older than a day is told no more. */
  dueToSenders(limit: number): Promise<readonly DueNotice[]>;
  senderTold(message: string, what: NoticeOccasion): Promise<void>;
  /** Whether a sender is somebody here who wishes no notices of their own. */
  declines(sender: string): Promise<boolean>;
  waiting(): Promise<WaitingForReview>;
  /** Addresses of reviewers with this wish. */
  reviewers(wish: Exclude<ReviewingWish, 'off'>): Promise<readonly string[]>;
  /** Whether reviewers were last told longer than this ago. */
  mayTellReviewers(everyMs: number): Promise<boolean>;
  /** Of these messages, and just now. */
  reviewersTold(messages: readonly string[]): Promise<void>;
  /** Takes the digest of a day, like `2016-01-20`; false where it went out already. */
  takeDigest(day: string): Promise<boolean>;
  wishesOf(user: string): Promise<NoticeWishes>;
  wish(user: string, wishes: NoticeWishes): Promise<void>;
  /** Stores a notice as any other mail that is to be judged and delivered, marked as one. */
  send(notice: IncomingMessage): Promise<void>;
}
