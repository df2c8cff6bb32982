import type { Instant } from '../core/entry.ts';
import { mailDate } from './mail-date.ts';
import type { IncomingMessage } from './ports.ts';

export interface Question {
  /** Id of the question itself. */
  readonly id: string;
  readonly host: string;
  readonly now: Instant;
  readonly sender: string;
  readonly message: { readonly id: string; readonly messageId: string | null; readonly receivedAt: Instant };
  readonly question: string;
  readonly asker: { readonly name: string; readonly address: string | null };
}

/**
 * A reviewer's question to a sender, from the null sender so that nothing answers it by itself.
 *
 * It names the message by its ids, carries nothing of it, and is judged as any other mail before it goes: a question that
 * says too much is held too.
 */
export function questionMail({ id, host, now, sender, message, question, asker }: Question): IncomingMessage {
  const lines = [
    `From: Holdfast <holdfast@${host}>`,
    `To: <${line(sender)}>`,
    ...(asker.address === null ? [] : [`Reply-To: <${line(asker.address)}>`]),
    'Subject: A question about a message of yours that is held',
    `Date: ${mailDate(now)}`,
    `Message-ID: <${id}@${host}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...wrapped(
      [
        `${asker.name} looks at a message of yours that is held, and asks:`,
        '',
        question,
        '',
        asker.address === null
          ? `Please tell ${asker.name}. Nothing is sent before they decide.`
          : 'Please answer this mail. Nothing is sent before they decide.',
        '',
        `Your message came in at ${new Date(message.receivedAt).toISOString()}.`,
        `Message-ID: ${line(message.messageId ?? 'none')}`,
        `Holdfast id: ${message.id}`,
        '',
      ].join('\r\n'),
    ),
    '',
  ];
  return {
    id,
    kind: 'email',
    receivedAt: now,
    publishAt: null,
    envelope: { from: '', to: [sender] },
    messageId: `<${id}@${host}>`,
    content: Buffer.from(lines.join('\r\n'), 'utf8'),
    transport: { body: '8BITMIME' },
  };
}

/** RFC 2045, section 6.8: lines of 76. */
function wrapped(text: string): readonly string[] {
  return (
    Buffer.from(text, 'utf8')
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  );
}

/** What people and servers wrote starts no header of its own. */
function line(text: string): string {
  return text.replace(/[\p{Cc}<>]+/gu, ' ').slice(0, 900);
}
