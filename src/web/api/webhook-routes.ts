import type { WebhookDesk } from '../../service/webhook-desk.ts';
import type { Webhook } from '../../service/webhook-record.ts';
import { given } from '../given.ts';
import { doneAnswer, type webhookAnswer, webhookListAnswer, webhookMadeAnswer } from './answer-schemas.ts';
import { type ApiRoute, apiRoute, reply } from './api-route.ts';
import { noQuery, pageQuery, webhookBody } from './request-schemas.ts';

/** Who is told of decisions. */
export function webhookRoutes(webhooks: WebhookDesk): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'get',
      path: '/v1/webhooks',
      tag: 'Webhooks',
      summary: 'List webhooks, newest first',
      roles: ['admin'],
      query: pageQuery,
      body: null,
      answer: webhookListAnswer,
      handle: async ({ query, caller }) =>
        reply(await webhooks.list(given(query), caller), ({ items, next }) => ({ items: items.map(present), next })),
    }),
    apiRoute({
      method: 'post',
      path: '/v1/webhooks',
      tag: 'Webhooks',
      summary: 'Register a webhook',
      description:
        'Events are posted as JSON `{id, type, timestamp, data}` with ids, states and verdicts, never content or addresses, and signed as Standard Webhooks 1.0 has it: `webhook-signature` is `v1,` and the base64 HMAC-SHA256, under the secret, of `webhook-id.webhook-timestamp.body`. Whatever is not 2xx is tried again for three days. The secret is shown once.',
      roles: ['admin'],
      query: noQuery,
      body: { type: 'application/json', schema: webhookBody },
      answer: webhookMadeAnswer,
      handle: async ({ body, caller }) =>
        reply(await webhooks.create(body, caller), ({ webhook, secret }) => ({ ...present(webhook), secret })),
    }),
    apiRoute({
      method: 'delete',
      path: '/v1/webhooks/:id',
      tag: 'Webhooks',
      summary: 'Remove a webhook',
      description: 'What it was still to be told goes with it.',
      roles: ['admin'],
      query: noQuery,
      body: null,
      answer: doneAnswer,
      handle: async ({ id, caller }) => reply(await webhooks.remove(id, caller), () => ({ id })),
    }),
    apiRoute({
      method: 'post',
      path: '/v1/webhooks/:id/test',
      tag: 'Webhooks',
      summary: 'Send a test event',
      roles: ['admin'],
      query: noQuery,
      body: null,
      answer: doneAnswer,
      handle: async ({ id, caller }) => reply(await webhooks.test(id, caller), () => ({ id })),
    }),
  ];
}

const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString());

function present(webhook: Webhook): (typeof webhookAnswer)['_output'] {
  const { id, url, events, waiting, lastFailure } = webhook;
  return {
    id,
    url,
    events: [...events],
    createdAt: new Date(webhook.createdAt).toISOString(),
    endedAt: instant(webhook.endedAt),
    lastSuccessAt: instant(webhook.lastSuccessAt),
    lastFailureAt: instant(webhook.lastFailureAt),
    lastFailure,
    waiting,
  };
}
