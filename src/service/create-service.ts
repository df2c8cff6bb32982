import type { Instant } from '../core/entry.ts';
import type { KeyRing } from '../registers/keys.ts';
import type { Opener } from '../scan/engine.ts';
import { createAuditDesk } from './audit-desk.ts';
import type { EngineSource } from './engine-source.ts';
import { createIncidentDesk } from './incident-desk.ts';
import type { IncidentRecord } from './incident-record.ts';
import { createIntake } from './intake.ts';
import type { Log } from './log.ts';
import { createMessageDesk } from './message-desk.ts';
import { createOversightDesk } from './oversight-desk.ts';
import type { JobQueue } from './ports.ts';
import { createRecallDesk } from './recall-desk.ts';
import type { RecallRecord } from './recall-record.ts';
import { createRegisterDesk } from './register-desk.ts';
import { createReview } from './review.ts';
import type { ReviewRecord } from './review-record.ts';
import type { Service } from './service.ts';
import type { SilentTrialRecord } from './silent-trials.ts';
import type { AccountRecord, AuditLog, MessageRecord, RegisterRecord } from './stores.ts';
import { createTrialDesk, type TrialDeskDeps } from './trial-desk.ts';

export interface ServiceDeps {
  readonly messages: MessageRecord;
  readonly registers: RegisterRecord;
  readonly audit: AuditLog;
  readonly recalls: RecallRecord;
  readonly reviews: ReviewRecord;
  readonly incidents: IncidentRecord;
  readonly silentTrials: SilentTrialRecord;
  readonly accounts: Pick<AccountRecord, 'namesOf'>;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly engines: EngineSource;
  readonly open: Opener;
  readonly keys: KeyRing;
  readonly clock: Service['clock'];
  readonly newId: () => string;
  readonly workerId: string;
  /** A change of the registers waits for a second registrar. */
  readonly fourEyes?: boolean;
  /** Whether cleared mail has a next hop. */
  readonly delivers: boolean;
  readonly tryRules?: NonNullable<TrialDeskDeps['tryRules']>;
  /** Name of this gateway, for mails of its own. */
  readonly host?: string;
  readonly log: Log;
}

/** The use cases behind every surface, over the ports they need. */
export function createService(deps: ServiceDeps): Service {
  const now = (): Instant => deps.clock.now();
  return {
    ...createIntake({ ...deps, now }),
    ...createReview({ ...deps, now }),
    ...createMessageDesk({ ...deps, now }),
    ...createIncidentDesk({ ...deps, now }),
    ...createOversightDesk({ ...deps, now }),
    ...createTrialDesk({ ...deps, now }),
    ...createRegisterDesk({ ...deps, now }),
    ...createAuditDesk({ ...deps, now }),
    ...createRecallDesk(deps),
    async readiness() {
      const problems = deps.engines.problems();
      try {
        await withinMs(READY_MS, deps.registers.version());
        return problems;
      } catch {
        return [...problems, 'store: the database does not answer, see the log'];
      }
    },
    clock: deps.clock,
  };
}

const READY_MS = 3_000;

/** @throws Error where a promise takes longer: a store that hangs is no store. */
async function withinMs<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
