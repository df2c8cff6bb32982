import { join, resolve } from 'node:path';
import { z } from 'zod';

import type { Instant } from './core/entry.ts';
import { DEFAULT_LIMITS, type Limits } from './extract/budget.ts';
import { readLimits } from './extract/read-limits.ts';
import { type AccessSettings, accessShape, readAccess } from './service/access-settings.ts';
import { type Endpoint, isNetworkList, parseEndpoint } from './service/endpoint.ts';
import type { KekSource } from './service/kek-source.ts';
import { type MailSettings, mailShape, readMail } from './service/mail-settings.ts';
import { type NoticesConfig, noticesShape, readNotices } from './service/notices/notice-settings.ts';
import { count, optional, text } from './service/setting-shapes.ts';
import { parseInstant } from './text/instant.ts';

export type { Endpoint };

/** The settings of contract section 4, read and checked. */
export interface Config {
  /** Absolute path of the data folder. */
  readonly data: string;
  /** Null: an embedded PostgreSQL in the data folder. */
  readonly databaseUrl: string | null;
  /** Null: the embedded queue. */
  readonly redisUrl: string | null;
  readonly http: Endpoint;
  /** Null: no SMTP gateway. */
  readonly smtp: Endpoint | null;
  /** Paths of PEM files; null: the gateway offers no STARTTLS. */
  readonly smtpTls: { readonly key: string; readonly cert: string } | null;
  /** Null: no milter listener. */
  readonly milter: Endpoint | null;
  /** What the milter does with a mail that would be held. */
  readonly milterHold: 'reject' | 'quarantine' | 'tempfail';
  /** The first next hop; null: cleared mail waits in the store. */
  readonly nextHop: Endpoint | null;
  readonly mail: MailSettings;
  readonly keyFile: string;
  /** What wraps the keys in the key file; null: nothing does. */
  readonly kek: KekSource | null;
  /** Null: made at first start. */
  readonly adminPassword: string | null;
  /** Address of the user `admin`, for pre-release access; null: none. */
  readonly adminEmail: string | null;
  /** Null: made at first start. */
  readonly apiToken: string | null;
  /** Addresses and CIDR blocks, comma-separated, that may use the gateway. */
  readonly smtpClients: string;
  /** Networks beyond the public internet that webhooks may be in; null: none. */
  readonly webhookNetworks: string | null;
  /** Fixes the clock of judgements, for trials alone. */
  readonly fixedNow: Instant | null;
  /** Worker processes that `serve` starts. */
  readonly workers: number;
  /** Null: the rules that ship. */
  readonly rules: string | null;
  /** What one message may cost to open. */
  readonly limits: Limits;
  readonly logLevel: LogLevel;
  /** Days that a held message waits for a decision. */
  readonly keepHeldDays: number;
  /** Days that content is kept after its message's end. */
  readonly keepContentDays: number;
  readonly keepTraceDays: number;
  readonly access: AccessSettings;
  /** Null: no notices by e-mail. */
  readonly notices: NoticesConfig | null;
  /** Days that the content of delivered mail is kept; 0: it goes with the delivery. */
  readonly keepDeliveredDays: number;
  /** Days that the audit log and the record of what left are kept. */
  readonly keepAuditDays: number;
}

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type ConfigReading =
  | { readonly ok: true; readonly value: Config; readonly warnings: readonly string[] }
  /** One line a fault: which setting, what is wrong, what to do. */
  | { readonly ok: false; readonly lines: readonly string[] };

function url(protocols: readonly string[], example: string) {
  return optional.refine(
    (value) => value === null || (URL.canParse(value) && protocols.includes(new URL(value).protocol)),
    `is not such a URL, expected ${example}`,
  );
}

function endpoint(example: string, lowestPort: number) {
  return text.transform((value, context): Endpoint => {
    const parsed = parseEndpoint(value, lowestPort);
    if (parsed !== null) return parsed;
    context.addIssue({ code: 'custom', message: `is not host:port, expected for example ${example}` });
    return z.NEVER;
  });
}

function days(byDefault: number, least = 1) {
  return count(byDefault, least, 3650, 'days');
}

const environmentSchema = z.object({
  ...accessShape,
  ...noticesShape,
  ...mailShape,
  HOLDFAST_DATA: text.default('./data'),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/database'),
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379'),
  HOLDFAST_HTTP: endpoint('127.0.0.1:8080', 0).prefault('127.0.0.1:8080'),
  HOLDFAST_SMTP: z
    .union([z.literal('off').transform(() => null), endpoint('127.0.0.1:2525 or off', 0)], {
      error: 'is not host:port, expected for example 127.0.0.1:2525, or off',
    })
    .prefault('127.0.0.1:2525'),
  HOLDFAST_SMTP_TLS_KEY: optional,
  HOLDFAST_SMTP_TLS_CERT: optional,
  HOLDFAST_MILTER: endpoint('127.0.0.1:2526', 0)
    .optional()
    .transform((value) => value ?? null),
  HOLDFAST_MILTER_HOLD: z
    .enum(['reject', 'quarantine', 'tempfail'], { error: 'is no such action, expected reject, quarantine or tempfail' })
    .default('reject'),
  HOLDFAST_KEY_FILE: optional,
  HOLDFAST_KEK_FILE: optional,
  HOLDFAST_KEK: optional,
  HOLDFAST_KEK_COMMAND: optional,
  HOLDFAST_ADMIN_PASSWORD: optional.refine(
    (value) => value === null || value.length >= 8,
    'is too short, at least 8 characters',
  ),
  HOLDFAST_ADMIN_EMAIL: optional.refine(
    (value) => value === null || /^[^\s@]+@[^\s@]+$/.test(value),
    'is no address, expected for example press.officer@department.example',
  ),
  HOLDFAST_API_TOKEN: optional.refine(
    (value) => value === null || /^[\x21-\x7e]{8,}$/.test(value),
    'is no token, at least 8 visible ASCII characters without spaces',
  ),
  HOLDFAST_WEBHOOK_NETWORKS: optional.refine(
    (value) => value === null || isNetworkList(value),
    'is no list of networks, expected for example 10.0.0.0/8,192.0.2.7',
  ),
  HOLDFAST_SMTP_CLIENTS: text
    .default('127.0.0.0/8,::1/128')
    .refine(isNetworkList, 'is no list of networks, expected for example 10.0.0.0/8,192.0.2.7'),
  HOLDFAST_NOW: optional.transform((value, context): Instant | null => {
    if (value === null) return null;
    const instant = parseInstant(value);
    if (instant !== null) return instant;
    context.addIssue({
      code: 'custom',
      message: 'is not an instant with its offset, expected for example 2016-01-20T09:22:00+00:00',
    });
    return z.NEVER;
  }),
  HOLDFAST_WORKERS: count(1, 0, 64, 'processes'),
  HOLDFAST_RULES: optional,
  HOLDFAST_LIMITS: optional.transform((value, context): Limits => {
    const reading = value === null ? { ok: true as const, value: DEFAULT_LIMITS } : readLimits(value);
    if (reading.ok) return reading.value;
    context.addIssue({ code: 'custom', message: reading.fault });
    return z.NEVER;
  }),
  HOLDFAST_KEEP_HELD_DAYS: days(90),
  HOLDFAST_KEEP_CONTENT_DAYS: days(30),
  HOLDFAST_KEEP_TRACE_DAYS: days(35),
  HOLDFAST_KEEP_DELIVERED_DAYS: days(0, 0),
  HOLDFAST_KEEP_AUDIT_DAYS: days(2557),
  HOLDFAST_LOG: z
    .enum(LOG_LEVELS, { error: `is no log level, expected one of ${LOG_LEVELS.join(', ')}` })
    .default('warn'),
});

/** Reads the settings; every one that is wrong costs one line, and none is echoed, since some are secrets. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigReading {
  const parsed = environmentSchema.safeParse(env);
  if (!parsed.success) {
    return { ok: false, lines: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  }
  const settings = parsed.data;
  if ((settings.HOLDFAST_SMTP_TLS_KEY === null) !== (settings.HOLDFAST_SMTP_TLS_CERT === null)) {
    return {
      ok: false,
      lines: ['HOLDFAST_SMTP_TLS_KEY, HOLDFAST_SMTP_TLS_CERT: one without the other, set both or neither'],
    };
  }
  if (settings.HOLDFAST_WORKERS === 0 && settings.DATABASE_URL === null) {
    return {
      ok: false,
      lines: [
        'HOLDFAST_WORKERS: is none, and no other process reaches the embedded database: expected 1 to 64, or set DATABASE_URL',
      ],
    };
  }
  const keks = kekSources(settings);
  if (keks.length > 1) {
    return {
      ok: false,
      lines: ['HOLDFAST_KEK_FILE, HOLDFAST_KEK, HOLDFAST_KEK_COMMAND: more than one is set, set one of them'],
    };
  }
  const access = readAccess(settings);
  if (!access.ok) return { ok: false, lines: [access.line] };
  const mail = readMail(settings, settings.HOLDFAST_SMTP_TLS_KEY !== null);
  if (!mail.ok) return { ok: false, lines: [mail.line] };
  const data = resolve(settings.HOLDFAST_DATA);
  return {
    ok: true,
    warnings: unknownSettings(env),
    value: {
      data,
      databaseUrl: settings.DATABASE_URL,
      redisUrl: settings.REDIS_URL,
      http: settings.HOLDFAST_HTTP,
      smtp: settings.HOLDFAST_SMTP,
      smtpTls: pairOf(settings.HOLDFAST_SMTP_TLS_KEY, settings.HOLDFAST_SMTP_TLS_CERT),
      milter: settings.HOLDFAST_MILTER,
      milterHold: settings.HOLDFAST_MILTER_HOLD,
      nextHop: settings.HOLDFAST_NEXT_HOP[0] ?? null,
      mail: mail.value,
      keyFile: settings.HOLDFAST_KEY_FILE === null ? join(data, 'keys.json') : resolve(settings.HOLDFAST_KEY_FILE),
      kek: keks[0] ?? null,
      adminPassword: settings.HOLDFAST_ADMIN_PASSWORD,
      adminEmail: settings.HOLDFAST_ADMIN_EMAIL,
      apiToken: settings.HOLDFAST_API_TOKEN,
      smtpClients: settings.HOLDFAST_SMTP_CLIENTS,
      webhookNetworks: settings.HOLDFAST_WEBHOOK_NETWORKS,
      fixedNow: settings.HOLDFAST_NOW,
      workers: settings.HOLDFAST_WORKERS,
      rules: settings.HOLDFAST_RULES === null ? null : resolve(settings.HOLDFAST_RULES),
      limits: settings.HOLDFAST_LIMITS,
      logLevel: settings.HOLDFAST_LOG,
      keepHeldDays: settings.HOLDFAST_KEEP_HELD_DAYS,
      keepContentDays: settings.HOLDFAST_KEEP_CONTENT_DAYS,
      keepTraceDays: settings.HOLDFAST_KEEP_TRACE_DAYS,
      access: access.value,
      notices: readNotices(settings),
      keepDeliveredDays: settings.HOLDFAST_KEEP_DELIVERED_DAYS,
      keepAuditDays: settings.HOLDFAST_KEEP_AUDIT_DAYS,
    },
  };
}

/** A misspelt setting would leave its default in force without a word. */
function unknownSettings(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = Object.keys(environmentSchema.shape);
  return Object.keys(env)
    .filter((name) => name.startsWith('HOLDFAST_') && !known.includes(name))
    .map((name) => `${name}: no such setting, known are ${known.join(', ')}`);
}

function kekSources(settings: z.output<typeof environmentSchema>): readonly KekSource[] {
  const { HOLDFAST_KEK_FILE: file, HOLDFAST_KEK: text, HOLDFAST_KEK_COMMAND: command } = settings;
  return [
    ...(file === null ? [] : [{ kind: 'file', file: resolve(file) } as const]),
    ...(text === null ? [] : [{ kind: 'value', text } as const]),
    ...(command === null ? [] : [{ kind: 'command', command } as const]),
  ];
}

function pairOf(key: string | null, cert: string | null): Config['smtpTls'] {
  return key === null || cert === null ? null : { key: resolve(key), cert: resolve(cert) };
}
