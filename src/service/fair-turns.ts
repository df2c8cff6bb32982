export interface FairTurns {
  /**
   * How long after what comes in now a sender's next message has its turn, in ms.
   *
   * `recipients` and `bytes` tell what it costs.
   */
  next(sender: string, recipients: number, bytes: number): number;
}

/** What a sender may use of the machine before others go first: some 40 small mails a second, or 25 MB. */
const MS_A_MAIL = 25;
const MS_A_MEGABYTE = 40;
const MS_A_RECIPIENT = 2;
/** No turn is put off for longer: what one sender sends in a day still goes that day. */
const LONGEST_MS = 3_600_000;
/** Senders remembered; those whose time has passed are forgotten first. */
const MOST_SENDERS = 20_000;

/**
 * Turns by virtual time, as in fair queuing: each message moves its sender's clock on by what it costs, and never keeps a free machine idle.
 *
 * Each gateway keeps its own: a sender that uses two of them has two shares. `now` is a monotonic clock in ms.
 */
export function createFairTurns(now: () => number): FairTurns {
  const clocks = new Map<string, number>();
  return {
    next(sender, recipients, bytes) {
      const at = now();
      const key = sender.toLowerCase();
      const turn = Math.max(at, clocks.get(key) ?? at);
      const cost = MS_A_MAIL + MS_A_RECIPIENT * (recipients - 1) + MS_A_MEGABYTE * Math.floor(bytes / 2 ** 20);
      // The order of the map is that of the last message, so the first ones are the longest silent.
      clocks.delete(key);
      clocks.set(key, Math.min(turn + cost, at + LONGEST_MS));
      if (clocks.size > MOST_SENDERS) forget(clocks, at);
      return Math.round(turn - at);
    },
  };
}

function forget(clocks: Map<string, number>, at: number): void {
  for (const [sender, turn] of clocks) if (turn <= at) clocks.delete(sender);
  for (const sender of clocks.keys()) {
    if (clocks.size <= MOST_SENDERS / 2) return;
    clocks.delete(sender);
  }
}
