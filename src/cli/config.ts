import { type Config, readConfig } from '../config.ts';
import { showLimits } from '../extract/read-limits.ts';
import type { ClientLimits } from '../service/mail-settings.ts';
import { CannotRun, type Command } from './command.ts';
import { placed, readSettingsFile } from './config-file.ts';
import { usageOf } from './help/command-help.ts';
import { showEndpoint } from './listen.ts';
import { showAccess } from './show-access.ts';

export const config: Command = {
  name: 'config',
  async run(args, io) {
    const [action, file, ...more] = args;
    if (action !== 'check' || more.length > 0) throw new CannotRun(usageOf('config'));
    const { env, places } = file === undefined ? { env: io.env, places: new Map() } : readSettingsFile(file, io.env);
    const reading = readConfig(env);
    if (!reading.ok) throw new CannotRun(...reading.lines.map((line) => placed(line, places)));
    for (const line of reading.warnings) io.err(`warning: ${placed(line, places)}\n`);
    for (const [name, value] of describe(reading.value)) io.out(`${name}=${value}\n`);
    return 0;
  },
};

/** Every setting with what it comes to; a value in brackets stands for one that is not set, or not shown. */
function describe(config: Config): readonly (readonly [string, string])[] {
  const { mail } = config;
  return [
    ['HOLDFAST_DATA', config.data],
    [
      'DATABASE_URL',
      config.databaseUrl === null ? '(embedded PostgreSQL in the data folder)' : withoutSecrets(config.databaseUrl),
    ],
    ['REDIS_URL', config.redisUrl === null ? '(none: the queue is in PostgreSQL)' : withoutSecrets(config.redisUrl)],
    ['HOLDFAST_HTTP', showEndpoint(config.http)],
    ['HOLDFAST_SMTP', config.smtp === null ? 'off' : showEndpoint(config.smtp)],
    [
      'HOLDFAST_NEXT_HOP',
      config.nextHop === null ? '(none: cleared mail waits in the store)' : mail.nextHops.map(showEndpoint).join(','),
    ],
    ['HOLDFAST_NEXT_HOP_TLS', mail.nextHops.map(({ tls }) => tls).join(',') || '(none: no next hop)'],
    ['HOLDFAST_NEXT_HOP_AUTH', mail.nextHopAuth ?? '(none)'],
    ['HOLDFAST_NAME', mail.name ?? '(none: the name of the machine)'],
    ['HOLDFAST_SMTP_PROXIES', mail.proxies ?? '(none)'],
    ['HOLDFAST_SMTP_USERS', mail.users ?? '(none)'],
    ['HOLDFAST_SMTP_CLIENT_CA', mail.certified?.authority ?? '(none)'],
    ['HOLDFAST_SMTP_CLIENT_NAMES', mail.certified?.names.join(',') ?? '(none)'],
    ['HOLDFAST_SMTP_TLS', mail.requiresTls ? 'require' : 'may'],
    ['HOLDFAST_SMTP_CLIENT_LIMITS', showClientLimits(mail.clientLimits)],
    ['HOLDFAST_DISK_RESERVE_MB', String(mail.diskReserve / 1024 / 1024)],
    ['HOLDFAST_DELAY_NOTICE_HOURS', String((mail.delayNoticeMs ?? 0) / 3_600_000)],
    ['HOLDFAST_RETURN_HOURS', String(mail.expiryMs / 3_600_000)],
    ['HOLDFAST_SMTP_TLS_KEY', config.smtpTls?.key ?? '(none: no STARTTLS)'],
    ['HOLDFAST_SMTP_TLS_CERT', config.smtpTls?.cert ?? '(none: no STARTTLS)'],
    ['HOLDFAST_MILTER', config.milter === null ? '(none: no milter)' : showEndpoint(config.milter)],
    ['HOLDFAST_MILTER_HOLD', config.milterHold],
    ['HOLDFAST_KEY_FILE', config.keyFile],
    ['HOLDFAST_KEK_FILE', config.kek?.kind === 'file' ? config.kek.file : '(none)'],
    ['HOLDFAST_KEK', config.kek?.kind === 'value' ? '(set)' : '(none)'],
    ['HOLDFAST_KEK_COMMAND', config.kek?.kind === 'command' ? '(set)' : '(none)'],
    ['HOLDFAST_ADMIN_PASSWORD', config.adminPassword === null ? '(made at first start)' : '(set)'],
    ['HOLDFAST_ADMIN_EMAIL', config.adminEmail ?? '(none)'],
    ['HOLDFAST_API_TOKEN', config.apiToken === null ? '(made at first start)' : '(set)'],
    ['HOLDFAST_SMTP_CLIENTS', config.smtpClients],
    ['HOLDFAST_WEBHOOK_NETWORKS', config.webhookNetworks ?? '(none: the public internet alone)'],
    ['HOLDFAST_NOW', config.fixedNow === null ? '(none: the clock runs)' : new Date(config.fixedNow).toISOString()],
    ['HOLDFAST_WORKERS', String(config.workers)],
    ['HOLDFAST_RULES', config.rules ?? '(those that ship)'],
    ['HOLDFAST_LIMITS', showLimits(config.limits)],
    ['HOLDFAST_KEEP_HELD_DAYS', String(config.keepHeldDays)],
    ['HOLDFAST_KEEP_CONTENT_DAYS', String(config.keepContentDays)],
    ['HOLDFAST_KEEP_TRACE_DAYS', String(config.keepTraceDays)],
    ['HOLDFAST_KEEP_DELIVERED_DAYS', String(config.keepDeliveredDays)],
    ['HOLDFAST_KEEP_AUDIT_DAYS', String(config.keepAuditDays)],
    ['HOLDFAST_NOTICES_FROM', config.notices?.from ?? '(none: nobody is told anything by mail)'],
    ['HOLDFAST_NOTICES_TO', config.notices?.domains.join(',') ?? '(none: no notices)'],
    ['HOLDFAST_NOTICES_DIGEST_HOUR', String(config.notices?.digestHour ?? 8)],
    ['HOLDFAST_NOTICES_TEMPLATES', config.notices?.templates ?? '(those that ship)'],
    ...showAccess(config.access),
    ['HOLDFAST_LOG', config.logLevel],
  ];
}

function showClientLimits({ connections, messagesPerMinute, recipientsPerMinute }: ClientLimits): string {
  return `connections=${connections},messages=${messagesPerMinute},recipients=${recipientsPerMinute}`;
}

function withoutSecrets(address: string): string {
  const url = new URL(address);
  if (url.password !== '') url.password = '***';
  // Parameters may carry a password too.
  url.search = '';
  return url.href;
}
