export interface IntakePace {
  /** Milliseconds that the answer to a sender's message is kept back, by how far its sender is ahead of its turn. */
  delayFor(turnAfterMs: number): number;
}

/** Waiting messages up to which nobody is kept back; then 1 ms for each 10 more. */
const FREE = 5000;
const MESSAGES_A_MS = 10;
/** Counting more would cost more than it tells. */
export const COUNTED = 10_000;
/** A sender that is not so far ahead of its turn is never kept back. */
const MODEST_MS = 1000;
const LOOK_EVERY_MS = 500;

/**
 * Backpressure: while much waits to be judged, those who send much get their answers later, and so send at the pace of the workers.
 *
 * The message is durable by then, so that nothing depends on the wait; it stays far below what any client waits for an answer (RFC 5321 section 4.5.3.2.6).
 */
export function paceIntake(countFresh: (limit: number) => Promise<number>, now: () => number): IntakePace {
  let waiting = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;

  function look(): void {
    if (now() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = now();
    countFresh(COUNTED).then(
      (count) => {
        waiting = count;
      },
      // A store that does not answer refuses mail by itself.
      () => {},
    );
  }

  return {
    delayFor(turnAfterMs) {
      look();
      return turnAfterMs <= MODEST_MS ? 0 : Math.round(Math.max(0, waiting - FREE) / MESSAGES_A_MS);
    },
  };
}
