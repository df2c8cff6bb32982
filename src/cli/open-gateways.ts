import type { BlockList } from 'node:net';
import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import type { Instant } from '../core/entry.ts';
import { parseClientNetworks } from '../gateway/client-networks.ts';
import { startMilterGateway } from '../gateway/milter-gateway.ts';
import { SMTP_LIMITS, type SmtpGateway, startSmtpGateway } from '../gateway/smtp-gateway.ts';
import type { ArrivalRecord } from '../service/arrival-record.ts';
import type { EngineSource } from '../service/engine-source.ts';
import { judgeInTransit } from '../service/judge-in-transit.ts';
import type { Log } from '../service/log.ts';
import { recogniseArrivals } from '../service/recognise-arrivals.ts';
import type { Service } from '../service/service.ts';
import type { Spool } from '../service/spool.ts';
import type { MessageRecord } from '../service/stores.ts';
import { CannotRun } from './command.ts';
import { gatewaySettings, readCertificate } from './gateway-settings.ts';
import { listenFault } from './listen.ts';

export interface Gateways {
  /** Null: no SMTP gateway. */
  readonly smtpPort: number | null;
  /** Takes nothing new, and finishes what is in hand. */
  close(): Promise<void>;
}

export interface GatewayDeps {
  readonly find: MessageRecord['find'];
  readonly arrivals: ArrivalRecord;
  /** HMAC key of what is known again when it comes again. */
  readonly arrivalKey: Uint8Array;
  /** Unique to this process, as `host/pid/...`. */
  readonly gateway: string;
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

async function openSmtp(config: Config, clients: BlockList, deps: GatewayDeps) {
  const { smtp } = config;
  if (smtp === null) return null;
  const { service, find, openSpool, log, arrivals, gateway } = deps;
  const { settings, deps: admitting } = gatewaySettings(config, smtp, clients);
  const { replyMs } = SMTP_LIMITS;
  const { receive, stop } = await recogniseArrivals({
    receive: service.receive,
    arrivals,
    key: deps.arrivalKey,
    gateway,
    isGone: isGatewayGone,
    replyMs,
    log,
  });
  try {
    const started = await startSmtpGateway(settings, { receive, find, openSpool, log, ...admitting });
    const renew = () => renewCertificate(config, started, log);
    process.on('SIGHUP', renew);
    return {
      port: started.port,
      async close() {
        process.off('SIGHUP', renew);
        await started.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw listenFault('HOLDFAST_SMTP', smtp, error);
  }
}

/** Certificates are renewed every few weeks, and connections need not end for it. */
function renewCertificate({ smtpTls }: Config, gateway: SmtpGateway, log: Log): void {
  if (smtpTls === null) return;
  try {
    gateway.renewCertificate(readCertificate(smtpTls));
  } catch (err) {
    log.error({ err }, 'the certificate could not be read again, the old one stays');
  }
}

/** Longer than any gateway that lives is silent. */
const SILENT_MS = 60_000;

/** By its name, `host/pid/...`, where it ran on this host; else by its silence. */
function isGatewayGone(name: string, silentMs: number): boolean {
  const [host, pid = ''] = name.split('/');
  if (silentMs > SILENT_MS) return true;
  if (host !== hostname()) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

async function openMilter(
  { milter, milterHold }: Config,
  clients: BlockList,
  { engines, now, openSpool, log }: GatewayDeps,
) {
  if (milter === null) return null;
  const transit = { engine: () => engines.current(), now, hold: milterHold };
  return startMilterGateway(
    { ...milter, clients, messageBytes: SMTP_LIMITS.messageBytes },
    { decide: (mail) => judgeInTransit(mail, transit), openSpool, log },
  ).catch((error: unknown) => {
    throw listenFault('HOLDFAST_MILTER', milter, error);
  });
}
