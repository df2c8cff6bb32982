import { resolve } from 'node:path';
import { z } from 'zod';
import { type Endpoint, isLoopback, isNetworkList, parseEndpoint } from './endpoint.ts';
import { count, optional } from './setting-shapes.ts';

/** `may`: TLS where the server offers it; `verify`: never without, and with its name proven. */
export type HopTls = 'off' | 'may' | 'verify';

/** What one client may do; 0: as much as it likes. */
export interface ClientLimits {
  readonly connections: number;
  readonly messagesPerMinute: number;
  readonly recipientsPerMinute: number;
}

/** How mail comes in and goes out, beyond where it listens. */
export interface MailSettings {
  /** In greetings, EHLO, `Received` and notices; null: the machine's name. */
  readonly name: string | null;
  /** In the order they are tried; none: cleared mail waits in the store. */
  readonly nextHops: readonly (Endpoint & { readonly tls: HopTls })[];
  /** Path of a file with `user:password` for the next hop; null: none. */
  readonly nextHopAuth: string | null;
  /** Networks whose XCLIENT and XFORWARD are believed; null: none. */
  readonly proxies: string | null;
  /** Path of a file of users who may sign in; null: none may. */
  readonly users: string | null;
  /** Clients whose certificate an authority vouches for (path of a PEM file), by these names; null: none. */
  readonly certified: { readonly authority: string; readonly names: readonly string[] } | null;
  /** Mail is taken under TLS alone. */
  readonly requiresTls: boolean;
  readonly clientLimits: ClientLimits;
  /** Mail is not taken where less than this would be left free; bytes. */
  readonly diskReserve: number;
  /** Null: senders are not told of delays. */
  readonly delayNoticeMs: number | null;
  readonly expiryMs: number;
}

const HOUR_MS = 3_600_000;
const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

const hops = optional.transform((value, context): readonly Endpoint[] => {
  const parsed = value === null ? [] : value.split(',').map((one) => parseEndpoint(one, 1));
  if (parsed.every((one) => one !== null)) return parsed;
  context.addIssue({
    code: 'custom',
    message: 'is not host:port, or several with commas between, expected for example 127.0.0.1:10026',
  });
  return z.NEVER;
});

const LIMIT_NAMES = { connections: 'connections', messages: 'messagesPerMinute', recipients: 'recipientsPerMinute' };

/** 400 of the 500 connections there are, so that one client never keeps all others out. */
const CLIENT_LIMITS: ClientLimits = { connections: 400, messagesPerMinute: 0, recipientsPerMinute: 0 };

const limits = optional.transform((value, context): ClientLimits => {
  const read = { ...CLIENT_LIMITS };
  for (const part of value === null ? [] : value.split(',')) {
    const [, name = '', digits = ''] = /^\s*(connections|messages|recipients)=(\d{1,7})\s*$/.exec(part) ?? [];
    if (digits === '') {
      context.addIssue({
        code: 'custom',
        message:
          'is no list of limits for one client, expected for example connections=20,messages=300,recipients=3000 (the last two a minute; 0 is no limit)',
      });
      return z.NEVER;
    }
    read[LIMIT_NAMES[name as keyof typeof LIMIT_NAMES] as keyof ClientLimits] = Number(digits);
  }
  return read;
});

/** The settings, for the schema of the whole environment. */
export const mailShape = {
  HOLDFAST_NAME: optional.refine(
    (value) => value === null || HOST_NAME.test(value),
    'is no host name, expected for example holdfast.department.example',
  ),
  HOLDFAST_NEXT_HOP: hops,
  HOLDFAST_NEXT_HOP_TLS: z
    .enum(['off', 'may', 'verify'], { error: 'is no such way, expected off, may or verify' })
    .optional(),
  HOLDFAST_NEXT_HOP_AUTH: optional,
  HOLDFAST_SMTP_PROXIES: optional.refine(
    (value) => value === null || isNetworkList(value),
    'is no list of networks, expected for example 10.0.0.5,192.0.2.0/28',
  ),
  HOLDFAST_SMTP_USERS: optional,
  HOLDFAST_SMTP_CLIENT_CA: optional,
  HOLDFAST_SMTP_CLIENT_NAMES: optional.refine(
    (value) => value === null || value.split(',').every((name) => HOST_NAME.test(name.trim())),
    'is no list of host names, expected for example mta.department.example,backup.department.example',
  ),
  HOLDFAST_SMTP_TLS: z.enum(['may', 'require'], { error: 'is no such way, expected may or require' }).default('may'),
  HOLDFAST_SMTP_CLIENT_LIMITS: limits,
  HOLDFAST_DISK_RESERVE_MB: count(64, 0, 999_999, 'megabytes'),
  HOLDFAST_DELAY_NOTICE_HOURS: count(4, 0, 120, 'hours'),
  HOLDFAST_RETURN_HOURS: count(120, 1, 720, 'hours'),
} as const;

const shape = z.object(mailShape);

/** The settings as one value, or a line that says which goes without which. */
export function readMail(
  settings: z.output<typeof shape>,
  hasCertificate: boolean,
): { readonly ok: true; readonly value: MailSettings } | { readonly ok: false; readonly line: string } {
  const tls = settings.HOLDFAST_NEXT_HOP_TLS;
  const path = (value: string | null) => (value === null ? null : resolve(value));
  if (settings.HOLDFAST_NEXT_HOP_AUTH !== null && tls !== 'verify') {
    const line =
      'HOLDFAST_NEXT_HOP_AUTH: a password goes to a server whose name is proven alone, set HOLDFAST_NEXT_HOP_TLS=verify';
    return { ok: false, line };
  }
  const authority = path(settings.HOLDFAST_SMTP_CLIENT_CA);
  const names = settings.HOLDFAST_SMTP_CLIENT_NAMES?.split(',').map((name) => name.trim()) ?? null;
  if ((authority === null) !== (names === null)) {
    const line = 'HOLDFAST_SMTP_CLIENT_CA, HOLDFAST_SMTP_CLIENT_NAMES: one without the other, set both or neither';
    return { ok: false, line };
  }
  const needsTls = [
    ...(settings.HOLDFAST_SMTP_USERS === null ? [] : ['HOLDFAST_SMTP_USERS']),
    ...(authority === null ? [] : ['HOLDFAST_SMTP_CLIENT_CA']),
    ...(settings.HOLDFAST_SMTP_TLS === 'require' ? ['HOLDFAST_SMTP_TLS'] : []),
  ];
  if (!hasCertificate && needsTls.length > 0) {
    const line = `${needsTls.join(', ')}: needs TLS, set HOLDFAST_SMTP_TLS_KEY and HOLDFAST_SMTP_TLS_CERT`;
    return { ok: false, line };
  }
  const delayHours = settings.HOLDFAST_DELAY_NOTICE_HOURS;
  return {
    ok: true,
    value: {
      name: settings.HOLDFAST_NAME,
      nextHops: settings.HOLDFAST_NEXT_HOP.map((hop) => ({ ...hop, tls: tls ?? (isLoopback(hop) ? 'off' : 'may') })),
      nextHopAuth: path(settings.HOLDFAST_NEXT_HOP_AUTH),
      proxies: settings.HOLDFAST_SMTP_PROXIES,
      users: path(settings.HOLDFAST_SMTP_USERS),
      certified: authority === null || names === null ? null : { authority, names },
      requiresTls: settings.HOLDFAST_SMTP_TLS === 'require',
      clientLimits: settings.HOLDFAST_SMTP_CLIENT_LIMITS,
      diskReserve: settings.HOLDFAST_DISK_RESERVE_MB * 1024 * 1024,
      delayNoticeMs: delayHours === 0 ? null : delayHours * HOUR_MS,
      expiryMs: settings.HOLDFAST_RETURN_HOURS * HOUR_MS,
    },
  };
}
