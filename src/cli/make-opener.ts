import { DEFAULT_LIMITS } from '../extract/budget.ts';
import { sniffType } from '../extract/detect-type.ts';
import { extractors } from '../extract/index.ts';
import type { Opener } from '../scan/engine.ts';
import { openParts } from '../scan/open-parts.ts';
import type { PoolOptions, ScanPool } from '../scan/scan-pool.ts';

const PLAIN_DRAFT = 256 * 1024;

/**
 * Opens plain text drafts in this process, since nothing in them could hurt, and everything else in a child process that
 * may die of it. The children start with the first message that needs one.
 */
export function makeOpener(options: Partial<PoolOptions> = {}): {
  readonly open: Opener;
  /** Starts the children now. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
} {
  let pool: Promise<ScanPool> | null = null;
  const startPool = async () => (await import('../scan/scan-pool.ts')).createScanPool(options);
  return {
    async open(request) {
      if (isPlainDraft(request))
        return openParts(request, {
          extractors,
          limits: options.limits ?? DEFAULT_LIMITS,
          now: () => performance.now(),
        });
      pool ??= startPool();
      return (await pool).open(request);
    },
    async warmUp() {
      pool ??= startPool();
      await (await pool).warmUp();
    },
    async close() {
      await (await pool)?.close();
    },
  };
}

function isPlainDraft({ kind, source }: Parameters<Opener>[0]): boolean {
  const { memory } = source;
  return kind === 'draft' && memory !== null && memory.length <= PLAIN_DRAFT && sniffType(memory) === 'text/plain';
}
