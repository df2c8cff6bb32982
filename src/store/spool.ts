import { randomBytes } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '../core/byte-source.ts';
import type { Spool } from '../service/spool.ts';
import { forget, openChunk, seal } from './sealing.ts';

/** What waits in memory for each message that comes in; there may be hundreds of them. */
const CHUNK_BYTES = 128 * 1024;
/** Nonce and tag of a sealed chunk. */
const SEAL_BYTES = 28;
const SEALED_BYTES = CHUNK_BYTES + SEAL_BYTES;

/**
 * Makes spools in a folder, for messages that are too large to be held in memory while they come in.
 *
 * What is on disk is sealed with a key that nobody keeps, in a file without a name: it cannot be read while it is there, and is
 * gone with the process, however that ends.
 */
export function createSpools(folder: string): () => Spool {
  return () => new SealedSpool(folder);
}

class SealedSpool implements Spool {
  private readonly folder: string;
  private readonly key = randomBytes(32);
  private readonly id = randomBytes(12).toString('hex');
  private file: FileHandle | null = null;
  /** Filled again and again. */
  private readonly waiting = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private filled = 0;
  private chunks = 0;
  private size = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.size += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.subarray(at, at + CHUNK_BYTES - this.filled);
      this.waiting.set(taken, this.filled);
      this.filled += taken.length;
      at += taken.length;
      if (this.filled === CHUNK_BYTES) await this.flush();
    }
  }

  async finish(): Promise<ByteSource> {
    if (this.filled > 0) await this.flush();
    return new SpooledSource(this.size, (index) => this.chunk(index));
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.close();
  }

  private async flush(): Promise<void> {
    this.file ??= await this.openFile();
    const sealed = seal(this.waiting.subarray(0, this.filled), this.key, `${this.id}/content/${this.chunks}/more`);
    await this.file.write(sealed, 0, sealed.length, this.chunks * SEALED_BYTES);
    forget(sealed);
    this.chunks += 1;
    this.filled = 0;
  }

  /** Without a name from the start: only this process can reach it. */
  private async openFile(): Promise<FileHandle> {
    const path = join(this.folder, `spool-${this.id}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return file;
  }

  private async chunk(index: number): Promise<Buffer> {
    if (this.file === null) throw new Error('the spool is closed');
    const length = Math.min(SEALED_BYTES, this.size - index * CHUNK_BYTES + SEAL_BYTES);
    const sealed = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.file.read(sealed, 0, length, index * SEALED_BYTES);
    const plain = openChunk(this.id, index, false, sealed.subarray(0, bytesRead), this.key);
    forget(sealed);
    return plain;
  }
}

class SpooledSource implements ByteSource {
  readonly size: number;
  readonly memory = null;
  private readonly chunk: (index: number) => Promise<Buffer>;
  private last: { readonly index: number; readonly bytes: Buffer } | null = null;

  constructor(size: number, chunk: (index: number) => Promise<Buffer>) {
    this.size = size;
    this.chunk = chunk;
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    const to = Math.min(end, this.size);
    const from = Math.max(0, Math.min(start, to));
    const pieces: Uint8Array[] = [];
    for (let index = Math.floor(from / CHUNK_BYTES); index * CHUNK_BYTES < to; index += 1) {
      const bytes = await this.at(index);
      const base = index * CHUNK_BYTES;
      pieces.push(bytes.subarray(Math.max(0, from - base), Math.min(bytes.length, to - base)));
    }
    return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index * CHUNK_BYTES < this.size; index += 1) yield await this.at(index);
  }

  private async at(index: number): Promise<Buffer> {
    if (this.last?.index === index) return this.last.bytes;
    const bytes = await this.chunk(index);
    this.last = { index, bytes };
    return bytes;
  }
}
