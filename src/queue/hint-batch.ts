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
/** So many in that time keep every worker busy, and a busy one asks for more by itself. */
const MANY_TAKES = 8;
const TAKE_WHEN_BUSY_MS = 60;
/** The longest a caller waits for a queue that is away. */
const WAIT_MS = 1000;

/**
 * Gathers hints while a write is under way and writes them together, each job once.
 *
 * `add` never rejects and never waits longer than a second, for a hint to take what came in not at all: a lost hint is given again
 * by the sweeper.
 */
export class HintBatch {
  readonly #write: (hints: readonly Hint[]) => Promise<void>;
  readonly #log: Log;
  #waiting = new Map<string, Hint>();
  #round: Promise<void> | null = null;
  #take: Hint | null = null;
  #takes = 0;
  #taking: Promise<void> | null = null;

  constructor(write: (hints: readonly Hint[]) => Promise<void>, log: Log) {
    this.#write = write;
    this.#log = log;
  }

  async add(hint: Hint): Promise<void> {
    if (hint.job.kind === 'take') {
      this.#take = hint;
      this.#takes += 1;
      this.#taking ??= this.#runTakes();
      return;
    }
    this.#waiting.set(`${hint.job.kind} ${hint.job.id}`, hint);
    this.#round ??= this.#run();
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(timeout.resolve, WAIT_MS);
    await Promise.race([this.#round, timeout.promise]);
    clearTimeout(timer);
  }

  /** Resolves once nothing is being written any more. */
  async settled(): Promise<void> {
    await Promise.all([this.#round, this.#taking]);
  }

  async #run(): Promise<void> {
    // A turn of the event loop gathers what arrived together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, BATCH);
      for (const [key] of batch) this.#waiting.delete(key);
      await this.#give(batch.map(([, hint]) => hint));
    }
    this.#round = null;
  }

  async #runTakes(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#take !== null) {
      const hint = this.#take;
      const isBusy = this.#takes >= MANY_TAKES;
      this.#take = null;
      this.#takes = 0;
      await this.#give([hint]);
      await sleep(isBusy ? TAKE_WHEN_BUSY_MS : TAKE_EVERY_MS);
    }
    this.#taking = null;
  }

  async #give(hints: readonly Hint[]): Promise<void> {
    try {
      await this.#write(hints);
    } catch (err) {
      this.#log.warn({ err, hints: hints.length }, 'queue did not take hints, the sweeper will give them again');
    }
  }
}
