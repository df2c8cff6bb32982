import { Temporal } from 'temporal-polyfill';
import type { RecalledMail } from './recall-record.ts';

const ZONE = 'Europe/London';

/** A draft of what the sender tells those who got the mail: which mail, what to do, whom to answer. It says nothing of the content. */
export function recallNotice(
  { sender, sentAt }: Pick<RecalledMail, 'sender' | 'sentAt'>,
  owner: string | null,
): { readonly subject: string; readonly text: string } {
  const at = Temporal.Instant.fromEpochMilliseconds(sentAt).toZonedDateTimeISO(ZONE);
  const when = at.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  const answer = owner === null || owner.includes('*') ? sender : owner;
  const text = [
    `On ${when} we sent you a message from ${sender} with an attachment that was not meant for you.`,
    '',
    'Please do not open, copy, use or forward it. Delete the message, the attachment and every copy, also from deleted items, backups that you control, and other devices.',
    '',
    `Then answer to ${answer} that this is done, and name anybody you passed it on to.`,
    '',
    'We are sorry for the trouble.',
  ].join('\n');
  return { subject: 'Please delete a message that we sent you by mistake', text };
}
