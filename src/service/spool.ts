import type { ByteSource } from '../core/byte-source.ts';

/** Where a large message waits while it comes in; nothing of it is readable on disk. */
export interface Spool {
  append(bytes: Uint8Array): Promise<void>;
  /** All that was appended; readable until `close`. */
  finish(): Promise<ByteSource>;
  /** Forgets everything. */
  close(): Promise<void>;
}
