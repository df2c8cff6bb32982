import { asSource } from '../core/byte-source.ts';
import type { Instant } from '../core/entry.ts';
import { deliveryNotice, type NoticeRecipient } from './delivery-notice.ts';
import { HEADER_LIMIT } from './message-header.ts';
import type { RecipientOutcome } from './next-hop.ts';
import type { DeliveryClaim, IncomingMessage } from './ports.ts';
import { returnedHeaders } from './returned-headers.ts';
import { type TransportOptions, wishFor } from './transport-options.ts';

export interface NoticeDeps {
  /** The judgements' clock. */
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly host: string;
}

/** What became of the recipients of one attempt, as far as a sender may want to know. */
export interface AttemptEvents {
  readonly failed: readonly RecipientOutcome[];
  /** Still due, at the time when the sender is to be told so. */
  readonly delayed: readonly RecipientOutcome[];
  readonly delivered: readonly RecipientOutcome[];
  /** The failed ones that were put off once too often. */
  readonly isExpired: boolean;
  /** Milliseconds that those still due are tried on. */
  readonly retryMs: number;
}

/** The word of NOTIFY that asks for each action (RFC 3461 section 4.1). */
const WORDS = { failed: 'FAILURE', delayed: 'DELAY', relayed: 'SUCCESS' } as const;

/** Null where nobody is to be told: a null sender (RFC 5321 section 4.5.5: no bounce of a bounce), or NOTIFY without the word. */
export async function noticeFor(
  { message, content }: DeliveryClaim,
  transport: TransportOptions,
  events: AttemptEvents,
  { newId, host, now }: NoticeDeps,
): Promise<IncomingMessage | null> {
  const told = recipientsToTell(transport, events);
  if (told.length === 0 || message.envelope.from === '') return null;
  const id = newId();
  const at = now();
  const notice = deliveryNotice({
    id,
    host,
    now: at,
    sender: message.envelope.from,
    message,
    envid: transport.envid,
    recipients: told,
    retryUntil: at + Math.max(0, events.retryMs),
    headers: returnedHeaders(
      message.id,
      await asSource(content).read(0, HEADER_LIMIT),
      message.judgement?.verdict ?? null,
    ),
  });
  return {
    id,
    kind: 'email',
    receivedAt: at,
    publishAt: null,
    envelope: { from: '', to: [message.envelope.from] },
    messageId: `<${id}@${host}>`,
    content: notice,
    transport: { body: '8BITMIME' },
  };
}

function recipientsToTell(transport: TransportOptions, events: AttemptEvents): readonly NoticeRecipient[] {
  const { failed, delayed, delivered, isExpired } = events;
  const told = (action: NoticeRecipient['action'], outcomes: readonly RecipientOutcome[]) =>
    outcomes
      .filter(({ recipient }) => {
        const notify = wishFor(transport, recipient)?.notify ?? null;
        return notify === null ? action !== 'relayed' : notify.includes(WORDS[action]);
      })
      .map(({ recipient, reply, server, outcome }) => ({
        recipient,
        action,
        reply,
        server: server ?? null,
        isExpired: isExpired && outcome === 'deferred' && action === 'failed',
        originalRecipient: wishFor(transport, recipient)?.orcpt ?? null,
      }));
  return [
    ...told('failed', failed),
    ...told('delayed', delayed),
    // Where the next hop took the wish over, it is the one to tell.
    ...told(
      'relayed',
      delivered.filter(({ takesDsn }) => takesDsn !== true),
    ),
  ];
}
