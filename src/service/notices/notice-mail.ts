import type { Instant } from '../../core/entry.ts';
import { mailDate } from '../mail-date.ts';
import type { IncomingMessage } from '../ports.ts';

/** Says that a mail is ours, and which: for rules of mail programs, and for whoever looks for a loop. */
export const NOTICE_HEADER = 'X-Holdfast-Notice';

export interface NoticeMail {
  readonly id: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly host: string;
  readonly now: Instant;
}

/**
 * A notice as a mail to be judged and delivered like any other.
 *
 * Its envelope has the null sender and it says that a machine wrote it (RFC 3834), so that nothing answers it, a failure to
 * deliver it tells nobody, and Holdfast never writes a notice about it. It answers no mail by its headers: an answer to a mail
 * about statistics under embargo is looked at for its recipients.
 */
export function noticeMail({ id, name, from, to, subject, text, host, now }: NoticeMail): IncomingMessage {
  const messageId = `<${id}@${host}>`;
  const head = [
    `From: Holdfast <${clean(from)}>`,
    `To: <${clean(to)}>`,
    `Subject: ${encodeSubject(subject)}`,
    `Date: ${mailDate(now)}`,
    `Message-ID: ${messageId}`,
    'Auto-Submitted: auto-generated',
    'X-Auto-Response-Suppress: All',
    `${NOTICE_HEADER}: ${name}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
  ];
  const body = Buffer.from(`${text.replaceAll('\n', '\r\n')}\r\n`, 'utf8').toString('base64');
  return {
    id,
    kind: 'email',
    receivedAt: now,
    publishAt: null,
    envelope: { from: '', to: [to] },
    messageId,
    content: Buffer.from(`${head.join('\r\n')}\r\n\r\n${body.replaceAll(/.{76}/g, '$&\r\n')}\r\n`, 'utf8'),
    transport: {},
  };
}

/** RFC 2047 where the subject is not plain ASCII. */
function encodeSubject(subject: string): string {
  const plain = clean(subject);
  if (/^[\x20-\x7e]*$/.test(plain)) return plain;
  const words = plain.match(/[\s\S]{1,12}/gu) ?? [];
  return words.map((word) => `=?utf-8?B?${Buffer.from(word, 'utf8').toString('base64')}?=`).join('\r\n ');
}

function clean(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 900);
}
