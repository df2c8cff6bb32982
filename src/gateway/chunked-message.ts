import { PassThrough } from 'node:stream';
import type { SMTPServerDataStream } from 'smtp-server';
import { drained } from './drained.ts';

/** What became of a message: a reply that takes it, or one that refuses it. */
export interface MessageReply {
  readonly code: number;
  readonly text: string;
}

type Receive = (stream: SMTPServerDataStream) => Promise<MessageReply>;

/** A message that comes in chunks (RFC 3030), handed on as one stream. */
export class ChunkedMessage {
  readonly stream: SMTPServerDataStream;
  readonly #reply: Promise<MessageReply>;
  readonly #limit: number;
  #announced = 0;
  /** The last chunk is in: what is still to come is our reply. */
  isWhole = false;

  constructor(receive: Receive, limit: number) {
    this.stream = Object.assign(new PassThrough(), { byteLength: 0, sizeExceeded: false });
    // A message that is given up breaks its stream, which whoever reads it is told of.
    this.stream.on('error', () => {});
    this.#limit = limit;
    this.#reply = receive(this.stream);
  }

  /** Counts a chunk before it comes; false where the message would be too large. */
  announce(octets: number): boolean {
    this.#announced += octets;
    return this.#announced <= this.#limit;
  }

  async take(octets: Buffer): Promise<void> {
    const { stream } = this;
    if (stream.destroyed || octets.length === 0) return;
    stream.byteLength += octets.length;
    if (!stream.write(octets)) await drained(stream);
  }

  /** After the last chunk: what is to be answered. */
  finish(): Promise<MessageReply> {
    this.isWhole = true;
    this.stream.end();
    return this.#reply;
  }

  /** Breaks the stream, so that nothing of it is kept. */
  giveUp(): void {
    if (!this.isWhole) this.stream.destroy(Object.assign(new Error('message given up'), { code: 'ECONNECTION' }));
  }
}
