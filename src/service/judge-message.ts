import { memorySource } from '../core/byte-source.ts';
import type { Instant } from '../core/entry.ts';
import type { StoredMessage } from '../core/message.ts';
import type { Judgement } from '../core/verdict.ts';
import type { Engine } from '../scan/engine.ts';
import type { Log } from './log.ts';
import type { MessageStore } from './ports.ts';
import { withLease } from './with-lease.ts';

export interface JudgeDeps {
  readonly store: Pick<MessageStore, 'claimForScan' | 'content' | 'recordJudgement' | 'releaseClaim' | 'renewClaim'>;
  /** The engine with the registers and rules of the moment; rejects while there is none. */
  readonly engine: () => Promise<Engine>;
  readonly now: () => Instant;
  readonly log: Log;
}

const NAMES = { email: 'message.eml', draft: 'draft.txt', file: 'file' } as const;

/** Judges one message that waits for it; answers its verdict, null where it was not due, another had it, or it failed and will be tried again. */
export async function judgeMessage(
  id: string,
  claimant: string,
  deps: JudgeDeps,
): Promise<Judgement['verdict'] | null> {
  const { store, log } = deps;
  // Before the claim: while there is no engine, waiting must not count as failed attempts.
  const engine = await deps.engine();
  let verdict: Judgement['verdict'] | null = null;
  await withLease(
    {
      claim: (leaseMs) => store.claimForScan(id, claimant, leaseMs),
      renew: (leaseMs) => store.renewClaim(id, claimant, leaseMs),
      log,
    },
    async (message) => {
      try {
        const { judgement, rulesVersion } = await engine.judge(await requestFor(message, deps));
        await store.recordJudgement(id, claimant, judgement, rulesVersion);
        verdict = judgement.verdict;
      } catch (err) {
        log.error({ err, id }, 'message could not be judged');
        await store.releaseClaim(id, claimant, 'judging failed');
      }
    },
  );
  return verdict;
}

async function requestFor(message: StoredMessage, { store, now }: JudgeDeps) {
  return {
    kind: message.kind,
    name: NAMES[message.kind],
    source: memorySource(await store.content(message.id)),
    parties: { from: message.envelope.from, to: message.envelope.to },
    now: now(),
    publishAt: message.publishAt,
  };
}
