import type { Log } from './log.ts';
import { type Repeating, repeat } from './repeat.ts';
import { signWebhook } from './sign-webhook.ts';
import type { WebhookDelivery, WebhookOutcome, WebhookRecord } from './webhook-record.ts';

/** What a receiver answered; `failed` where it could not be asked, or may not be. */
export type Told =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'failed'; readonly reason: string };

export type TellWebhook = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
) => Promise<Told>;

export interface WebhookSenderDeps {
  readonly webhooks: Pick<WebhookRecord, 'claim' | 'settle'>;
  readonly tell: TellWebhook;
  /** Wall clock: receivers compare time stamps with their own. */
  readonly now: () => number;
  readonly random: () => number;
  readonly count: (outcome: 'delivered' | 'deferred' | 'given-up') => void;
  readonly log: Log;
  readonly intervalMs?: number;
}

const EVERY_MS = 1_000;
const AT_ONCE = 20;
const TIMEOUT_MS = 10_000;
/** Longer than a call may take, so that no event is told by two at once. */
const LEASE_MS = 60_000;
const FIRST_MS = 5_000;
const LONGEST_MS = 3 * 60 * 60_000;
/** After this an event is given up. */
const EXPIRY_MS = 3 * 24 * 60 * 60_000;

/** Tells webhooks what is due, for as long as it runs: each event at least once, in no promised order. */
export function startWebhooks(deps: WebhookSenderDeps): Repeating {
  const { webhooks, log, intervalMs = EVERY_MS } = deps;

  async function send(delivery: WebhookDelivery): Promise<void> {
    const outcome = await tellOnce(delivery, deps);
    await webhooks.settle(delivery, outcome);
    deps.count(outcome.kind === 'gone' ? 'given-up' : outcome.kind);
    if (outcome.kind === 'delivered') return;
    const { webhookId, eventId, attempt } = delivery;
    log.info({ webhook: webhookId, event: eventId, attempt, reason: outcome.reason }, 'webhook was not told');
  }

  async function round(signal: AbortSignal): Promise<void> {
    for (;;) {
      const due = signal.aborted ? [] : await webhooks.claim(AT_ONCE, LEASE_MS);
      await Promise.all(due.map(send));
      if (due.length < AT_ONCE) return;
    }
  }

  return repeat(round, { everyMs: intervalMs, onError: (err) => log.warn({ err }, 'webhooks could not be told') });
}

async function tellOnce(delivery: WebhookDelivery, { tell, now, random }: WebhookSenderDeps): Promise<WebhookOutcome> {
  const { eventId: id, event, happenedAt, detail, attempt, ageMs } = delivery;
  const body = JSON.stringify({ id, type: event, timestamp: new Date(happenedAt).toISOString(), data: detail });
  const sentAt = Math.floor(now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Holdfast-Webhook/1',
    ...signWebhook({ id, sentAt, body }, delivery.secret),
  };
  const told = await tell(delivery.url, headers, body, AbortSignal.timeout(TIMEOUT_MS));
  if (told.kind === 'answered' && told.status >= 200 && told.status < 300) return { kind: 'delivered' };
  const reason = told.kind === 'answered' ? `answered ${told.status}` : told.reason;
  if (told.kind === 'answered' && told.status === 410) return { kind: 'gone', reason };
  if (ageMs > EXPIRY_MS) return { kind: 'given-up', reason };
  return { kind: 'deferred', reason, retryAfterMs: pauseAfter(attempt, random()) };
}

/** Doubling from 5 s to 3 hours, half of it random, so that what failed together does not come back together. */
export function pauseAfter(attempt: number, random: number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.round(most / 2 + (random * most) / 2);
}
