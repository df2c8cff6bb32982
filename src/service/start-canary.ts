import type { Instant, Registers } from '../core/entry.ts';
import type { MessageState } from '../core/message.ts';
import type { Log } from './log.ts';
import { type Repeating, repeat } from './repeat.ts';

/** How the canary before one lift fared. */
export interface CanaryReport {
  readonly lift: Instant;
  readonly isThrough: boolean;
  /** From its intake to the next hop's answer, or until it was given up, ms. */
  readonly ms: number;
}

export interface CanaryDeps {
  /** Rejects while nothing can be judged. */
  readonly registers: () => Promise<Registers>;
  /** Hands in a canary as a gateway would a mail; answers its id. */
  readonly send: () => Promise<string>;
  readonly stateOf: (id: string) => Promise<MessageState | null>;
  /** Takes a canary out of the record. */
  readonly forget: (id: string) => Promise<void>;
  /** State that a mail comes to where all is well: `cleared` where there is no next hop. */
  readonly end: MessageState;
  readonly now: () => Instant;
  readonly log: Log;
  readonly report: (report: CanaryReport) => void;
  readonly times?: Partial<CanaryTimes>;
}

/** All in ms. */
export interface CanaryTimes {
  /** So long before a lift its canary goes. */
  readonly lead: number;
  /** Given up after this. */
  readonly limit: number;
  /** Between two looks at the registers. */
  readonly look: number;
  /** After one that did not get through another one goes. */
  readonly again: number;
}

export interface Canary extends Repeating {
  /** One line for each coming lift whose canary did not get through; empty where all is well. */
  warnings(): readonly string[];
}

export const CANARY_TIMES: CanaryTimes = { lead: 10 * 60_000, limit: 60_000, look: 5_000, again: 60_000 };
const POLL_MS = 250;

/**
 * Sends a message through the whole path some minutes before each lift, up to the next hop's door, and tells operators while there is
 * time to act. It carries nothing, and no server is ever given it.
 *
 * Every server process sends its own, as each has its own way in.
 */
export function startCanary(deps: CanaryDeps): Canary {
  const { registers, now, log } = deps;
  const times = { ...CANARY_TIMES, ...deps.times };
  const next = new Map<Instant, number>();
  const failed = new Map<Instant, string>();

  async function look(signal: AbortSignal): Promise<void> {
    const { embargoes } = await registers();
    const at = now();
    for (const lift of next.keys()) {
      if (lift > at) continue;
      next.delete(lift);
      failed.delete(lift);
    }
    const lifts = embargoes
      .filter(({ status, until }) => status === 'scheduled' && until > at && until <= at + times.lead)
      .map(({ until }) => until);
    for (const lift of new Set(lifts)) if ((next.get(lift) ?? 0) <= at && !signal.aborted) await check(lift, signal);
    // One whose release was postponed meanwhile warns of nothing.
    for (const lift of failed.keys()) if (!lifts.includes(lift)) failed.delete(lift);
  }

  async function check(lift: Instant, signal: AbortSignal): Promise<void> {
    const start = performance.now();
    const fault = await runCanary(deps, times.limit, signal).catch(
      (error: unknown) => `it could not be handed in (${error instanceof Error ? error.message : String(error)})`,
    );
    if (signal.aborted) return;
    const ms = Math.round(performance.now() - start);
    const at = new Date(lift).toISOString();
    next.set(lift, fault === null ? Number.POSITIVE_INFINITY : now() + times.again);
    deps.report({ lift, isThrough: fault === null, ms });
    if (fault === null) {
      failed.delete(lift);
      log.info({ lift: at, ms }, 'canary before the lift went through');
    } else {
      failed.set(lift, `lift at ${at}: a canary did not get through: ${fault}`);
      log.error({ lift: at, ms }, `canary before the lift did not get through: ${fault}`);
    }
  }

  const onError = (err: unknown) => log.warn({ err }, 'lifts could not be looked up');
  return { warnings: () => [...failed.values()], ...repeat(look, { everyMs: times.look, onError }) };
}

/** Where a canary got stuck, and what to look at. */
const STUCK: Readonly<Partial<Record<MessageState, string>>> = {
  received: 'no worker has taken it: see that workers run and keep up',
  scanning: 'a worker has taken it and not judged it: see the log of the workers',
  held: 'it was held, though there is nothing in it: see the rules and the policy',
  cleared: 'it was judged, and nobody delivers it: see the log of the workers',
  delivering: 'the next hop does not take mail: see that it runs and lets this host send',
  returned: 'the next hop refuses mail: see that it lets this host send',
};

/** Null where it got through, else what stood in its way. */
async function runCanary(deps: CanaryDeps, limit: number, signal: AbortSignal): Promise<string | null> {
  const deadline = performance.now() + limit;
  const id = await deps.send();
  try {
    for (;;) {
      const state = await deps.stateOf(id);
      if (state === deps.end) return null;
      if (state === null) return 'it is gone from the store';
      if (performance.now() > deadline || state === 'returned' || state === 'held' || signal.aborted)
        return STUCK[state] ?? `it is ${state}`;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    await deps.forget(id);
  }
}
