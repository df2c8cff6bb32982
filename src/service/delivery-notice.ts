import type { Instant } from '../core/entry.ts';
import { mailDate } from './mail-date.ts';

export interface NoticeRecipient {
  readonly recipient: string;
  /** `relayed`: to a server that sends no notices itself (RFC 3461 section 5.2.2). */
  readonly action: 'failed' | 'delayed' | 'relayed';
  readonly reply: string;
  /** Host that replied; null where none was reached. */
  readonly server: string | null;
  /** Tried for as long as mail is. */
  readonly isExpired: boolean;
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
  /** In xtext. */
  readonly envid: string | null;
  readonly recipients: readonly NoticeRecipient[];
  /** Until when what is delayed is tried. */
  readonly retryUntil: Instant;
  /** Header lines of the original that go with the notice; never its body. */
  readonly headers: Uint8Array;
}

type Action = NoticeRecipient['action'];

const CRLF = '\r\n';
const SUBJECTS: Readonly<Record<Action, string>> = {
  failed: 'Undelivered Mail Returned to Sender',
  delayed: 'Delayed Mail (still being retried)',
  relayed: 'Mail Passed On (delivery not confirmed)',
};
const ACTIONS: readonly Action[] = ['failed', 'delayed', 'relayed'];

/** A delivery status notification (RFC 3464) that tells the sender who did not get a message, or not yet, and why. */
export function deliveryNotice(input: NoticeInput): Uint8Array {
  const boundary = `=_${input.id}`;
  const isAscii = [input.sender, ...input.recipients.map((one) => one.recipient)].every(isPlain);
  const subject = ACTIONS.find((action) => input.recipients.some((one) => one.action === action)) ?? 'failed';
  const lines = [
    `From: Mail Delivery System <MAILER-DAEMON@${input.host}>`,
    `To: <${clean(input.sender)}>`,
    `Subject: ${SUBJECTS[subject]}`,
    `Date: ${mailDate(input.now)}`,
    `Message-ID: <${input.id}@${input.host}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    'Content-Transfer-Encoding: 8bit',
    '',
    'This is a MIME message.',
    ...part(boundary, 'text/plain; charset=utf-8', explanation(input)),
    ...part(
      boundary,
      isAscii ? 'message/delivery-status' : 'message/global-delivery-status',
      status(input, isAscii ? 'rfc822' : 'utf-8'),
    ),
    ...part(boundary, isPlain(latin1(input.headers)) ? 'text/rfc822-headers' : 'message/global-headers', ''),
  ];
  return Buffer.concat([
    Buffer.from(lines.join(CRLF), 'utf8'),
    input.headers,
    Buffer.from([`--${boundary}--`, ''].join(CRLF), 'utf8'),
  ]);
}

const EXPLANATIONS: Readonly<Record<Action, (input: NoticeInput) => readonly string[]>> = {
  failed: () => ['Your message could not be delivered to:'],
  delayed: ({ retryUntil }) => [
    'Your message has not been delivered yet to the recipients below. You need not send it again:',
    `it will be tried until ${mailDate(retryUntil)}.`,
  ],
  relayed: () => ['Your message was passed on for the recipients below, to a system that sends no report of delivery.'],
};

function explanation(input: NoticeInput): string {
  const { message, recipients, host } = input;
  const groups = ACTIONS.flatMap((action) => {
    const those = recipients.filter((one) => one.action === action);
    if (those.length === 0) return [];
    const why = ({ recipient, reply, isExpired }: NoticeRecipient) =>
      `<${clean(recipient)}>: ${isExpired ? 'tried for as long as mail is, last answer: ' : ''}${clean(reply)}`;
    return [...EXPLANATIONS[action](input), '', ...those.map(why), ''];
  });
  return [
    `This is the mail system at ${host}.`,
    '',
    ...groups,
    `Message-ID: ${clean(message.messageId ?? 'none')}`,
    `Holdfast id: ${message.id}`,
    '',
  ].join(CRLF);
}

function status({ host, envid, message, recipients, now, retryUntil }: NoticeInput, type: 'rfc822' | 'utf-8'): string {
  const perMessage = [
    `Reporting-MTA: dns; ${host}`,
    ...(envid === null ? [] : [`Original-Envelope-Id: ${fromXtext(envid)}`]),
    `Arrival-Date: ${mailDate(message.receivedAt)}`,
  ];
  const perRecipient = recipients.map((one) =>
    [
      ...(one.originalRecipient === null ? [] : [`Original-Recipient: ${fromXtext(one.originalRecipient)}`]),
      `Final-Recipient: ${type}; ${clean(one.recipient)}`,
      `Action: ${one.action}`,
      `Status: ${statusOf(one)}`,
      ...(one.server === null ? [] : [`Remote-MTA: dns; ${clean(one.server)}`]),
      `Diagnostic-Code: ${one.server === null ? 'x-holdfast' : 'smtp'}; ${clean(one.reply)}`,
      `Last-Attempt-Date: ${mailDate(now)}`,
      ...(one.action === 'delayed' ? [`Will-Retry-Until: ${mailDate(retryUntil)}`] : []),
    ].join(CRLF),
  );
  return [perMessage.join(CRLF), ...perRecipient, ''].join(CRLF + CRLF);
}

function part(boundary: string, type: string, body: string): readonly string[] {
  return [`--${boundary}`, `Content-Type: ${type}`, 'Content-Transfer-Encoding: 8bit', '', body];
}

const CLASS: Readonly<Record<Action, number>> = { failed: 5, delayed: 4, relayed: 2 };

/** The enhanced status code of a reply, else the general one; its class is that of the action (RFC 3463). */
function statusOf({ action, reply, isExpired }: NoticeRecipient): string {
  if (isExpired) return `${CLASS[action]}.4.7`;
  const detail = /^\d{3}[ -][245]\.(\d{1,3}\.\d{1,3})\b/.exec(reply);
  return `${CLASS[action]}.${detail?.[1] ?? '0.0'}`;
}

/** RFC 3461 section 6.3 wants values decoded; one that would decode to more than printable ASCII stays as it came. */
function fromXtext(value: string): string {
  const decoded = value.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return clean(/^[\x20-\x7e]*$/.test(decoded) ? decoded : value);
}

function isPlain(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

// What servers and senders wrote goes into header-like lines: nothing in it may start another.
function clean(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 900);
}
