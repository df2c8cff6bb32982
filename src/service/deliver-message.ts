import type { Instant } from '../core/entry.ts';
import type { Log } from './log.ts';
import type { NextHop, OutgoingMail, RecipientOutcome } from './next-hop.ts';
import { type NoticeDeps, noticeFor } from './notice-for.ts';
import type { DeliveryClaim, DeliveryResult, JobQueue, MessageStore } from './ports.ts';
import { receivedHeader } from './received-header.ts';
import { recordSurely } from './record-surely.ts';
import { DELAY_NOTICE_MS, DELIVERY_EXPIRY_MS, retryDelay } from './retry-delay.ts';
import { parseTransportOptions, type TransportOptions } from './transport-options.ts';
import { withLease } from './with-lease.ts';

/** Since a message was cleared or released, in ms. */
export interface DeliveryTerms {
  /** After which what is still put off is returned. */
  readonly expiryMs: number;
  /** After which the sender is told that it waits; null: never. */
  readonly delayNoticeMs: number | null;
}

export const DELIVERY_TERMS: DeliveryTerms = { expiryMs: DELIVERY_EXPIRY_MS, delayNoticeMs: DELAY_NOTICE_MS };

export interface DeliverDeps extends NoticeDeps {
  readonly store: Pick<MessageStore, 'claimForDelivery' | 'recordDelivery' | 'renewClaim'>;
  readonly nextHop: NextHop;
  /** Told of notices; absent: the sweeper finds them. */
  readonly queue?: Pick<JobQueue, 'add'>;
  /** The judgements' clock. */
  readonly now: () => Instant;
  readonly random: () => number;
  /** Name of this gateway, for `Received` and notices. */
  readonly host: string;
  readonly terms?: DeliveryTerms;
  /** How long the store is asked to record what was delivered; absent: two minutes. */
  readonly recordPatienceMs?: number;
  readonly log: Log;
}

/**
 * Delivers one cleared or released message, as far as it is due; a no-op where it is not, another has it, or no server can be reached.
 *
 * The claim is the store's, which gives only messages with a committed verdict (promise 3). A crash after the next hop
 * took the message and before that is committed repeats it once, under the same `X-Holdfast-Id`.
 */
export async function deliverMessage(
  id: string,
  claimant: string,
  deps: DeliverDeps,
  content?: Uint8Array,
): Promise<void> {
  const { store, nextHop } = deps;
  // What is left unclaimed here is found by the sweeper, and goes as soon as a server is back.
  if (nextHop.askLeave?.() === false) return;
  await withLease(
    {
      claim: (leaseMs) => store.claimForDelivery(id, claimant, leaseMs, content),
      renew: (leaseMs) => store.renewClaim(id, claimant, leaseMs),
      log: deps.log,
    },
    async (claim, isHeld) => {
      const transport = parseTransportOptions(claim.transport);
      const outcomes = await nextHop.deliver({ ...outgoing(claim, transport, deps), mayGo: isHeld });
      const result = await resultOf(claim, transport, outcomes, deps);
      const count = (one: string) => outcomes.filter(({ outcome }) => outcome === one).length;
      const counts = { delivered: count('delivered'), deferred: count('deferred'), failed: count('failed') };
      deps.log.info({ id, attempt: claim.attempt, ...counts }, 'delivery attempted');
      await recordSurely(() => store.recordDelivery(id, claimant, result), deps.log, deps.recordPatienceMs);
      if (result.notice !== null) await deps.queue?.add({ kind: 'scan', id: result.notice.id });
    },
  );
}

function outgoing(claim: DeliveryClaim, transport: TransportOptions, { host }: DeliverDeps): OutgoingMail {
  const { message } = claim;
  const trace = receivedHeader(message.id, message.receivedAt, transport.received, host);
  return {
    from: message.envelope.from,
    to: claim.recipients,
    content: [Buffer.from(`${[`X-Holdfast-Id: ${message.id}`, ...trace].join('\r\n')}\r\n`, 'utf8'), claim.content],
    transport,
    ...(transport.isCanary && { isProbe: true }),
  };
}

async function resultOf(
  claim: DeliveryClaim,
  transport: TransportOptions,
  outcomes: readonly RecipientOutcome[],
  deps: DeliverDeps,
): Promise<DeliveryResult> {
  const { expiryMs, delayNoticeMs } = deps.terms ?? DELIVERY_TERMS;
  const isExpired = claim.ageMs >= expiryMs;
  const delivered = outcomes.filter(({ outcome }) => outcome === 'delivered');
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed' || (isExpired && outcome === 'deferred'));
  const due = isExpired ? [] : outcomes.filter(({ outcome }) => outcome === 'deferred');
  const isDelayTold = due.length > 0 && !claim.isDelayTold && delayNoticeMs !== null && claim.ageMs >= delayNoticeMs;
  const events = { delivered, failed, delayed: isDelayTold ? due : [], isExpired, retryMs: expiryMs - claim.ageMs };
  const wasReached = due.some(({ server }) => server !== undefined);
  return {
    delivered: delivered.map(({ recipient }) => recipient),
    failed: failed.map(({ recipient, reply }) => ({ recipient, reply })),
    deferred: due.map(({ recipient, reply }) => ({ recipient, reply })),
    retryAfterMs: due.length > 0 ? retryDelay(claim.attempt, deps.random(), wasReached) : null,
    isDelayTold,
    notice: await noticeFor(claim, transport, events, deps),
  };
}
