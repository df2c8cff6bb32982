import type { JobQueue, PendingJob } from '../../src/service/ports.ts';

/** Hands hints out in order, in this process. `isDeaf`: loses every hint, as a flushed queue does. */
export class MemoryQueue implements JobQueue {
  isDeaf = false;
  readonly added: PendingJob[] = [];
  #handle: ((job: PendingJob) => Promise<void>) | null = null;
  #last: Promise<void> = Promise.resolve();

  async add(job: PendingJob): Promise<void> {
    if (this.isDeaf) return;
    this.added.push(job);
    this.#last = this.#last.then(() => this.#handle?.(job));
  }

  async work(handle: (job: PendingJob) => Promise<void>): Promise<void> {
    this.#handle = handle;
    for (const job of this.added) this.#last = this.#last.then(() => handle(job));
  }

  async close(): Promise<void> {
    await this.#last;
  }
}
