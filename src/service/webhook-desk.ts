import { refuse } from './authorise.ts';
import type { Caller } from './ports.ts';
import type { Outcome } from './service.ts';
import { WEBHOOK_EVENTS, type Webhook, type WebhookRecord } from './webhook-record.ts';
import { targetFault } from './webhook-target.ts';

/** What administrators do with webhooks. */
export interface WebhookDesk {
  list(
    query: { readonly limit: number; readonly after?: string },
    caller: Caller,
  ): Promise<Outcome<{ readonly items: readonly Webhook[]; readonly next: string | null }>>;
  /** The secret is shown here, once. */
  create(
    input: { readonly url: string; readonly events: readonly string[] },
    caller: Caller,
  ): Promise<Outcome<{ readonly webhook: Webhook; readonly secret: string }>>;
  remove(id: string, caller: Caller): Promise<Outcome<null>>;
  test(id: string, caller: Caller): Promise<Outcome<null>>;
}

export interface WebhookDeskDeps {
  readonly webhooks: WebhookRecord;
  readonly newId: () => string;
  /** 32 random bytes. */
  readonly newSecret: () => Uint8Array;
  /** Whether an address that is not public may be told all the same. */
  readonly isAllowed: (address: string) => boolean;
}

const MAX_PAGE = 200;
const MAX_WEBHOOKS = 100;

/** Prefix of secrets, by which scanners of leaked credentials know them (Standard Webhooks). */
const SECRET_PREFIX = 'whsec_';

export function createWebhookDesk({ webhooks, newId, newSecret, isAllowed }: WebhookDeskDeps): WebhookDesk {
  const notFound = (id: string): Outcome<never> => ({
    ok: false,
    refusal: { kind: 'not-found', message: `there is no webhook ${id.slice(0, 64)}` },
  });
  return {
    async list({ limit, ...query }, caller) {
      const refused = refuse(caller, 'administer-webhooks');
      if (refused !== null) return refused;
      const wanted = Math.max(1, Math.min(limit, MAX_PAGE));
      const found = await webhooks.list({ ...query, limit: wanted + 1 });
      const items = found.slice(0, wanted);
      return { ok: true, value: { items, next: found.length > wanted ? (items.at(-1)?.id ?? null) : null } };
    },
    async create({ url, events }, caller) {
      const refused = refuse(caller, 'administer-webhooks');
      if (refused !== null) return refused;
      const fault = targetFault(url, isAllowed);
      if (fault !== null) return { ok: false, refusal: { kind: 'invalid', message: `url: ${fault}` } };
      const unknown = events.find((event) => !WEBHOOK_EVENTS.some((one) => one === event));
      if (unknown !== undefined) {
        const message = `events: there is no event ${JSON.stringify(unknown)}, known are ${WEBHOOK_EVENTS.join(', ')}`;
        return { ok: false, refusal: { kind: 'invalid', message } };
      }
      if ((await webhooks.list({ limit: MAX_WEBHOOKS })).length >= MAX_WEBHOOKS) {
        const message = `there are ${MAX_WEBHOOKS} webhooks already: remove one first`;
        return { ok: false, refusal: { kind: 'conflict', message } };
      }
      const secret = newSecret();
      const webhook = await webhooks.create({ id: newId(), url, events: [...new Set(events)], secret }, caller);
      const shown = `${SECRET_PREFIX}${Buffer.from(secret).toString('base64')}`;
      return { ok: true, value: { webhook, secret: shown } };
    },
    async remove(id, caller) {
      const refused = refuse(caller, 'administer-webhooks');
      if (refused !== null) return refused;
      return (await webhooks.remove(id, caller)) ? { ok: true, value: null } : notFound(id);
    },
    async test(id, caller) {
      const refused = refuse(caller, 'administer-webhooks');
      if (refused !== null) return refused;
      return (await webhooks.test(id)) ? { ok: true, value: null } : notFound(id);
    },
  };
}
