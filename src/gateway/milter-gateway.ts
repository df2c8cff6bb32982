import { type AddressInfo, type BlockList, createServer, type Socket } from 'node:net';
import type { Log } from '../service/log.ts';
import { isAllowedClient } from './client-networks.ts';
import type { BytesInHand } from './incoming-body.ts';
import { MilterPacketReader } from './milter-packets.ts';
import { MilterSession, type MilterSessionDeps } from './milter-session.ts';

export interface MilterGatewaySettings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly clients: BlockList;
  readonly messageBytes: number;
  /** Bytes of mail in hand, over all connections, beyond which mail is put off; absent: 4 GB, nearly all of it on disk. */
  readonly bytesInHand?: number;
  readonly connections?: number;
  readonly progressMs?: number;
}

export interface MilterGateway {
  readonly port: number;
  /** Takes no new connection and ends those there are; MTAs try their mail again. */
  close(): Promise<void>;
}

const PROGRESS_MS = 5_000;
const CONNECTIONS = 500;
const BYTES_IN_HAND = 4 * 1024 ** 3;

export interface MilterGatewayDeps extends Pick<MilterSessionDeps, 'decide' | 'openSpool'> {
  readonly log: Log;
}

/** Listens for MTAs by the milter protocol; rejects with the listener's error where the address cannot be had. */
export async function startMilterGateway(
  settings: MilterGatewaySettings,
  deps: MilterGatewayDeps,
): Promise<MilterGateway> {
  const sockets = new Set<Socket>();
  const inHand = { bytes: 0, inMemory: 0 };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    if (!isAllowedClient(settings.clients, socket.remoteAddress ?? '')) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveSocket(socket, settings, deps, inHand);
  });
  server.maxConnections = settings.connections ?? CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, resolve);
  });
  server.on('error', (err) => deps.log.warn({ err }, 'milter listener failed'));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serveSocket(
  socket: Socket,
  { messageBytes, bytesInHand, progressMs }: MilterGatewaySettings,
  { decide, openSpool, log }: MilterGatewayDeps,
  inHand: BytesInHand,
): void {
  const reader = new MilterPacketReader();
  const session = new MilterSession({
    decide: (mail) =>
      decide(mail).catch((err: unknown) => {
        log.error({ err }, 'mail could not be judged by milter');
        throw err;
      }),
    write: (bytes) => void (socket.writable && socket.write(bytes)),
    close: () => socket.destroy(),
    messageBytes,
    bytesInHand: bytesInHand ?? BYTES_IN_HAND,
    inHand,
    openSpool,
    progressMs: progressMs ?? PROGRESS_MS,
  });
  socket.on('close', () => session.end());
  socket.on('data', (chunk: Buffer) => {
    try {
      let last: Promise<void> | null = null;
      for (const packet of reader.push(chunk)) last = session.take(packet);
      if (last === null) return;
      // An MTA that sends faster than the disk takes it waits, and nothing piles up here.
      socket.pause();
      void last.then(() => socket.resume());
    } catch (err) {
      log.warn({ err }, 'milter client speaks another protocol');
      socket.destroy();
    }
  });
}
