import type { Instant } from '../core/entry.ts';
import { deliveryNotice, mailDate } from './delivery-notice.ts';
import type { Log } from './log.ts';
import type { NextHop, OutgoingMail, RecipientOutcome } from './next-hop.ts';
import type { DeliveryClaim, DeliveryResult, IncomingMessage, MessageStore } from './ports.ts';
import { DELIVERY_EXPIRY_MS, retryDelay } from './retry-delay.ts';
import { parseTransportOptions, type TransportOptions } from './transport-options.ts';
import { withLease } from './with-lease.ts';

export interface DeliverDeps {
  readonly store: Pick<MessageStore, 'claimForDelivery' | 'recordDelivery' | 'renewClaim'>;
  readonly nextHop: NextHop;
  /** The judgements' clock. */
  readonly now: () => Instant;
  readonly random: () => number;
  readonly newId: () => string;
  /** Name of this gateway, for `Received` and notices. */
  readonly host: string;
  readonly log: Log;
}

/**
 * Delivers one cleared or released message, as far as it is due; a no-op where it is not or another has it.
 *
 * The claim is the store's, which gives only messages with a committed verdict (promise 3). A crash after the next hop
 * took the message and before that is committed repeats it once, under the same `X-Holdfast-Id`.
 */
export async function deliverMessage(id: string, claimant: string, deps: DeliverDeps): Promise<void> {
  const { store } = deps;
  await withLease(
    {
      claim: (leaseMs) => store.claimForDelivery(id, claimant, leaseMs),
      renew: (leaseMs) => store.renewClaim(id, claimant, leaseMs),
      log: deps.log,
    },
    async (claim) => {
      const transport = parseTransportOptions(claim.transport);
      const outcomes = await deps.nextHop.deliver(outgoing(claim, transport, deps));
      await store.recordDelivery(id, claimant, resultOf(claim, transport, outcomes, deps));
    },
  );
}

function outgoing(claim: DeliveryClaim, transport: TransportOptions, { host }: DeliverDeps): OutgoingMail {
  const { message } = claim;
  const headers = [`X-Holdfast-Id: ${message.id}`, ...receivedHeader(message.id, message.receivedAt, transport, host)];
  return {
    from: message.envelope.from,
    to: claim.recipients,
    content: [Buffer.from(`${headers.join('\r\n')}\r\n`, 'utf8'), claim.content],
    transport,
  };
}

/** RFC 5321 section 4.4; how the message came in, where it came by SMTP. */
function receivedHeader(id: string, at: Instant, { received }: TransportOptions, host: string): readonly string[] {
  if (received === null) return [];
  const address = received.address.includes(':') ? `IPv6:${received.address}` : received.address;
  const helo = received.helo.replace(/[^\x21-\x7e]|[()<>\\]/g, '?');
  return [
    `Received: from ${helo} ([${address}])`,
    `\tby ${host} (Holdfast) with ${received.protocol} id ${id};`,
    `\t${mailDate(at)}`,
  ];
}

function resultOf(
  claim: DeliveryClaim,
  transport: TransportOptions,
  outcomes: readonly RecipientOutcome[],
  deps: DeliverDeps,
): DeliveryResult {
  const isExpired = claim.ageMs >= DELIVERY_EXPIRY_MS;
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed' || (isExpired && outcome === 'deferred'));
  const isDue =
    outcomes.length > failed.length && outcomes.some((one) => one.outcome === 'deferred' && !failed.includes(one));
  return {
    delivered: outcomes.filter(({ outcome }) => outcome === 'delivered').map(({ recipient }) => recipient),
    failed: failed.map(({ recipient, reply }) => ({ recipient, reply })),
    retryAfterMs: isDue ? retryDelay(claim.attempt, deps.random()) : null,
    notice: noticeFor(claim, transport, failed, deps),
  };
}

/** Null where nobody is to be told: nothing failed, a null sender (RFC 5321 section 4.5.5), or NOTIFY without FAILURE (RFC 3461). */
function noticeFor(
  { message }: DeliveryClaim,
  transport: TransportOptions,
  failed: readonly RecipientOutcome[],
  { newId, host, now, nextHop }: DeliverDeps,
): IncomingMessage | null {
  const wish = (recipient: string) =>
    Object.hasOwn(transport.recipients, recipient) ? transport.recipients[recipient] : undefined;
  const told = failed.filter(({ recipient }) => wish(recipient)?.notify?.includes('FAILURE') ?? true);
  if (told.length === 0 || message.envelope.from === '') return null;
  const id = newId();
  const content = deliveryNotice({
    id,
    host,
    now: now(),
    sender: message.envelope.from,
    message,
    envid: transport.envid,
    nextHop: nextHop.name,
    failed: told.map(({ recipient, reply }) => ({
      recipient,
      reply,
      originalRecipient: wish(recipient)?.orcpt ?? null,
    })),
  });
  return {
    id,
    kind: 'email',
    receivedAt: now(),
    publishAt: null,
    envelope: { from: '', to: [message.envelope.from] },
    messageId: `<${id}@${host}>`,
    content,
    transport: { body: '8BITMIME' },
  };
}
