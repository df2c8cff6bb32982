import type { Caller } from './ports.ts';

/** What a webhook may be told of; each names the state that a message came to, and `message.decided` what a reviewer did. */
export const WEBHOOK_EVENTS = [
  'message.cleared',
  'message.held',
  'message.released',
  'message.rejected',
  'message.expired',
  'message.delivered',
  'message.returned',
  'message.decided',
] as const;

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number] | 'webhook.test';

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly createdAt: number;
  /** Since when it is told nothing more, because it answered 410; null while it works. */
  readonly endedAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly lastFailureAt: number | null;
  /** A status or what stood in the way; null where nothing ever did. */
  readonly lastFailure: string | null;
  /** Events that are still to be told. */
  readonly waiting: number;
}

/** An event in the hands of one sender. */
export interface WebhookDelivery {
  readonly event: string;
  readonly eventId: string;
  readonly webhookId: string;
  readonly url: string;
  readonly secret: Uint8Array;
  readonly happenedAt: number;
  /** Ids, states and verdicts; never content, addresses or findings. */
  readonly detail: Readonly<Record<string, unknown>>;
  /** From 1. */
  readonly attempt: number;
  /** Since it happened. */
  readonly ageMs: number;
}

export type WebhookOutcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'deferred'; readonly reason: string; readonly retryAfterMs: number }
  | { readonly kind: 'given-up'; readonly reason: string }
  /** The receiver says that it is gone for good. */
  | { readonly kind: 'gone'; readonly reason: string };

/** Who is told of what becomes of messages; what is to be told is written in the transaction of what happened. */
export interface WebhookRecord {
  list(query: { readonly limit: number; readonly after?: string }): Promise<readonly Webhook[]>;
  create(
    webhook: {
      readonly id: string;
      readonly url: string;
      readonly events: readonly string[];
      readonly secret: Uint8Array;
    },
    caller: Caller,
  ): Promise<Webhook>;
  /** False where there is none of that id. */
  remove(id: string, caller: Caller): Promise<boolean>;
  /** Queues a test event; false where there is no such webhook. */
  test(id: string): Promise<boolean>;
  /** Events that are due, each for one sender alone until its lease ends; webhooks have turns, so that none waits behind another's thousands. */
  claim(limit: number, leaseMs: number): Promise<readonly WebhookDelivery[]>;
  settle(delivery: WebhookDelivery, outcome: WebhookOutcome): Promise<void>;
}
