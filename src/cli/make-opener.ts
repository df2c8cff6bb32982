import { DEFAULT_LIMITS } from '../extract/budget.ts';
import { extractors } from '../extract/index.ts';
import type { Opener } from '../scan/engine.ts';
import { openParts } from '../scan/open-parts.ts';
import { createScanPool, type ScanPool } from '../scan/scan-pool.ts';

/** Opens drafts of plain text here, and everything else in a child process that may die of it. */
export function makeOpener(): { readonly open: Opener; close(): Promise<void> } {
  let pool: ScanPool | null = null;
  return {
    open: (request) => {
      if (request.kind === 'draft')
        return openParts(request, { extractors, limits: DEFAULT_LIMITS, now: () => performance.now() });
      pool ??= createScanPool();
      return pool.open(request);
    },
    close: async () => pool?.close(),
  };
}
