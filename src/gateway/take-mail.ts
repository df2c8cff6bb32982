import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { ByteSource } from '../core/byte-source.ts';
import type { Envelope } from '../core/message.ts';
import type { Log } from '../service/log.ts';
import type { Refusal } from '../service/service.ts';
import type { TransportOptions } from '../service/transport-options.ts';
import { forwardedAttributes, receivedFrom } from './forwarded-client.ts';
import { type BytesInHand, IncomingBody } from './incoming-body.ts';
import { LineEndingCheck } from './line-ending-check.ts';
import type { SmtpGatewayDeps, SmtpGatewaySettings } from './smtp-gateway.ts';
import { noRoomReply, SmtpReply } from './smtp-reply.ts';
import { MAX_HEADER_BYTES, readTraceHeaders } from './trace-headers.ts';

/** A mail that people pass on to each other may come by some times; ids of other gateways count too. */
const MAX_PASSES = 20;

export interface TakeMailContext {
  readonly settings: SmtpGatewaySettings;
  readonly deps: SmtpGatewayDeps;
  readonly inHand: BytesInHand;
}

/** Reads one message to its end and stores it; answers its id once it is durable, else throws the reply that refuses it. */
export async function takeMail(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  { settings, deps, inHand }: TakeMailContext,
): Promise<string> {
  // The library empties the session's envelope as soon as the reply is out.
  const { envelope, transport } = readEnvelope(session);
  const body = new IncomingBody(deps.openSpool, inHand);
  try {
    const content = await readContent(stream, body, settings, inHand);
    const keep = async () => {
      if ((await deps.hasRoom?.(content.size)) === false) throw noRoomReply();
      await refuseLoops(await content.read(0, MAX_HEADER_BYTES), content.size, envelope, settings, deps);
      return store(content, envelope, transport, deps);
    };
    return await withinTime(keep(), settings.limits.replyMs, deps.log);
  } catch (error) {
    if (isStorageFull(error)) throw noRoomReply();
    throw error;
  } finally {
    await body.close();
  }
}

async function readContent(
  stream: SMTPServerDataStream,
  body: IncomingBody,
  { limits }: SmtpGatewaySettings,
  inHand: BytesInHand,
): Promise<ByteSource> {
  const lines = new LineEndingCheck();
  let isFull = false;
  let failure: unknown = null;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    // What is refused is still read to its end: only then does the client listen.
    if (stream.sizeExceeded || isFull || failure !== null) continue;
    lines.push(chunk);
    try {
      await body.append(chunk);
    } catch (error) {
      failure = error;
    }
    isFull = inHand.bytes > limits.bytesInHand;
  }
  if (failure !== null) throw failure;
  if (stream.sizeExceeded) throw new SmtpReply(552, `5.3.4 message is larger than ${limits.messageBytes} bytes`);
  if (isFull) throw new SmtpReply(452, '4.3.1 too much mail in hand, try again later');
  if (lines.isBroken) throw new SmtpReply(550, '5.5.2 bare LF or CR in the message, lines must end in CRLF');
  return body.finish();
}

/** RFC 5321 section 6.3: too many hops, or a message of ours that comes back as we sent it. */
async function refuseLoops(
  head: Uint8Array,
  size: number,
  envelope: Envelope,
  settings: SmtpGatewaySettings,
  deps: SmtpGatewayDeps,
): Promise<void> {
  const trace = readTraceHeaders(head);
  // Behind so long a header nobody would see how often the message was here.
  if (!trace.isWhole && size > head.length) throw new SmtpReply(554, '5.6.0 header is longer than 1 MB');
  if (trace.hops > settings.limits.hops) {
    throw new SmtpReply(554, `5.4.6 too many hops: more than ${settings.limits.hops} Received headers, a mail loop`);
  }
  if (trace.ids.length > MAX_PASSES) {
    throw new SmtpReply(554, `5.4.6 mail loop: passed Holdfast more than ${MAX_PASSES} times`);
  }
  for (const id of trace.ids.slice(0, 5)) {
    const earlier = /^[\w-]{1,64}$/.test(id) ? await deps.find(id) : null;
    // Same sender and no new recipient: a redirect by a person or a list changes one of them.
    const isBack =
      earlier !== null &&
      earlier.envelope.from === envelope.from &&
      envelope.to.every((recipient) => earlier.envelope.to.includes(recipient));
    if (isBack) throw new SmtpReply(554, '5.4.6 mail loop: this message has passed here already');
  }
}

async function store(
  source: ByteSource,
  envelope: Envelope,
  transport: TransportOptions,
  deps: SmtpGatewayDeps,
): Promise<string> {
  const outcome = await deps.receive({ content: source.memory ?? source, envelope, transport });
  if (outcome.ok) return outcome.value.id;
  throw replyFor(outcome.refusal);
}

/** What comes of a message within the time that clients wait; later it no longer counts, and may have been stored all the same. */
async function withinTime(kept: Promise<string>, ms: number, log: Log): Promise<string> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    kept.then(
      (id) => log.warn({ id }, 'stored after its client was told to try again'),
      () => {},
    );
    late.reject(new SmtpReply(451, '4.3.0 not stored in time, try again later'));
  }, ms);
  try {
    return await Promise.race([kept, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function replyFor(refusal: Refusal): SmtpReply {
  return refusal.kind === 'invalid'
    ? new SmtpReply(554, '5.6.0 message refused')
    : new SmtpReply(451, '4.3.0 cannot judge mail now, try again later');
}

/** PostgreSQL's `disk_full`, and the file system's own word for it. */
function isStorageFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === '53100' || code === 'ENOSPC';
}

function readEnvelope(session: SMTPServerSession): { envelope: Envelope; transport: TransportOptions } {
  const { mailFrom, rcptTo, bodyType, smtpUtf8, dsn } = session.envelope;
  const forwarded = forwardedAttributes(session);
  return {
    envelope: { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map((one) => one.address) },
    transport: {
      body: bodyType?.toUpperCase() === '8BITMIME' ? '8BITMIME' : null,
      smtpUtf8: smtpUtf8 === true,
      ret: dsn?.ret === 'FULL' || dsn?.ret === 'HDRS' ? dsn.ret : null,
      envid: dsn?.envid ?? null,
      recipients: Object.fromEntries(
        rcptTo
          .filter((one) => one.dsn?.notify !== undefined || one.dsn?.orcpt !== undefined)
          .map((one) => [one.address, { notify: one.dsn?.notify ?? null, orcpt: one.dsn?.orcpt ?? null }]),
      ),
      received: receivedFrom(session),
      ...(forwarded === null ? {} : { forwarded }),
    },
  };
}
