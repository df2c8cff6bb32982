import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../service/log.ts';
import type { PendingJob } from '../service/ports.ts';

export interface Hint {
  readonly job: PendingJob;
  readonly runAt: number | null;
  readonly priority: 'interactive' | 'bulk';
}

/** Hints written at most at once. */
const BATCH = 200;
/** One hint to take what came in wakes a worker for all of it; under load there is one in so many ms. */
const TAKE_EVERY_MS = 15;
const TAKE = 'take';
/** The longest a caller waits for a queue that is away. */
const WAIT_MS = 1000;

/**
 * Gathers hints while a write is under way and writes them together, each job once.
 *
 * `add` never rejects and never waits longer than a second: a lost hint is given again by the sweeper.
 */
export class HintBatch {
  readonly #write: (hints: readonly Hint[]) => Promise<void>;
  readonly #log: Log;
  #waiting = new Map<string, Hint>();
  #round: Promise<void> | null = null;

  constructor(write: (hints: readonly Hint[]) => Promise<void>, log: Log) {
    this.#write = write;
    this.#log = log;
  }

  async add(hint: Hint): Promise<void> {
    this.#waiting.set(keyOf(hint.job), hint);
    this.#round ??= this.#run();
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(timeout.resolve, WAIT_MS);
    await Promise.race([this.#round, timeout.promise]);
    clearTimeout(timer);
  }

  /** Resolves once nothing is being written any more. */
  async settled(): Promise<void> {
    await this.#round;
  }

  async #run(): Promise<void> {
    // A turn of the event loop gathers what arrived together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, BATCH);
      for (const [key] of batch) this.#waiting.delete(key);
      const isTake = batch.some(([key]) => key === TAKE);
      try {
        await this.#write(batch.map(([, hint]) => hint));
      } catch (err) {
        this.#log.warn({ err, hints: batch.length }, 'queue did not take hints, the sweeper will give them again');
      }
      if (isTake) await sleep(TAKE_EVERY_MS);
    }
    this.#round = null;
  }
}

function keyOf({ kind, id }: PendingJob): string {
  return kind === 'take' ? TAKE : `${kind} ${id}`;
}
