import { createHmac } from 'node:crypto';

/**
 * The headers that prove who tells (Standard Webhooks 1.0): HMAC-SHA256 over id, time stamp and body.
 *
 * @param sentAt seconds since the epoch; a receiver refuses what is older than five minutes, so that nothing can be played again.
 */
export function signWebhook(
  { id, sentAt, body }: { readonly id: string; readonly sentAt: number; readonly body: string },
  secret: Uint8Array,
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const signature = createHmac('sha256', secret).update(`${id}.${sentAt}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(sentAt), 'webhook-signature': `v1,${signature}` };
}
