import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';

type Done = (error?: Error | null) => void;

interface Chunk {
  left: number;
  readonly take: (octets: Buffer) => Promise<void>;
  /** What follows is read as commands once it resolves. */
  readonly end: () => Promise<void>;
}

/** `smtp-server`'s parser of commands and DATA, which can also take so many octets as they are: the chunks of BDAT (RFC 3030). */
export class ChunkParser extends SMTPStream {
  #chunk: Chunk | null = null;

  /** Takes the next `octets` as they are; call from a command's handler, before its callback. */
  startChunk(octets: number, take: Chunk['take'], end: Chunk['end']): void {
    this.#chunk = { left: octets, take, end };
    this._dataMode = true;
  }

  override _feedDataStream(bytes: Buffer, done: Done): void {
    const chunk = this.#chunk;
    if (chunk === null) {
      super._feedDataStream(bytes, done);
      return;
    }
    const part = bytes.subarray(0, chunk.left);
    const rest = bytes.subarray(part.length);
    chunk.left -= part.length;
    const taken = async () => {
      await chunk.take(part);
      if (chunk.left > 0) return done();
      this.#chunk = null;
      this._dataMode = false;
      this._remainder = '';
      await chunk.end();
      this._write(rest, 'buffer', done);
    };
    taken().catch((error: unknown) => done(error instanceof Error ? error : new Error('chunk lost', { cause: error })));
  }
}
