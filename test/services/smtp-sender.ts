import { connect, type Socket } from 'node:net';

/** When a mail's final dot went out and when its 250 came, in epoch milliseconds. */
export interface Sent {
  readonly dotAt: number;
  readonly answeredAt: number;
  readonly reply: string;
}

/** One SMTP connection that sends mail after mail. */
export class SmtpSender {
  readonly #socket: Socket;
  #received = '';
  #wake: (() => void) | null = null;
  #error: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true);
    socket.on('error', (error) => {
      this.#error = error;
      this.#wake?.();
    });
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1');
      this.#wake?.();
    });
  }

  static async open(port: number): Promise<SmtpSender> {
    const sender = new SmtpSender(connect(port, '127.0.0.1'));
    await sender.#reply();
    sender.#socket.write('EHLO bench.example\r\n');
    await sender.#reply();
    return sender;
  }

  /** @throws Error where the mail is refused. */
  async send(from: string, to: readonly string[], content: string): Promise<Sent> {
    this.#socket.write(
      [`MAIL FROM:<${from}>`, ...to.map((address) => `RCPT TO:<${address}>`), 'DATA', ''].join('\r\n'),
    );
    for (let replies = 0; replies < to.length + 2; replies += 1) {
      const reply = await this.#reply();
      if (!/^[23]/.test(reply)) throw new Error(`refused: ${reply}`);
    }
    this.#socket.write(`${content}\r\n.\r\n`);
    const dotAt = performance.timeOrigin + performance.now();
    const reply = await this.#reply();
    if (!reply.startsWith('250')) throw new Error(`refused: ${reply}`);
    return { dotAt, answeredAt: performance.timeOrigin + performance.now(), reply };
  }

  close(): void {
    this.#socket.end('QUIT\r\n');
  }

  async #reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n/.exec(this.#received);
      if (match !== null) {
        this.#received = this.#received.slice(match[0].length);
        return match[0];
      }
      if (this.#socket.destroyed) throw new Error('connection lost', { cause: this.#error });
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** A mail of words alone, of about so many bytes. */
export function aSmallMail(token: string, bytes = 5000, from = 'a@department.example'): string {
  const head = [
    `X-Token: ${token}`,
    `From: ${from}`,
    'To: b@network.example',
    `Subject: Agenda ${token}`,
    `Message-ID: <${token}@department.example>`,
    '',
    '',
  ].join('\r\n');
  const line = 'Please find the agenda of our next meeting below, and tell me what is missing.\r\n';
  return head + line.repeat(Math.max(1, Math.floor((bytes - head.length) / line.length)));
}

/** A mail with a file of random bytes, which nobody can look into, or of a table, which takes time to read. */
export function aLargeMail(token: string, rows: number, from: string): string {
  const table = Array.from(
    { length: rows },
    (_, row) => `${row},${(row * 7919) % 1000},area ${row % 40},text of row ${row}`,
  );
  const encoded = Buffer.from(['id,value,area,text', ...table].join('\r\n')).toString('base64');
  return [
    `X-Token: ${token}`,
    `From: ${from}`,
    'To: b@network.example',
    `Subject: Table ${token}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain',
    '',
    'The table is attached.',
    '--x',
    'Content-Type: text/csv; name=table.csv',
    'Content-Disposition: attachment; filename=table.csv',
    'Content-Transfer-Encoding: base64',
    '',
    encoded.replace(/.{76}/g, '$&\r\n'),
    '--x--',
    '',
  ].join('\r\n');
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
