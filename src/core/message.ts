import type { Instant } from './entry.ts';
import type { Judgement } from './verdict.ts';

export type MessageKind = 'email' | 'draft' | 'file';

/**
 * received → scanning → cleared → delivering → delivered, or held → released → delivering → delivered,
 * or held → rejected | expired, or delivering → returned. A cleared draft or file ends at `cleared`: nothing is delivered.
 */
export type MessageState =
  | 'received'
  | 'scanning'
  | 'cleared'
  | 'held'
  | 'released'
  | 'rejected'
  | 'expired'
  | 'delivering'
  | 'delivered'
  | 'returned';

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** A message as the store keeps it; its content and findings are encrypted at rest and travel apart from it. */
export interface StoredMessage {
  readonly id: string;
  readonly kind: MessageKind;
  readonly state: MessageState;
  readonly receivedAt: Instant;
  /** When the content becomes visible, as the sender planned it; null: at once. */
  readonly publishAt: Instant | null;
  readonly envelope: Envelope;
  /** The `Message-ID` header. */
  readonly messageId: string | null;
  readonly bytes: number;
  /** File name, or what stands for it; absent: what the kind is called. */
  readonly name?: string | null;
  /** Null until it was judged. */
  readonly judgement: Judgement | null;
  readonly rulesVersion: string | null;
  /** Releases once the lift comes, by a reviewer's decision. */
  readonly releaseAtLift: boolean;
}

/**
 * - `release-eligible`: goes to those whom the policy lets have it, and to nobody else.
 * - `ask`: stays held, and its sender is asked something.
 */
export type DecisionAction = 'release' | 'reject' | 'release-at-lift' | 'release-eligible' | 'ask';

/** The decisions that let a message out. */
export type ReleaseAction = Exclude<DecisionAction, 'reject' | 'ask'>;
