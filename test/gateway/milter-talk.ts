import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MilterPacket, MilterPacketReader, milterPacket } from '../../src/gateway/milter-packets.ts';

const text = (...strings: string[]) => Buffer.from(strings.map((one) => `${one}\0`).join(''), 'latin1');

/** An MTA's side of the milter protocol. */
export class MilterTalk {
  readonly #socket: Socket;
  readonly #packets: MilterPacket[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new MilterPacketReader();
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#packets.push(...reader.push(chunk)));
  }

  static async open(port: number): Promise<MilterTalk> {
    return new MilterTalk(connect(port, '127.0.0.1'));
  }

  send(code: string, data?: Uint8Array): void {
    this.#socket.write(milterPacket(code, data));
  }

  raw(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** The next packet; null once the connection is closed. */
  async next(): Promise<MilterPacket | null> {
    for (;;) {
      const packet = this.#packets.shift();
      if (packet !== undefined) return packet;
      if (this.#socket.closed) return null;
      await sleep(2);
    }
  }

  get waiting(): number {
    return this.#packets.length;
  }

  async negotiate(actions = 0x1ff, protocol = 0x1fffff, version = 6): Promise<readonly number[]> {
    const offer = Buffer.alloc(12);
    for (const [index, value] of [version, actions, protocol].entries()) offer.writeUInt32BE(value, index * 4);
    this.send('O', offer);
    const answer = (await this.next())?.data ?? Buffer.alloc(12);
    return [0, 4, 8].map((at) => answer.readUInt32BE(at));
  }

  envelope(from: string, to: readonly string[]): void {
    this.send('D', Buffer.concat([Buffer.from('C'), text('j', 'mta.example')]));
    this.send(
      'C',
      Buffer.concat([text('client.example'), Buffer.from('4'), Buffer.from([0x1f, 0x90]), text('192.0.2.1')]),
    );
    this.send('H', text('client.example'));
    this.mail(from, to);
  }

  mail(from: string, to: readonly string[]): void {
    this.send('M', text(from, 'SIZE=100'));
    for (const one of to) this.send('R', text(one));
    this.send('T');
  }

  message(headers: readonly (readonly [string, string])[], body: string): void {
    for (const [name, value] of headers) {
      this.send('D', Buffer.concat([Buffer.from('L'), text('i', '4XyZ')]));
      this.send('L', text(name, value));
    }
    this.send('N');
    if (body !== '') this.send('B', Buffer.from(body, 'latin1'));
    this.send('E');
  }

  close(): void {
    this.#socket.destroy();
  }
}
