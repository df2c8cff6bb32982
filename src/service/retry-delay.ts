const MINUTE = 60_000;

/** How long cleared mail is tried before it is returned; RFC 5321 section 4.5.4.1 names four to five days. */
export const DELIVERY_EXPIRY_MS = 5 * 24 * 60 * MINUTE;

/** After how long a sender is told that the mail still waits. */
export const DELAY_NOTICE_MS = 4 * 60 * MINUTE;

const FIRST_MS = 5_000;
const LONGEST_MS = 30 * MINUTE;
/** No server was reached: that is not the mail's own fault, and it should go soon after one is back. */
const LONGEST_UNREACHED_MS = 2 * MINUTE;

/**
 * Milliseconds until an attempt is repeated: doubling from 5 s to 30 minutes (2 where no server was reached), with half of it
 * random, so that mail deferred together does not come back together.
 *
 * `attempt` counts from 1; `random` is in [0, 1).
 */
export function retryDelay(attempt: number, random: number, wasReached = true): number {
  const longest = wasReached ? LONGEST_MS : LONGEST_UNREACHED_MS;
  const most = Math.min(longest, FIRST_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.round(most / 2 + (random * most) / 2);
}
