import type { Config } from '../config.ts';
import { canaryMail } from '../service/canary-mail.ts';
import type { EngineSource } from '../service/engine-source.ts';
import type { Log } from '../service/log.ts';
import type { JobQueue } from '../service/ports.ts';
import { type Canary, type CanaryReport, startCanary } from '../service/start-canary.ts';
import type { Backend } from './backend.ts';

/** Starts the canaries before lifts; null where the clock is fixed for a trial, and no lift ever comes. */
export function openCanary(
  config: Config,
  { store, clock, newId }: Backend,
  engines: EngineSource,
  queue: Pick<JobQueue, 'add'>,
  report: (report: CanaryReport) => void,
  log: Log,
): Canary | null {
  if (clock.fixed) return null;
  const { messages } = store;
  return startCanary({
    registers: async () => (await engines.current()).registers,
    async send() {
      const id = newId();
      await messages.insert(canaryMail(id, clock.now()));
      await queue.add({ kind: 'take', id });
      return id;
    },
    stateOf: async (id) => (await messages.find(id))?.state ?? null,
    forget: messages.forgetCanary,
    end: config.nextHop === null ? 'cleared' : 'delivered',
    now: clock.now,
    log,
    report,
  });
}
