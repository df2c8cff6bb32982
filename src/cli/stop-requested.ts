/** Within this, a second signal is the same Ctrl-C: the terminal sends it to all, and npm passes it on once more. */
const SAME_REQUEST_MS = 1_000;
const ORPHAN_MS = 5_000;

/**
 * Resolves when this process is asked to stop, or the process that started it is gone. A second request ends it at once, and so does
 * `limit` where by then it still waits for something: a database that is gone for good never takes back what is in hand.
 */
export function stopRequested(limit?: { readonly ms: number; readonly tell: () => void }): Promise<string> {
  return new Promise((resolve) => {
    let askedAt: number | null = null;
    const ask = (signal: string) => {
      if (askedAt !== null && performance.now() - askedAt > SAME_REQUEST_MS) process.exit(1);
      if (askedAt === null && limit !== undefined) setTimeout(() => giveUp(limit.tell), limit.ms).unref();
      askedAt ??= performance.now();
      resolve(signal);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ask(signal));
    process.once('disconnect', () => {
      resolve('disconnect');
      // The store goes with the parent; what is in hand is judged again by the next start.
      setTimeout(() => process.exit(1), ORPHAN_MS).unref();
    });
  });
}

function giveUp(tell: () => void): void {
  tell();
  process.exit(1);
}
