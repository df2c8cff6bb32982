import type { Instant } from '../core/entry.ts';

export interface FailedRecipient {
  readonly recipient: string;
  readonly reply: string;
  /** ORCPT as it came, in xtext. */
  readonly originalRecipient: string | null;
}

export interface NoticeInput {
  /** Id of the notice itself, for its Message-ID. */
  readonly id: string;
  readonly host: string;
  readonly now: Instant;
  readonly sender: string;
  readonly message: { readonly id: string; readonly messageId: string | null; readonly receivedAt: Instant };
  readonly envid: string | null;
  readonly nextHop: string;
  readonly failed: readonly FailedRecipient[];
}

const CRLF = '\r\n';

/**
 * A delivery status notification (RFC 3464) that tells the sender who did not get a message and why.
 *
 * It names the message by its ids and carries nothing of its content or subject, so that it discloses nothing on its way.
 */
export function deliveryNotice(input: NoticeInput): Uint8Array {
  const boundary = `=_${input.id}`;
  const isAscii = [input.sender, ...input.failed.map((one) => one.recipient)].every((one) => !/[^\0-\x7f]/.test(one));
  const parts = [
    part('text/plain; charset=utf-8', explanation(input)),
    part(isAscii ? 'message/delivery-status' : 'message/global-delivery-status', status(input, isAscii)),
    part('text/rfc822-headers', originalHeaders(input)),
  ];
  const lines = [
    `From: Mail Delivery System <MAILER-DAEMON@${input.host}>`,
    `To: <${clean(input.sender)}>`,
    'Subject: Undelivered Mail Returned to Sender',
    `Date: ${mailDate(input.now)}`,
    `Message-ID: <${input.id}@${input.host}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    'Content-Transfer-Encoding: 8bit',
    '',
    'This is a MIME message.',
    ...parts.flatMap((one) => [`--${boundary}`, one]),
    `--${boundary}--`,
    '',
  ];
  return Buffer.from(lines.join(CRLF), 'utf8');
}

/** RFC 5322 date in UTC. */
export function mailDate(at: Instant): string {
  return new Date(at).toUTCString().replace(/GMT$/, '+0000');
}

function explanation({ message, failed, host }: NoticeInput): string {
  return [
    `This is the mail system at ${host}.`,
    '',
    'Your message could not be delivered to:',
    '',
    ...failed.map((one) => `<${clean(one.recipient)}>: ${clean(one.reply)}`),
    '',
    `Message-ID: ${clean(message.messageId ?? 'none')}`,
    `Holdfast id: ${message.id}`,
  ].join(CRLF);
}

function status({ host, envid, message, failed, nextHop }: NoticeInput, isAscii: boolean): string {
  const type = isAscii ? 'rfc822' : 'utf-8';
  const perMessage = [
    `Reporting-MTA: dns; ${host}`,
    ...(envid === null ? [] : [`Original-Envelope-Id: ${clean(envid)}`]),
    `Arrival-Date: ${mailDate(message.receivedAt)}`,
  ];
  const perRecipient = failed.map((one) =>
    [
      ...(one.originalRecipient === null ? [] : [`Original-Recipient: ${clean(one.originalRecipient)}`]),
      `Final-Recipient: ${type}; ${clean(one.recipient)}`,
      'Action: failed',
      `Status: ${statusOf(one.reply)}`,
      `Remote-MTA: dns; ${nextHop}`,
      `Diagnostic-Code: smtp; ${clean(one.reply)}`,
    ].join(CRLF),
  );
  return [perMessage.join(CRLF), ...perRecipient].join(CRLF + CRLF);
}

function originalHeaders({ message, sender }: NoticeInput): string {
  return [
    ...(message.messageId === null ? [] : [`Message-ID: ${clean(message.messageId)}`]),
    `X-Holdfast-Id: ${message.id}`,
    `Return-Path: <${clean(sender)}>`,
  ].join(CRLF);
}

function part(type: string, body: string): string {
  return `Content-Type: ${type}${CRLF}Content-Transfer-Encoding: 8bit${CRLF}${CRLF}${body}${CRLF}`;
}

/** The enhanced status code of a reply, else the general one of its class; always a permanent one, as the failure is. */
function statusOf(reply: string): string {
  const detail = /^\d{3}[ -][245]\.(\d{1,3}\.\d{1,3})\b/.exec(reply);
  return `5.${detail?.[1] ?? '0.0'}`;
}

// What servers and senders wrote goes into header-like lines: nothing in it may start another.
function clean(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 900);
}
