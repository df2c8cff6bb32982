import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './log.ts';

/** A store that is away for longer costs a second delivery under the same id. */
const PATIENCE_MS = 120_000;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Writes down what has happened, again and again while the store is away: forgetting that a message was delivered would deliver it twice.
 *
 * @throws the last error once patience is over.
 */
export async function recordSurely(write: () => Promise<void>, log: Log, patienceMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let pause = 100; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      return await write();
    } catch (err) {
      if (performance.now() + pause > deadline) throw err;
      log.warn({ err }, 'delivery could not be recorded yet, the store is asked again');
      await sleep(pause);
    }
  }
}
