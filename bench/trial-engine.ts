import { fileURLToPath } from 'node:url';
import { loadEngineParts, SHIPPED_RULES } from '../src/cli/load-engine.ts';
import { DEFAULT_LIMITS } from '../src/extract/budget.ts';
import { extractors } from '../src/extract/index.ts';
import type { Engine, Opener } from '../src/scan/engine.ts';
import { openParts } from '../src/scan/open-parts.ts';
import { createEngine } from '../src/scan/scan-message.ts';

/** The engine over the shipped rules and the registers of both breaches, opening in this process. */
export async function loadTrialEngine(): Promise<Engine> {
  const registers = fileURLToPath(new URL('../fixtures/registers', import.meta.url));
  const parts = await loadEngineParts({ rules: SHIPPED_RULES, registers }, Date.parse('2016-01-20T09:22:00Z'), {
    out: () => {},
    err: () => {},
    stdin: async () => new Uint8Array(),
    isTerminal: false,
    now: () => Date.parse('2016-01-20T09:22:00Z'),
    env: {},
  });
  const open: Opener = (request) =>
    openParts(request, { extractors, limits: DEFAULT_LIMITS, now: () => performance.now() });
  return createEngine({ ...parts, open });
}
