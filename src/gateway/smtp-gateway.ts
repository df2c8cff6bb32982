import type { AddressInfo, BlockList, Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { StoredMessage } from '../core/message.ts';
import type { Log } from '../service/log.ts';
import type { Service } from '../service/service.ts';
import type { Spool } from '../service/spool.ts';
import { isAllowedClient } from './client-networks.ts';
import { SmtpReply } from './smtp-reply.ts';
import { SmtpSession } from './smtp-session.ts';
import { takeMail } from './take-mail.ts';

export interface SmtpGatewaySettings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Name in the greeting and in `Received`. */
  readonly name: string;
  readonly clients: BlockList;
  readonly limits: SmtpLimits;
  /** PEM; null: no STARTTLS. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
}

export interface SmtpLimits {
  readonly messageBytes: number;
  /** Bytes of messages being taken in, over all connections, nearly all of them on disk; beyond it clients are told to come back. */
  readonly bytesInHand: number;
  readonly recipients: number;
  readonly connections: number;
  readonly hops: number;
  /** Longest wait for the store before 451, ms. RFC 5321 section 4.5.3.2.6 lets clients wait 10 minutes; contract: 60 s. */
  readonly replyMs: number;
  readonly idleMs: number;
  /** How long a transaction in hand may take once the gateway closes, ms. */
  readonly closeMs: number;
}

export const SMTP_LIMITS: SmtpLimits = {
  messageBytes: 150 * 1024 * 1024,
  bytesInHand: 4 * 1024 ** 3,
  recipients: 1000,
  connections: 500,
  hops: 100,
  replyMs: 50_000,
  idleMs: 300_000,
  closeMs: 20_000,
};

export interface SmtpGatewayDeps {
  readonly receive: Service['receive'];
  readonly find: (id: string) => Promise<StoredMessage | null>;
  /** Where a message waits that is too large to be held in memory while it comes in. */
  readonly openSpool: () => Spool;
  readonly log: Log;
}

export interface SmtpGateway {
  readonly port: number;
  /** Takes no new connection, finishes transactions in hand, and resolves when all are gone. */
  close(): Promise<void>;
}

class RelayServer extends SMTPServer {
  override connect(socket: Socket): void {
    const session = new SmtpSession(this, socket);
    this.connections.add(session);
    session.on('error', (error: Error) => this._onError(error));
    session.init();
  }
}

const DISABLED = ['AUTH', 'VRFY', 'HELP', 'WIZ', 'SHELL', 'KILL'];

/** Starts the gateway; rejects with the listener's error where the address cannot be had. */
export async function startSmtpGateway(settings: SmtpGatewaySettings, deps: SmtpGatewayDeps): Promise<SmtpGateway> {
  const { limits } = settings;
  const inHand = { bytes: 0, inMemory: 0 };
  const server = new RelayServer({
    name: settings.name,
    banner: 'Holdfast',
    size: limits.messageBytes,
    maxRecipients: limits.recipients,
    maxClients: limits.connections,
    socketTimeout: limits.idleMs,
    closeTimeout: limits.closeMs,
    disabledCommands: [...DISABLED, ...(settings.tls === null ? ['STARTTLS'] : [])],
    ...settings.tls,
    authOptional: true,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    heloResponse: '%s',
    logger: false,
    onConnect(session, callback) {
      if (isAllowedClient(settings.clients, session.remoteAddress)) callback();
      else callback(new SmtpReply(554, '5.7.1 this client may not use the gateway'));
    },
    onData(stream: SMTPServerDataStream, session: SMTPServerSession, callback) {
      takeMail(stream, session, { settings, deps, inHand }).then(
        (id) => callback(null, `2.0.0 queued as ${id}`),
        (reason: unknown) => {
          if (reason instanceof SmtpReply) {
            callback(reason);
            return;
          }
          deps.log.error({ err: reason }, 'mail could not be taken');
          callback(new SmtpReply(451, '4.3.0 not taken, try again later'));
        },
      );
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(settings.port, settings.host, () => resolve());
  });
  // A client that drops its connection is no news; the library reports it as a server error.
  server.on('error', (error: Error) => deps.log.info({ err: error }, 'SMTP connection failed'));
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => closeGateway(server),
  };
}

function closeGateway(server: RelayServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const session of server.connections) {
      if (session._dataStream === false || session._dataStream === null) session.send(421, '4.3.2 shutting down');
    }
  });
}
