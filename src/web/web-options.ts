import type { AccountDesk } from '../service/account-desk.ts';
import type { CheckPoints } from '../service/check-points.ts';
import type { IdempotencyRecord } from '../service/idempotency-record.ts';
import type { NoticeDesk } from '../service/notices/notice-desk.ts';
import type { RegisterKeeping } from '../service/register-keeping.ts';
import type { Accounts, Service } from '../service/service.ts';
import type { WebhookDesk } from '../service/webhook-desk.ts';
import type { IdentityProvider } from './identity-provider.ts';

/** What the web needs of a logger; pino fits. Messages are static, fields are ids: never content, never a query string. */
export interface WebLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** A request that was answered, without its query. */
export interface RequestSeen {
  readonly method: string;
  /** Pattern of the route, as `/v1/messages/:id`; null where none took it. */
  readonly route: string | null;
  readonly status: number;
  readonly seconds: number;
}

export interface WebLimits {
  /** Requests a second of one token or session; a burst may be as large. */
  readonly requestsPerSecond: number;
  /** Bytes of one message or draft, attachments decoded. */
  readonly messageBytes: number;
  /** Bytes of all request bodies in memory at once; beyond it a request is asked to come again. */
  readonly bodyBytesInFlight: number;
  /** Wrong passwords for one name from one address before its sign-in pauses. */
  readonly signInFailures: number;
  /** How long that pause is, in ms. */
  readonly signInPauseMs: number;
}

export const DEFAULT_LIMITS: WebLimits = {
  requestsPerSecond: 200,
  messageBytes: 150 * 1024 * 1024,
  bodyBytesInFlight: 640 * 1024 * 1024,
  signInFailures: 10,
  signInPauseMs: 5 * 60_000,
};

export interface WebOptions {
  readonly service: Service;
  readonly accounts: Accounts;
  readonly people: AccountDesk;
  readonly keeping: RegisterKeeping;
  /** Absent: people sign in with a password alone. */
  readonly provider?: IdentityProvider | null;
  /** Absent: drafts are checked on our own pages and by the API alone. */
  readonly checkPoints?: CheckPoints;
  /** Absent: nobody is told anything by mail. */
  readonly notices?: NoticeDesk;
  /** Absent: nobody is told of decisions. */
  readonly webhooks?: WebhookDesk;
  /** Absent: an `Idempotency-Key` changes nothing. */
  readonly idempotency?: IdempotencyRecord;
  readonly log: WebLog;
  /** Where people reach the pages, as `https://holdfast.example`; null: whatever the `Host` header says. */
  readonly publicOrigin?: string | null;
  /** Prometheus text; absent: `/metrics` is 404. */
  readonly metrics?: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Lines for operators that keep no mail out; `/readyz` shows them. */
  readonly warnings?: () => readonly string[];
  /** Told of each request once it is answered. */
  readonly onRequest?: ((seen: RequestSeen) => void) | undefined;
  readonly limits?: Partial<WebLimits>;
  /** Milliseconds that only run forward, for limits; the judging clock may be fixed for a trial. */
  readonly monotonic?: () => number;
}

/** The options with every default filled in. */
export interface WebContext {
  readonly service: Service;
  readonly accounts: Accounts;
  readonly people: AccountDesk;
  readonly keeping: RegisterKeeping;
  readonly provider: IdentityProvider | null;
  readonly checkPoints: CheckPoints;
  readonly notices: NoticeDesk;
  readonly webhooks: WebhookDesk;
  readonly idempotency: IdempotencyRecord | null;
  readonly log: WebLog;
  readonly publicOrigin: string | null;
  readonly metrics: WebOptions['metrics'];
  readonly warnings: WebOptions['warnings'];
  readonly onRequest: (seen: RequestSeen) => void;
  readonly limits: WebLimits;
  readonly monotonic: () => number;
}

export function fillDefaults(options: WebOptions): WebContext {
  return {
    service: options.service,
    accounts: options.accounts,
    people: options.people,
    keeping: options.keeping,
    provider: options.provider ?? null,
    checkPoints: options.checkPoints ?? NO_CHECK_POINTS,
    notices: options.notices ?? NO_NOTICES,
    webhooks: options.webhooks ?? NO_WEBHOOKS,
    idempotency: options.idempotency ?? null,
    log: options.log,
    publicOrigin: options.publicOrigin ?? null,
    metrics: options.metrics,
    warnings: options.warnings,
    onRequest: options.onRequest ?? (() => {}),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    monotonic: options.monotonic ?? (() => performance.now()),
  };
}

const NONE = { ok: false, refusal: { kind: 'not-found', message: 'this Holdfast has no check points' } } as const;

/** Lets nothing in. */
export const NO_CHECK_POINTS: CheckPoints = {
  list: async () => NONE,
  create: async () => NONE,
  revoke: async () => NONE,
  hasOrigin: async () => false,
  openEmbed: async () => null,
  openChat: async () => ({ ok: false, kind: 'unauthenticated', message: 'this Holdfast has no check points' }),
};

/** Keeps no wish: there is nothing to wish for. */
export const NO_NOTICES: NoticeDesk = {
  isOn: false,
  wishesOf: async () => ({ ok: true, value: { reviewing: 'soon', own: true } }),
  wish: async (wishes) => ({ ok: true, value: wishes }),
};

const NO_WEBHOOK = { ok: false, refusal: { kind: 'not-found', message: 'this Holdfast has no webhooks' } } as const;

/** Tells nobody. */
export const NO_WEBHOOKS: WebhookDesk = {
  list: async () => NO_WEBHOOK,
  create: async () => NO_WEBHOOK,
  remove: async () => NO_WEBHOOK,
  test: async () => NO_WEBHOOK,
};
