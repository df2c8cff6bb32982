import { randomBytes } from 'node:crypto';

import type { Config } from '../config.ts';
import { isAllowedClient, parseClientNetworks } from '../gateway/client-networks.ts';
import { createWebhookTeller } from '../gateway/tell-webhook.ts';
import type { Log } from '../service/log.ts';
import { startWebhooks } from '../service/start-webhooks.ts';
import { createWebhookDesk, type WebhookDesk } from '../service/webhook-desk.ts';
import type { Backend } from './backend.ts';
import type { ServerMetrics } from './metrics.ts';

/** The desk of webhooks, and the sender that tells them for as long as it runs. */
export function openWebhooks(
  { webhookNetworks }: Config,
  { store, newId }: Backend,
  count: ServerMetrics['countWebhook'],
  log: Log,
): { readonly desk: WebhookDesk; stop(): Promise<void> } {
  const networks = parseClientNetworks(webhookNetworks ?? '');
  const isAllowed = (address: string) => networks.ok && isAllowedClient(networks.value, address);
  const { webhooks } = store;
  const sender = startWebhooks({
    webhooks,
    tell: createWebhookTeller(isAllowed),
    now: Date.now,
    random: Math.random,
    count,
    log,
  });
  return {
    desk: createWebhookDesk({ webhooks, newId, newSecret: () => randomBytes(32), isAllowed }),
    stop: sender.stop,
  };
}
