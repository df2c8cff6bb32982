import type { IncomingMessage } from 'node:http';
import { aProblem, type Problem } from './problem.ts';

/** Bytes a refused client may still send before the connection is cut: enough for most to read the answer first. */
const DRAINED_BYTES = 64 * 1024 * 1024;
const DRAINED_MS = 10_000;

/** Counts the bytes of all bodies in memory, so that many large uploads at once cannot exhaust it. */
export interface BodyBudget {
  /** False where there is no room. */
  reserve(bytes: number): boolean;
  free(bytes: number): void;
}

export function createBodyBudget(limit: number): BodyBudget {
  let used = 0;
  return {
    reserve(bytes) {
      if (used + bytes > limit) return false;
      used += bytes;
      return true;
    },
    free(bytes) {
      used -= bytes;
    },
  };
}

export type BodyResult =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly free: () => void }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Reads a request body of at most `limit` bytes, counted on what arrives and not on what the header claims.
 *
 * The caller frees the budget once it is done with the bytes.
 */
export async function readBody(request: IncomingMessage, limit: number, budget: BodyBudget): Promise<BodyResult> {
  const tooLarge = aProblem(
    'too-large',
    `The body is larger than ${describeBytes(limit)}. Send the large files another way, or split the message.`,
  );
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    drain(request);
    return { ok: false, problem: tooLarge };
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    drain(request);
    const detail = 'The body is compressed by Content-Encoding; send it as it is.';
    return { ok: false, problem: aProblem('unsupported-media-type', detail) };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const give = (problem: Problem): BodyResult => {
    budget.free(size);
    drain(request);
    return { ok: false, problem };
  };
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Uint8Array;
      if (size + bytes.length > limit) return give(tooLarge);
      if (!budget.reserve(bytes.length)) {
        const detail = 'Other large messages are being received. Send this one again in a few seconds.';
        return give(aProblem('not-ready', detail, { headers: { 'Retry-After': '5' } }));
      }
      size += bytes.length;
      chunks.push(bytes);
    }
  } catch {
    // The client left in the middle; nobody reads this answer.
    return give(aProblem('malformed-request', 'The body did not arrive whole; send it again.'));
  }
  return { ok: true, bytes: Buffer.concat(chunks, size), free: () => budget.free(size) };
}

/** Lets the client finish sending for a while: one that is cut off while it sends never reads the answer. */
function drain(request: IncomingMessage): void {
  let seen = 0;
  const cut = setTimeout(() => request.destroy(), DRAINED_MS).unref();
  request.on('data', (chunk: Uint8Array) => {
    seen += chunk.length;
    if (seen > DRAINED_BYTES) request.destroy();
  });
  request.once('close', () => clearTimeout(cut));
  request.on('error', () => clearTimeout(cut));
  request.resume();
}

function describeBytes(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / (1024 * 1024))} MB` : `${bytes} bytes`;
}
