import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { drained } from './drained.ts';
import { type ServerReply, SmtpReplyReader } from './smtp-reply-reader.ts';
import { type Credentials, signIn } from './smtp-sign-in.ts';

/** Time limits in ms; RFC 5321 section 4.5.3.2 names minimums of minutes for servers far away, this one is next door. */
export interface ClientTimeouts {
  readonly connect: number;
  readonly command: number;
  /** From the final dot to the reply. */
  readonly data: number;
}

export const CLIENT_TIMEOUTS: ClientTimeouts = { connect: 15_000, command: 120_000, data: 600_000 };

/**
 * - `off`: never TLS.
 * - `may`: TLS where the server offers it, whoever it is; keeps out listeners alone.
 * - `verify`: TLS with a valid certificate for the host's name, else nothing is sent.
 */
export type ClientTls = 'off' | 'may' | 'verify';

export interface ClientTarget {
  readonly host: string;
  readonly port: number;
  /** Name said in EHLO. */
  readonly name: string;
  readonly tls: ClientTls;
  /** PEM of the authorities to trust; the usual ones where absent. */
  readonly ca?: string;
  /** Given to a server whose name is proven, and to no other. */
  readonly credentials?: Credentials;
}

/** The conversation broke: no connection, a timeout, junk. */
export class ConnectionLost extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectionLost';
  }
}

interface Waiter {
  readonly resolve: (reply: ServerReply) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** One connection to an SMTP server: writes commands, hands out replies in order. */
export class SmtpClient {
  #socket: Socket;
  readonly #timeouts: ClientTimeouts;
  #reader = new SmtpReplyReader();
  readonly #waiters: Waiter[] = [];
  /** Replies that came before they were asked for, as they do when commands are pipelined. */
  readonly #early: ServerReply[] = [];
  #failure: Error | null = null;
  /** Extensions of the last EHLO, upper case, with their parameters. */
  extensions: ReadonlyMap<string, string> = new Map();
  /** Transactions finished. */
  transactions = 0;

  private constructor(socket: Socket, timeouts: ClientTimeouts) {
    this.#socket = socket;
    this.#timeouts = timeouts;
    this.#attach(socket);
  }

  /** Connects, reads the greeting, says EHLO (HELO where that is not known) and starts TLS; rejects with `ConnectionLost`. */
  static async open(target: ClientTarget, timeouts: ClientTimeouts): Promise<SmtpClient> {
    const client = new SmtpClient(await connectSocket(target.host, target.port, timeouts.connect), timeouts);
    try {
      const greeting = await client.reply(timeouts.command);
      if (greeting.code !== 220) throw new ConnectionLost(`greeting was ${greeting.code} ${greeting.text}`);
      await client.#hello(target.name);
      if (target.tls !== 'off' && client.extensions.has('STARTTLS')) await client.#startTls(target);
      else if (target.tls === 'verify') throw new ConnectionLost('server does not offer STARTTLS, which is required');
      if (target.credentials !== undefined) await client.#signIn(target, target.credentials);
      return client;
    } catch (error) {
      client.destroy();
      throw error;
    }
  }

  async #hello(name: string): Promise<void> {
    const { command } = this.#timeouts;
    const ehlo = await this.command(`EHLO ${name}`, command);
    if (ehlo.code === 250) {
      this.extensions = new Map(ehlo.lines.slice(1).map(extensionOf));
      return;
    }
    this.extensions = new Map();
    const helo = await this.command(`HELO ${name}`, command);
    if (helo.code !== 250) throw new ConnectionLost(`HELO was answered ${helo.code} ${helo.text}`);
  }

  async #startTls({ host, name, tls, ca }: ClientTarget): Promise<void> {
    const answer = await this.command('STARTTLS', this.#timeouts.command);
    if (answer.code !== 220) {
      if (tls === 'verify') throw new ConnectionLost(`STARTTLS was answered ${answer.code}`);
      return;
    }
    // What came in the clear after that must not be taken for the server's words inside TLS.
    if (this.#early.length > 0 || !this.#reader.isEmpty) throw new ConnectionLost('server spoke on in the clear');
    const plain = this.#socket;
    plain.removeAllListeners();
    const secure = connectTls({
      socket: plain,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      host,
      rejectUnauthorized: tls === 'verify',
      ...(ca === undefined ? {} : { ca }),
    });
    this.#socket = secure;
    this.#reader = new SmtpReplyReader();
    this.#attach(secure);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => secure.destroy(new Error('TLS handshake timed out')), this.#timeouts.command);
      const lost = () => reject(new ConnectionLost('TLS failed', { cause: this.#failure }));
      secure.once('secureConnect', () => {
        clearTimeout(timer);
        secure.off('close', lost);
        resolve();
      });
      secure.once('close', () => clearTimeout(timer)).once('close', lost);
    });
    await this.#hello(name);
  }

  async #signIn({ tls }: ClientTarget, credentials: Credentials): Promise<void> {
    if (tls !== 'verify') throw new ConnectionLost('a password is sent under verified TLS alone');
    const ask = (line: string) => this.command(line, this.#timeouts.command);
    const fault = await signIn(credentials, this.extensions.get('AUTH'), ask);
    if (fault !== null) throw new ConnectionLost(fault);
  }

  #attach(socket: Socket): void {
    socket.setNoDelay(true);
    socket.setTimeout(this.#timeouts.data, () => this.#fail(new ConnectionLost('nothing moved in time')));
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(new ConnectionLost('connection failed', { cause: error })));
    socket.on('close', () => this.#fail(new ConnectionLost('connection closed by the server')));
  }

  /** Whether a new transaction can start: open, and in step. A server about to close says 421 unasked. */
  get isReady(): boolean {
    return this.#failure === null && this.#socket.writable && this.#early.length === 0;
  }

  /** Whether the server accepts what it was not asked to yet. */
  get saysYesTooSoon(): boolean {
    return this.#early.some(({ code }) => code < 300);
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Writes chunks at the server's pace. */
  async writeAll(chunks: readonly Uint8Array[]): Promise<void> {
    this.#socket.cork();
    for (const chunk of chunks) {
      if (this.#failure !== null) return;
      if (this.#socket.write(chunk)) continue;
      this.#socket.uncork();
      await drained(this.#socket);
      this.#socket.cork();
    }
    this.#socket.uncork();
  }

  command(line: string, timeoutMs: number): Promise<ServerReply> {
    this.write(`${line}\r\n`);
    return this.reply(timeoutMs);
  }

  /** The next reply not yet handed out. */
  reply(timeoutMs: number): Promise<ServerReply> {
    const early = this.#early.shift();
    if (early !== undefined) return Promise.resolve(early);
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(new ConnectionLost('no reply in time')), timeoutMs);
      this.#waiters.push({ resolve, reject, timer });
    });
  }

  /** QUIT, without waiting for the answer longer than a second. */
  async quit(): Promise<void> {
    if (this.isReady) await this.command('QUIT', 1000).catch(() => null);
    this.destroy();
  }

  destroy(): void {
    this.#fail(new ConnectionLost('connection closed'));
  }

  #take(chunk: Buffer): void {
    try {
      for (const reply of this.#reader.push(chunk)) {
        const waiter = this.#waiters.shift();
        if (waiter === undefined) {
          this.#early.push(reply);
          continue;
        }
        clearTimeout(waiter.timer);
        waiter.resolve(reply);
      }
    } catch (error) {
      this.#fail(new ConnectionLost('server does not speak SMTP', { cause: error }));
    }
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#socket.destroy();
    for (const waiter of this.#waiters.splice(0)) {
      clearTimeout(waiter.timer);
      waiter.reject(error);
    }
  }
}

function connectSocket(host: string, port: number, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = setTimeout(() => socket.destroy(new Error('connect timed out')), timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(new ConnectionLost(`no connection to ${host}:${port}`, { cause: error }));
    });
  });
}

function extensionOf(line: string): readonly [string, string] {
  const [name = '', ...rest] = line.trim().split(/\s+/);
  return [name.toUpperCase(), rest.join(' ')];
}
