import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * A moment that is seen on the wire between Holdfast and PostgreSQL: a prepared statement by its name, before the database gets
 * it or after it has committed it and before Holdfast hears of it.
 */
export interface Moment {
  readonly process: 'serve' | 'worker';
  readonly statement: string;
  readonly when: 'before' | 'after';
  /** Bytes that the statement's parameters must hold. */
  readonly holds?: string;
  /** It has to bring rows: what asks again and again counts only where there is something. */
  readonly brings?: true;
}

export interface PostgresProxy {
  readonly port: number;
  /** The server's own port, for connections that come from now on. */
  target: number;
  /** Calls `act` once, when the moment comes; what was on the wire stays there. Answers whether it came within `limitMs`. */
  at(moment: Moment, act: () => void, limitMs?: number): Promise<boolean>;
  close(): Promise<void>;
}

interface Trap {
  readonly moment: Moment;
  readonly spring: () => void;
}

/** PostgreSQL's protocol, version 3: a type byte and a length, but for the first packet of a client, which has no type. */
class Packets {
  #rest: Buffer = Buffer.alloc(0);
  #isStartup: boolean;

  constructor(isStartup: boolean) {
    this.#isStartup = isStartup;
  }

  *push(chunk: Buffer): Generator<Buffer> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.#isStartup ? 0 : 1;
      if (this.#rest.length < head + 4) return;
      const length = head + this.#rest.readUInt32BE(head);
      if (this.#rest.length < length) return;
      this.#isStartup = false;
      const packet = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      yield packet;
    }
  }
}

/** Stands between Holdfast and its PostgreSQL, so that a process can be killed at a moment that is told by its own statements. */
export async function startPostgresProxy(target: number): Promise<PostgresProxy> {
  const sockets = new Set<Socket>();
  const traps = new Set<Trap>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: proxy.target, host: '127.0.0.1', noDelay: true });
    let application = '';
    let isFrozen = false;
    let waiting: Trap | null = null;
    let rows = 0;
    const [fromClient, fromServer] = [new Packets(true), new Packets(false)];
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    const spring = (trap: Trap) => {
      isFrozen = true;
      traps.delete(trap);
      trap.spring();
    };
    client.on('data', (chunk: Buffer) => {
      const passed: Buffer[] = [];
      for (const packet of fromClient.push(chunk)) {
        if (isFrozen) break;
        if (application === '') application = /application_name\0([^\0]*)/.exec(packet.toString('latin1'))?.[1] ?? '?';
        else if (packet[0] === 0x42) {
          const trap = trapFor(application, packet);
          if (trap?.moment.when === 'before') {
            spring(trap);
            break;
          }
          waiting = trap ?? waiting;
          if (trap !== null) rows = 0;
        }
        passed.push(packet);
      }
      if (passed.length > 0) upstream.write(Buffer.concat(passed));
    });
    upstream.on('data', (chunk: Buffer) => {
      const passed: Buffer[] = [];
      for (const packet of fromServer.push(chunk)) {
        // ReadyForQuery with no transaction open: what was asked is committed.
        if (packet[0] === 0x44) rows += 1;
        if (waiting !== null && packet[0] === 0x5a && packet[5] === 0x49) {
          if (waiting.moment.brings !== true || rows > 0) spring(waiting);
          waiting = null;
        }
        if (isFrozen) break;
        passed.push(packet);
      }
      if (passed.length > 0) client.write(Buffer.concat(passed));
    });
  });

  function trapFor(application: string, bind: Buffer): Trap | null {
    const portalEnd = bind.indexOf(0, 5);
    const statement = bind.toString('latin1', portalEnd + 1, bind.indexOf(0, portalEnd + 1));
    for (const trap of traps) {
      const { moment } = trap;
      if (!application.endsWith(moment.process) || moment.statement !== statement) continue;
      if (moment.holds === undefined || bind.includes(moment.holds)) return trap;
    }
    return null;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: PostgresProxy = {
    port: (server.address() as AddressInfo).port,
    target,
    at(moment, act, limitMs = 60_000) {
      return new Promise((resolve) => {
        const trap: Trap = {
          moment,
          spring() {
            clearTimeout(timer);
            act();
            resolve(true);
          },
        };
        const timer = setTimeout(() => {
          traps.delete(trap);
          resolve(false);
        }, limitMs);
        traps.add(trap);
      });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return proxy;
}
