import type { Log } from './log.ts';
import type { MessageRecord, Retention } from './stores.ts';

const EVERY_MS = 10 * 60_000;

/** Keeps what is stored within its terms for as long as it runs; the first step comes at once. */
export function startHousekeeping(
  messages: Pick<MessageRecord, 'tidyUp'>,
  retention: Retention,
  log: Log,
): { stop(): Promise<void> } {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();

  async function tidy(): Promise<void> {
    for (let isDone = false; !isDone && !isStopped; ) {
      const { isDone: isLast, ...done } = await messages.tidyUp(retention);
      isDone = isLast;
      if (done.expired > 0 || done.purged > 0) log.info(done, 'tidied up');
    }
  }

  function next(): void {
    current = tidy()
      .catch((err: unknown) => log.warn({ err }, 'tidying up failed'))
      .then(() => {
        if (!isStopped) timer = setTimeout(next, EVERY_MS);
      });
  }

  next();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
