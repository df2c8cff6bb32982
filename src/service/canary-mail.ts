import type { Instant } from '../core/entry.ts';
import { mailDate } from './mail-date.ts';
import type { IncomingMessage } from './ports.ts';

/** A domain that never exists (RFC 2606 section 2): a version that does not know canaries could not reach anybody either. */
const NOBODY = 'canary@holdfast.invalid';

/** A mail about nothing to nobody, from nobody, that the next hop is asked about and never given. */
export function canaryMail(id: string, now: Instant): IncomingMessage {
  const content = [
    `From: <${NOBODY}>`,
    `To: <${NOBODY}>`,
    'Subject: Canary',
    `Date: ${mailDate(now)}`,
    `Message-ID: <${id}@holdfast.invalid>`,
    'Auto-Submitted: auto-generated',
    '',
    'Canary.',
    '',
  ].join('\r\n');
  return {
    id,
    kind: 'email',
    receivedAt: now,
    publishAt: null,
    envelope: { from: '', to: [NOBODY] },
    messageId: `<${id}@holdfast.invalid>`,
    content: Buffer.from(content),
    transport: { isCanary: true },
  };
}
