import { readFileSync } from 'node:fs';
import type { BlockList } from 'node:net';
import { hostname } from 'node:os';
import { createSecureContext } from 'node:tls';
import type { Config } from '../config.ts';
import { parseClientNetworks } from '../gateway/client-networks.ts';
import { createDiskRoom } from '../gateway/disk-room.ts';
import { SMTP_LIMITS, type SmtpGatewayDeps, type SmtpGatewaySettings } from '../gateway/smtp-gateway.ts';
import { createSmtpUsers, parseSmtpUsers } from '../gateway/smtp-users.ts';
import { CannotRun } from './command.ts';

/** How the SMTP gateway listens, whom it lets in, and what it needs for that. Files are read now, so that a fault in one is known at the start. */
export function gatewaySettings(
  { mail, smtpTls, data }: Config,
  endpoint: NonNullable<Config['smtp']>,
  clients: BlockList,
): { readonly settings: SmtpGatewaySettings; readonly deps: Pick<SmtpGatewayDeps, 'users' | 'hasRoom'> } {
  const proxies = mail.proxies === null ? null : parseClientNetworks(mail.proxies);
  if (proxies?.ok === false) throw new CannotRun(`HOLDFAST_SMTP_PROXIES: ${proxies.error} is no network`);
  if (mail.users !== null) checkUsers(mail.users);
  const now = () => performance.now();
  return {
    settings: {
      ...endpoint,
      name: mail.name ?? hostname(),
      clients,
      proxies: proxies?.value ?? null,
      limits: SMTP_LIMITS,
      clientLimits: mail.clientLimits,
      tls: smtpTls === null ? null : readCertificate(smtpTls),
      requiresTls: mail.requiresTls,
      certified:
        mail.certified === null
          ? null
          : { names: mail.certified.names, authority: readAuthority(mail.certified.authority) },
    },
    deps: {
      users: mail.users === null ? null : createSmtpUsers(mail.users, now),
      hasRoom: createDiskRoom(data, mail.diskReserve, now),
    },
  };
}

function checkUsers(path: string): void {
  const reading = parseSmtpUsers(readText('HOLDFAST_SMTP_USERS', path, 'a file of users'));
  if (!reading.ok) throw new CannotRun(`${path}:${reading.line}: ${reading.fault}`);
}

function readAuthority(path: string): string {
  const ca = readText('HOLDFAST_SMTP_CLIENT_CA', path, 'a PEM file');
  try {
    if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw new Error('no certificate');
    createSecureContext({ ca });
  } catch {
    throw new CannotRun(`HOLDFAST_SMTP_CLIENT_CA: ${path} holds no certificate in PEM`);
  }
  return ca;
}

export function readCertificate({ key, cert }: NonNullable<Config['smtpTls']>) {
  const pair = {
    key: readText('HOLDFAST_SMTP_TLS_KEY', key, 'a PEM file'),
    cert: readText('HOLDFAST_SMTP_TLS_CERT', cert, 'a PEM file'),
  };
  try {
    createSecureContext(pair);
  } catch {
    throw new CannotRun(
      `HOLDFAST_SMTP_TLS_KEY, HOLDFAST_SMTP_TLS_CERT: are no key and certificate in PEM that belong together`,
    );
  }
  return pair;
}

function readText(setting: string, path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new CannotRun(`${setting}: ${path} cannot be read, name ${what} that this user may read`);
  }
}
