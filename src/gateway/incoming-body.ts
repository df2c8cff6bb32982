import { type ByteSource, memorySource } from '../core/byte-source.ts';
import type { Spool } from '../service/spool.ts';

/** What all connections together are taking in. */
export interface BytesInHand {
  bytes: number;
  inMemory: number;
}

/** A message longer than this waits on disk, as does any while so much is in memory already. */
const IN_MEMORY = 1 << 20;
const ALL_IN_MEMORY = 64 << 20;

/** A message on its way in: in memory while it is small, else on a sealed spool. */
export class IncomingBody {
  private readonly openSpool: () => Spool;
  private readonly inHand: BytesInHand;
  private chunks: Uint8Array[] = [];
  private held = 0;
  private bytes = 0;
  private spool: Spool | null = null;

  constructor(openSpool: () => Spool, inHand: BytesInHand) {
    this.openSpool = openSpool;
    this.inHand = inHand;
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.bytes += chunk.length;
    this.inHand.bytes += chunk.length;
    if (this.spool !== null) return this.spool.append(chunk);
    this.chunks.push(chunk);
    this.held += chunk.length;
    this.inHand.inMemory += chunk.length;
    if (this.held > IN_MEMORY || this.inHand.inMemory > ALL_IN_MEMORY) await this.moveToSpool();
  }

  async finish(): Promise<ByteSource> {
    return this.spool === null ? memorySource(Buffer.concat(this.chunks)) : this.spool.finish();
  }

  /** Forgets the message; it has been stored, or refused. */
  async close(): Promise<void> {
    this.inHand.bytes -= this.bytes;
    this.bytes = 0;
    this.letGo();
    await this.spool?.close();
  }

  private async moveToSpool(): Promise<void> {
    this.spool = this.openSpool();
    for (const chunk of this.chunks) await this.spool.append(chunk);
    this.letGo();
  }

  private letGo(): void {
    this.inHand.inMemory -= this.held;
    this.held = 0;
    this.chunks = [];
  }
}
