import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';

/** A client that writes exactly the bytes a test wants, and reads replies line by line. */
export class SmtpTalk {
  readonly #socket: Socket;
  #received = '';
  readonly #take = (chunk: Buffer) => {
    this.#received += chunk.toString('latin1');
  };

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#take);
    socket.setNoDelay(true);
    socket.on('error', () => {});
  }

  /** The same conversation, after STARTTLS was accepted, over a socket laid upon its own. */
  async secure(wrap: (socket: Socket) => TLSSocket): Promise<SmtpTalk> {
    this.#socket.off('data', this.#take);
    const secure = wrap(this.#socket);
    await once(secure, 'secureConnect');
    return new SmtpTalk(secure);
  }

  /** Connects and answers with the greeting read. */
  static async open(port: number, host = '127.0.0.1'): Promise<{ talk: SmtpTalk; greeting: string }> {
    const socket = connect(port, host);
    const talk = new SmtpTalk(socket);
    return { talk, greeting: await talk.reply() };
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** The next whole reply, its lines joined by newlines. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n/.exec(this.#received);
      if (match !== null) {
        this.#received = this.#received.slice(match[0].length);
        return match[0].replace(/\r/g, '').trimEnd();
      }
      if (this.#socket.closed) return this.#received === '' ? '(closed)' : this.#received;
      await sleep(2);
    }
  }

  async say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** MAIL, RCPT and DATA up to the 354; answers the first refusal else. */
  async envelope(from: string, to: readonly string[]): Promise<string> {
    await this.say('EHLO client.example');
    for (const line of [`MAIL FROM:${from}`, ...to.map((one) => `RCPT TO:${one}`), 'DATA']) {
      const reply = await this.say(line);
      if (!/^[23]/.test(reply)) return reply;
      if (line === 'DATA') return reply;
    }
    return '';
  }

  async send(from: string, to: readonly string[], data: string | Uint8Array): Promise<string> {
    const reply = await this.envelope(from, to);
    if (!reply.startsWith('354')) return reply;
    this.write(data);
    this.write('\r\n.\r\n');
    return this.reply();
  }

  get isClosed(): boolean {
    return this.#socket.closed;
  }

  close(): void {
    this.#socket.destroy();
  }
}
