import type { AddressInfo, BlockList, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { StoredMessage } from '../core/message.ts';
import type { Log } from '../service/log.ts';
import type { ClientLimits } from '../service/mail-settings.ts';
import type { Service } from '../service/service.ts';
import type { Spool } from '../service/spool.ts';
import { Admission } from './admission.ts';
import type { DiskRoom } from './disk-room.ts';
import { sessionHandlers } from './session-handlers.ts';
import { type SessionRules, SmtpSession } from './smtp-session.ts';
import type { SmtpUsers } from './smtp-users.ts';

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
  /** Clients with a certificate of one of these names by this authority (PEM) may send, from anywhere. */
  readonly certified?: { readonly authority: string; readonly names: readonly string[] } | null;
  /** Mail is taken under TLS alone. */
  readonly requiresTls?: boolean;
  /** Peers whose XCLIENT and XFORWARD are believed. */
  readonly proxies?: BlockList | null;
  /** For each client; absent: none. */
  readonly clientLimits?: ClientLimits;
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

const NO_CLIENT_LIMITS: ClientLimits = { connections: 0, messagesPerMinute: 0, recipientsPerMinute: 0 };

export interface SmtpGatewayDeps {
  readonly receive: Service['receive'];
  readonly find: (id: string) => Promise<StoredMessage | null>;
  /** Where a message waits that is too large to be held in memory while it comes in. */
  readonly openSpool: () => Spool;
  /** Absent: only the store itself says that it is full. */
  readonly hasRoom?: DiskRoom;
  /** Who may sign in, under TLS alone; absent: nobody. */
  readonly users?: SmtpUsers | null;
  readonly log: Log;
}

export interface SmtpGateway {
  readonly port: number;
  /** What connections from now on are shown; throws where it is no pair. */
  renewCertificate(tls: { readonly key: string; readonly cert: string }): void;
  /** Takes no new connection, finishes transactions in hand, and resolves when all are gone. */
  close(): Promise<void>;
}

class RelayServer extends SMTPServer {
  readonly #rules: SessionRules;

  constructor(options: SMTPServerOptions, rules: SessionRules) {
    super(options);
    this.#rules = rules;
  }

  override connect(socket: Socket): void {
    const session = new SmtpSession(this, socket, this.#rules);
    this.connections.add(session);
    session.on('error', (error: Error) => this._onError(error));
    // Exim ends its side with the QUIT that follows the final dot at once, and waits for the reply all the same.
    socket.allowHalfOpen = true;
    // The library writes to a socket that is open both ways alone.
    Object.defineProperty(socket, 'readyState', { get: () => (socket.writable ? 'open' : 'closed') });
    socket.once('end', () => {
      const close = () => {
        const message = session._dataStream;
        if (message === false || message === null || !message.writableEnded) socket.end();
      };
      // What it sent before is read and answered first.
      const parser = session._parser;
      if (parser === false || parser.writableFinished) close();
      else parser.once('finish', close);
    });
    session.init();
  }
}

const DISABLED = ['WIZ', 'SHELL', 'KILL'];

/** Starts the gateway; rejects with the listener's error where the address cannot be had. */
export async function startSmtpGateway(settings: SmtpGatewaySettings, deps: SmtpGatewayDeps): Promise<SmtpGateway> {
  const { limits, tls } = settings;
  const users = tls === null ? null : (deps.users ?? null);
  const certified = tls === null ? null : (settings.certified ?? null);
  const admission = new Admission(
    {
      clients: settings.clients,
      proxies: settings.proxies ?? null,
      takesUsers: users !== null || certified !== null,
      requiresTls: settings.requiresTls === true,
      limits: settings.clientLimits ?? NO_CLIENT_LIMITS,
    },
    () => performance.now(),
  );
  const rules = { isProxy: (peer: string) => admission.isProxy(peer), messageBytes: limits.messageBytes };
  const options: SMTPServerOptions = {
    name: settings.name,
    banner: 'Holdfast',
    size: limits.messageBytes,
    maxRecipients: limits.recipients,
    maxClients: limits.connections,
    socketTimeout: limits.idleMs,
    closeTimeout: limits.closeMs,
    disabledCommands: [...DISABLED, ...(tls === null ? ['STARTTLS'] : []), ...(users === null ? ['AUTH'] : [])],
    ...tls,
    // Whoever shows none, or another, is a client like any.
    ...(certified === null ? {} : { ca: certified.authority, requestCert: true, rejectUnauthorized: false }),
    authOptional: true,
    authMethods: ['PLAIN', 'LOGIN'],
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    heloResponse: '%s',
    logger: false,
  };
  const server = new RelayServer({ ...options, ...sessionHandlers(settings, deps, admission, users) }, rules);
  await new Promise<void>((resolve, reject) => {
    // The library passes on what its server says: without a listener of its own a port in use would be an uncaught error.
    server.once('error', reject);
    server.listen(settings.port, settings.host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  // A client that drops its connection is no news; the library reports it as a server error.
  server.on('error', (error: Error) => deps.log.info({ err: error }, 'SMTP connection failed'));
  return {
    port: (server.server.address() as AddressInfo).port,
    renewCertificate({ key, cert }) {
      // Tried first: the library has dropped the old pair by the time it finds that the new one is none.
      createSecureContext({ key, cert });
      server.updateSecureContext({ key, cert });
    },
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
