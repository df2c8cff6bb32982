import type { Log } from './log.ts';

export interface TakingDeps<T> {
  /** Rejects while nothing can be judged: then nothing is taken. */
  readonly ready: () => Promise<unknown>;
  readonly take: (limit: number) => Promise<readonly T[]>;
  /** Never rejects. */
  readonly judge: (taken: T) => Promise<void>;
  /** In hand at most. */
  readonly most: number;
  readonly log: Log;
  /** How late something is found that no hint told of. */
  readonly idleMs?: number;
}

export interface Taking {
  /** There is something: the store is asked for it as soon as there is a hand free. */
  wake(): void;
  /** Takes nothing more, and finishes what is in hand. */
  stop(): Promise<void>;
}

const IDLE_MS = 250;
const FAULT_MS = 1000;

/**
 * Keeps a worker's hands full for as long as it runs: asks the store for many messages at once, and again when half of them are done.
 *
 * Whose turn it is the store knows, so that no sender's thousands stand before another's one, whatever carries the hints.
 */
export function startTaking<T>(deps: TakingDeps<T>): Taking {
  const { ready, take, judge, most, log, idleMs = IDLE_MS } = deps;
  const inHand = new Set<Promise<void>>();
  const stopped = Promise.withResolvers<void>();
  let isStopped = false;
  let nudge = Promise.withResolvers<void>();

  function start(taken: T): void {
    const judging = judge(taken).finally(() => {
      inHand.delete(judging);
      if (inHand.size <= most / 2) nudge.resolve();
    });
    inHand.add(judging);
  }

  /** Asks where half the hands are free, and answers whether there may be more at once. */
  async function takeOnce(): Promise<'full' | 'more' | 'none' | 'unready'> {
    const free = most - inHand.size;
    if (free < most / 2) return 'full';
    // Whoever reads rules and registers has told why.
    const isReady = await ready().then(
      () => true,
      () => false,
    );
    if (!isReady) return 'unready';
    const taken = await take(free);
    for (const one of taken) start(one);
    return taken.length === free ? 'more' : 'none';
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      nudge = Promise.withResolvers();
      try {
        const found = await takeOnce();
        if (found === 'unready') await atMost(FAULT_MS, stopped.promise);
        else await (found === 'none' ? atMost(idleMs, nudge.promise) : nudge.promise);
      } catch (err) {
        log.warn({ err }, 'nothing could be taken from the store');
        // Whatever wakes us: what is away is not asked all the time.
        await atMost(FAULT_MS, stopped.promise);
      }
    }
  }

  const running = run();
  return {
    wake: () => nudge.resolve(),
    async stop() {
      isStopped = true;
      stopped.resolve();
      nudge.resolve();
      await running;
      await Promise.all(inHand);
    },
  };
}

async function atMost(ms: number, event: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([event, late.promise]);
  clearTimeout(timer);
}
