import { readFileSync } from 'node:fs';
import type { BlockList } from 'node:net';
import { hostname } from 'node:os';
import { createSecureContext } from 'node:tls';
import type { Config } from '../config.ts';
import type { Instant } from '../core/entry.ts';
import { parseClientNetworks } from '../gateway/client-networks.ts';
import { startMilterGateway } from '../gateway/milter-gateway.ts';
import { SMTP_LIMITS, startSmtpGateway } from '../gateway/smtp-gateway.ts';
import type { EngineSource } from '../service/engine-source.ts';
import { judgeInTransit } from '../service/judge-in-transit.ts';
import type { Log } from '../service/log.ts';
import type { Service } from '../service/service.ts';
import type { Spool } from '../service/spool.ts';
import type { MessageRecord } from '../service/stores.ts';
import { CannotRun } from './command.ts';
import { listenFault } from './listen.ts';

export interface Gateways {
  /** Null: no SMTP gateway. */
  readonly smtpPort: number | null;
  /** Takes nothing new, and finishes what is in hand. */
  close(): Promise<void>;
}

export interface GatewayDeps {
  readonly find: MessageRecord['find'];
  readonly service: Pick<Service, 'receive'>;
  readonly engines: Pick<EngineSource, 'current'>;
  readonly now: () => Instant;
  readonly openSpool: () => Spool;
  readonly log: Log;
}

/** Opens the ways by which MTAs hand over mail: SMTP, and the milter protocol where it is set. */
export async function openGateways(config: Config, deps: GatewayDeps): Promise<Gateways> {
  const clients = parseClientNetworks(config.smtpClients);
  if (!clients.ok) throw new CannotRun(`HOLDFAST_SMTP_CLIENTS: ${clients.error} is no network`);
  const smtp = await openSmtp(config, clients.value, deps);
  try {
    const milter = await openMilter(config, clients.value, deps);
    return {
      smtpPort: smtp?.port ?? null,
      async close() {
        await Promise.all([smtp?.close(), milter?.close()]);
      },
    };
  } catch (error) {
    await smtp?.close();
    throw error;
  }
}

async function openSmtp({ smtp, smtpTls }: Config, clients: BlockList, { service, find, openSpool, log }: GatewayDeps) {
  if (smtp === null) return null;
  const tls = smtpTls === null ? null : readCertificate(smtpTls);
  const settings = { ...smtp, name: hostname(), clients, limits: SMTP_LIMITS, tls };
  return startSmtpGateway(settings, { receive: service.receive, find, openSpool, log }).catch((error: unknown) => {
    throw listenFault('HOLDFAST_SMTP', smtp, error);
  });
}

async function openMilter({ milter, milterHold }: Config, clients: BlockList, { engines, now, log }: GatewayDeps) {
  if (milter === null) return null;
  const transit = { engine: () => engines.current(), now, hold: milterHold };
  return startMilterGateway(
    { ...milter, clients, messageBytes: SMTP_LIMITS.messageBytes },
    { decide: (mail) => judgeInTransit(mail, transit), log },
  ).catch((error: unknown) => {
    throw listenFault('HOLDFAST_MILTER', milter, error);
  });
}

function readCertificate({ key, cert }: NonNullable<Config['smtpTls']>) {
  const pair = { key: readPem('HOLDFAST_SMTP_TLS_KEY', key), cert: readPem('HOLDFAST_SMTP_TLS_CERT', cert) };
  try {
    createSecureContext(pair);
  } catch {
    throw new CannotRun(
      `HOLDFAST_SMTP_TLS_KEY, HOLDFAST_SMTP_TLS_CERT: are no key and certificate in PEM that belong together`,
    );
  }
  return pair;
}

function readPem(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new CannotRun(`${setting}: ${path} cannot be read, name a PEM file that this user may read`);
  }
}
