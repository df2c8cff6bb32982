export interface Repeating {
  /** Begins no other round, and resolves once the one in hand has ended. */
  stop(): Promise<void>;
}

/**
 * Does `work` again and again until stopped, with a pause after each round; a round that fails is reported and delays nothing.
 *
 * `work` is told by the signal that it need not finish what it can leave. Absent `delayMs`: the first round comes at once.
 */
export function repeat(
  work: (signal: AbortSignal) => Promise<void>,
  {
    everyMs,
    onError,
    delayMs = 0,
  }: { readonly everyMs: number; readonly onError: (err: unknown) => void; readonly delayMs?: number },
): Repeating {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();

  function next(): void {
    current = work(stopping.signal)
      .catch(onError)
      .then(() => {
        if (!stopping.signal.aborted) timer = setTimeout(next, everyMs);
      });
  }

  if (delayMs === 0) next();
  else timer = setTimeout(next, delayMs);
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await current;
    },
  };
}
