import type { Transform } from 'node:stream';
import type { ByteSource } from '../core/byte-source.ts';
import type { Budget } from './budget.ts';
import { Unreadable } from './unreadable.ts';

/** Runs a whole source through a decompressor, counted against the budget; gives what came before a fault with the fault. */
export async function expandStream(
  source: ByteSource,
  transform: Transform,
  budget: Budget,
): Promise<{ readonly bytes: Uint8Array; readonly fault: Unreadable | null }> {
  const chunks: Uint8Array[] = [];
  let read = 0;
  let total = 0;
  let fault: Unreadable | null = null;
  const feeding = (async () => {
    for await (const chunk of source.stream()) {
      if (transform.destroyed || transform.writableEnded) break;
      read += chunk.length;
      if (!transform.write(chunk))
        await new Promise<void>((resolve) => {
          for (const event of ['drain', 'close', 'error']) transform.once(event, () => resolve());
        });
    }
    transform.end();
  })().catch((error: unknown) => {
    transform.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const chunk of transform as AsyncIterable<Uint8Array>) {
      total += chunk.length;
      budget.takeBytes(chunk.length);
      budget.checkRatio(read, total);
      chunks.push(chunk);
    }
  } catch (error) {
    fault =
      error instanceof Unreadable
        ? error
        : new Unreadable('corrupt', 'the compressed data are damaged or end early', { cause: error });
  } finally {
    transform.destroy();
    await feeding;
  }
  return { bytes: chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks), fault };
}
