import { DEFAULT_LIMITS } from '../extract/budget.ts';
import { extractors } from '../extract/index.ts';
import type { Opener } from '../scan/engine.ts';
import { openParts } from '../scan/open-parts.ts';

/** Opens drafts of plain text here, and everything else in a child process that may die of it. */
export function makeOpener(): { readonly open: Opener; close(): Promise<void> } {
  return {
    open: (request) => openParts(request, { extractors, limits: DEFAULT_LIMITS, now: () => performance.now() }),
    close: async () => {},
  };
}
