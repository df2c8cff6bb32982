import { jest } from '@jest/globals';
import { memorySource } from '../../src/core/byte-source.ts';
import { incompleteParts } from '../../src/core/part.ts';
import { DEFAULT_LIMITS } from '../../src/extract/budget.ts';
import { createScanPool, DEFAULT_POOL, type ScanPool } from '../../src/scan/scan-pool.ts';
import { hostileFiles } from './hostile-files.ts';
import { megabytes, peakOf } from './watch-memory.ts';

// What is tested is that each ends in the time and memory of one message, and is never clean unless its words were seen.
jest.setTimeout(180_000);

/** A sixth of what a message has, so that those that use it up do not take all day, ms. */
const TIME = 10_000;
/** Grace for a child that hangs, and a second try at the words, ms. */
const AFTER = 9_000;
/** Past its limit a child lives until the watchdog looks again. */
const OVERSHOOT = 1.2;

let pool: ScanPool;
beforeAll(() => {
  pool = createScanPool({ size: 1, limits: { ...DEFAULT_LIMITS, time: TIME } });
});
afterAll(() => pool.close());

describe('a hostile file ends in bounded time and memory, and is read or incomplete', () => {
  it.each(hostileFiles)('$what', async ({ name, make, words }) => {
    const bytes = await make();
    const kind = name.endsWith('.eml') ? 'email' : 'file';
    let peak = 0;
    const look = (): void => {
      for (const pid of pool.pids()) peak = Math.max(peak, peakOf(pid));
    };
    const watch = setInterval(look, 20);
    const started = performance.now();
    const opened = await pool.open({ kind, name, source: memorySource(bytes) });
    const ms = performance.now() - started;
    look();
    clearInterval(watch);
    expect(ms).toBeLessThan(TIME + AFTER);
    expect(megabytes(peak)).toBeLessThan(megabytes(DEFAULT_POOL.memory * OVERSHOOT));
    const isSeen = opened.parts.some(({ content }) => 'text' in content && content.text.includes(words ?? ''));
    const isIncomplete = incompleteParts(opened).length > 0;
    expect(isIncomplete || isSeen || words === null).toBe(true);
    expect(opened.parts.length).toBeLessThanOrEqual(DEFAULT_LIMITS.parts + 10);
  });
});
