import type { Log } from './log.ts';
import { type Repeating, repeat } from './repeat.ts';
import type { MessageRecord, Retention } from './stores.ts';

const EVERY_MS = 10 * 60_000;

/** Keeps what is stored within its terms for as long as it runs; the first step comes at once. */
export function startHousekeeping(messages: Pick<MessageRecord, 'tidyUp'>, retention: Retention, log: Log): Repeating {
  async function tidy(signal: AbortSignal): Promise<void> {
    for (let isDone = false; !isDone && !signal.aborted; ) {
      const { isDone: isLast, ...done } = await messages.tidyUp(retention);
      isDone = isLast;
      if (done.expired > 0 || done.purged > 0) log.info(done, 'tidied up');
    }
  }

  return repeat(tidy, { everyMs: EVERY_MS, onError: (err) => log.warn({ err }, 'tidying up failed') });
}
