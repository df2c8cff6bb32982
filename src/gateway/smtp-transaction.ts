import { asSource, type Content } from '../core/byte-source.ts';
import type { OutgoingMail, RecipientOutcome } from '../service/next-hop.ts';
import { toDataBlock } from './dot-stuffing.ts';
import { isSafeAddress } from './envelope-command.ts';
import { xforwardCommands } from './forward-client.ts';
import type { ClientTimeouts, SmtpClient } from './smtp-client.ts';
import type { ServerReply } from './smtp-reply-reader.ts';

/** Thrown when the connection broke; `wasSent` tells whether the server may have the message all the same. */
export class TransactionBroken extends Error {
  readonly wasSent: boolean;
  constructor(wasSent: boolean, cause: unknown) {
    super('transaction broken', { cause });
    this.name = 'TransactionBroken';
    this.wasSent = wasSent;
  }
}

const outcomeOf = (recipient: string, { code, text }: ServerReply): RecipientOutcome => ({
  recipient,
  outcome: code >= 200 && code < 300 ? 'delivered' : code >= 500 ? 'failed' : 'deferred',
  reply: `${code} ${text}`,
});

const all = (recipients: readonly string[], outcome: RecipientOutcome['outcome'], reply: string) =>
  recipients.map((recipient) => ({ recipient, outcome, reply }));

/** One MAIL transaction; answers an outcome for each recipient, or throws `TransactionBroken`. */
export async function transact(
  client: SmtpClient,
  mail: OutgoingMail,
  timeouts: ClientTimeouts,
): Promise<readonly RecipientOutcome[]> {
  if (mail.isProbe) return probe(client, mail, timeouts);
  const unsafe = mail.to.filter((recipient) => recipient === '' || !isSafeAddress(recipient));
  if (unsafe.length > 0 || !isSafeAddress(mail.from)) {
    const bad = isSafeAddress(mail.from) ? unsafe : mail.to;
    const rest = mail.to.filter((recipient) => !bad.includes(recipient));
    const refused = all(bad, 'failed', '553 5.1.3 address cannot be sent');
    return rest.length === 0 ? refused : [...refused, ...(await transact(client, { ...mail, to: rest }, timeouts))];
  }
  const bytes = mail.content.reduce((sum, piece) => sum + asSource(piece).size, 0);
  const parameters = await mailParameters(client, mail, bytes);
  if (!parameters.ok) return all(mail.to, 'failed', parameters.reply);
  let wasSent = false;
  try {
    // What it answers is of no matter: the attributes are for its log.
    for (const line of xforwardCommands(mail.transport.forwarded, client.extensions.get('XFORWARD'))) {
      await client.command(line, timeouts.command);
    }
    const { mailReply, rcptReplies, dataReply } = await sendEnvelope(client, mail, parameters.value, timeouts);
    const accepted = isPositive(mailReply) ? mail.to.filter((_, index) => isPositive(rcptReplies[index])) : [];
    let final = dataReply;
    if (dataReply?.code === 354) {
      wasSent = accepted.length > 0;
      // Content that cannot be read to its end breaks the connection, so that no server takes half a message for a whole one.
      for await (const pieces of toDataBlock(accepted.length > 0 ? mail.content : [])) {
        // A server that accepts a message it does not have yet would be believed, and the message lost.
        if (client.saysYesTooSoon) throw new Error('the server accepted the message before it was sent');
        if (mail.mayGo?.() === false) throw new Error('the message has been claimed anew meanwhile');
        await client.writeAll(pieces);
      }
      final = await client.reply(timeouts.data);
      client.transactions += 1;
    } else {
      // Nothing was sent: leave the connection in a clean state for the next message.
      await client.command('RSET', timeouts.command);
    }
    return mail.to.map((recipient, index) => {
      const reply = rcptReplies[index];
      const decisive = !isPositive(mailReply) ? mailReply : isPositive(reply) ? final : reply;
      const outcome = outcomeOf(recipient, decisive ?? { code: 451, text: '4.4.2 no reply', lines: [] });
      return client.extensions.has('DSN') ? { ...outcome, takesDsn: true } : outcome;
    });
  } catch (error) {
    throw new TransactionBroken(wasSent, error);
  }
}

/** Begins a transaction as for a notice, and takes it back. */
async function probe(
  client: SmtpClient,
  { to }: OutgoingMail,
  timeouts: ClientTimeouts,
): Promise<readonly RecipientOutcome[]> {
  try {
    const answer = await client.command('MAIL FROM:<>', timeouts.command);
    await client.command('RSET', timeouts.command);
    return to.map((recipient) => outcomeOf(recipient, answer));
  } catch (error) {
    throw new TransactionBroken(false, error);
  }
}

const isPositive = (reply: ServerReply | undefined) => reply !== undefined && reply.code >= 200 && reply.code < 300;

interface EnvelopeReplies {
  readonly mailReply: ServerReply;
  readonly rcptReplies: readonly ServerReply[];
  /** Null where DATA was not said. */
  readonly dataReply: ServerReply | null;
}

async function sendEnvelope(
  client: SmtpClient,
  mail: OutgoingMail,
  parameters: string,
  timeouts: ClientTimeouts,
): Promise<EnvelopeReplies> {
  const start = `MAIL FROM:<${mail.from}>${parameters}`;
  const recipients = mail.to.map((recipient) => `RCPT TO:<${recipient}>${rcptParameters(client, mail, recipient)}`);
  const rcptReplies: ServerReply[] = [];
  if (client.extensions.has('PIPELINING')) {
    client.write(`${[start, ...recipients, 'DATA'].join('\r\n')}\r\n`);
    const mailReply = await client.reply(timeouts.command);
    for (const _ of recipients) rcptReplies.push(await client.reply(timeouts.command));
    return { mailReply, rcptReplies, dataReply: await client.reply(timeouts.command) };
  }
  const mailReply = await client.command(start, timeouts.command);
  if (!isPositive(mailReply)) return { mailReply, rcptReplies, dataReply: null };
  for (const line of recipients) rcptReplies.push(await client.command(line, timeouts.command));
  if (!rcptReplies.some(isPositive)) return { mailReply, rcptReplies, dataReply: null };
  return { mailReply, rcptReplies, dataReply: await client.command('DATA', timeouts.command) };
}

type Parameters = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly reply: string };

const isAscii = (text: string) => !/[^\0-\x7f]/.test(text);

async function mailParameters(
  client: SmtpClient,
  { from, to, transport, content }: OutgoingMail,
  bytes: number,
): Promise<Parameters> {
  const parameters: string[] = [];
  const limit = Number(client.extensions.get('SIZE') ?? 0);
  if (limit > 0 && bytes > limit)
    return { ok: false, reply: `552 5.3.4 message is larger than the ${limit} bytes allowed` };
  if (client.extensions.has('SIZE')) parameters.push(`SIZE=${bytes}`);
  if (transport.body === '8BITMIME' && client.extensions.has('8BITMIME')) parameters.push('BODY=8BITMIME');
  if (transport.smtpUtf8 || ![from, ...to].every(isAscii)) {
    if (client.extensions.has('SMTPUTF8')) parameters.push('SMTPUTF8');
    // RFC 6531 section 3.6: without the extension only mail that turns out not to need it may go.
    else if (![from, ...to].every(isAscii) || !(await hasAsciiHeader(content))) {
      return { ok: false, reply: '550 5.6.7 next hop does not offer SMTPUTF8' };
    }
  }
  if (client.extensions.has('DSN')) {
    if (transport.ret !== null) parameters.push(`RET=${transport.ret}`);
    if (isXtext(transport.envid)) parameters.push(`ENVID=${transport.envid}`);
  }
  return { ok: true, value: parameters.map((one) => ` ${one}`).join('') };
}

function rcptParameters(client: SmtpClient, { transport }: OutgoingMail, recipient: string): string {
  const wish = Object.hasOwn(transport.recipients, recipient) ? transport.recipients[recipient] : undefined;
  if (wish === undefined || !client.extensions.has('DSN')) return '';
  const notify = wish.notify?.every((one) => /^[A-Z]+$/.test(one)) ? ` NOTIFY=${wish.notify.join(',')}` : '';
  return isXtext(wish.orcpt) ? `${notify} ORCPT=${wish.orcpt}` : notify;
}

/** A parameter value as it came, which the gateway has kept in xtext: printable, no space (RFC 3461 section 4). */
function isXtext(value: string | null): value is string {
  return value !== null && /^[\x21-\x7e]{1,500}$/.test(value);
}

/** A header longer than this is taken for one that needs the extension. */
const HEADER_LIMIT = 1 << 20;

async function hasAsciiHeader(content: readonly Content[]): Promise<boolean> {
  const head = Buffer.concat(await Promise.all(content.map((piece) => asSource(piece).read(0, HEADER_LIMIT))));
  const end = head.indexOf('\r\n\r\n');
  if (end < 0 && head.length > HEADER_LIMIT) return false;
  return head.subarray(0, end < 0 ? head.length : end).every((byte) => byte < 0x80);
}
