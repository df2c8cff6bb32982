/** Resolves when this process is asked to stop, or the process that started it is gone. A second request ends it at once. */
export function stopRequested(): Promise<string> {
  return new Promise((resolve) => {
    let isAsked = false;
    const ask = (signal: string) => {
      if (isAsked && signal !== 'disconnect') process.exit(1);
      isAsked = true;
      resolve(signal);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ask(signal));
    process.once('disconnect', () => {
      ask('disconnect');
      // The store goes with the parent; what is in hand is judged again by the next start.
      setTimeout(() => process.exit(1), 5_000).unref();
    });
  });
}
