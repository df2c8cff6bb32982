import { asSource } from '../core/byte-source.ts';
import type { Instant } from '../core/entry.ts';
import type { StoredMessage } from '../core/message.ts';
import type { Judgement } from '../core/verdict.ts';
import type { Engine, ScanRequest } from '../scan/engine.ts';
import { amongSiblings, settleInBatch } from './judge-among-siblings.ts';
import { judgementExtras } from './judgement-extras.ts';
import type { Log } from './log.ts';
import type { MessageStore } from './ports.ts';
import type { MessageRecord } from './stores.ts';
import { withLease } from './with-lease.ts';

export interface JudgeDeps {
  readonly store: Pick<MessageStore, 'claimForScan' | 'source' | 'releaseClaim' | 'renewClaim'> &
    Pick<MessageRecord, 'recordJudgement'> &
    Partial<Pick<MessageRecord, 'siblings' | 'thread'>>;
  /** The engine with the registers and rules of the moment; rejects while there is none. */
  readonly engine: () => Promise<Engine>;
  readonly now: () => Instant;
  readonly log: Log;
}

/** A message in one's hands, with its content where that is at hand. */
export type TakenMessage = StoredMessage & { readonly content?: Uint8Array | null };

const NAMES = { email: 'message.eml', draft: 'draft.txt', file: 'file' } as const;

/** Judges one message that waits for it; answers its verdict, null where it was not due, another had it, or it failed and will be tried again. */
export function judgeMessage(id: string, claimant: string, deps: JudgeDeps): Promise<Judgement['verdict'] | null> {
  return judgeClaim(id, claimant, deps, (leaseMs, { registersVersion }) =>
    deps.store.claimForScan(id, claimant, leaseMs, registersVersion),
  );
}

/** The same for a message that is `claimant`'s already. */
export function judgeTaken(
  message: TakenMessage,
  claimant: string,
  deps: JudgeDeps,
): Promise<Judgement['verdict'] | null> {
  return judgeClaim(message.id, claimant, deps, () => Promise.resolve(message));
}

async function judgeClaim(
  id: string,
  claimant: string,
  deps: JudgeDeps,
  claim: (leaseMs: number, engine: Engine) => Promise<TakenMessage | null>,
): Promise<Judgement['verdict'] | null> {
  const { store, log } = deps;
  // Before the claim: while there is no engine, waiting must not count as failed attempts.
  const engine = await deps.engine();
  let verdict: Judgement['verdict'] | null = null;
  const renew = (leaseMs: number) => store.renewClaim(id, claimant, leaseMs);
  await withLease({ claim: (leaseMs) => claim(leaseMs, engine), renew, log }, async (message) => {
    verdict = await judgeUnderClaim(message, claimant, engine, deps);
  });
  return verdict;
}

async function judgeUnderClaim(
  message: TakenMessage,
  claimant: string,
  engine: Engine,
  { store, now, log }: JudgeDeps,
): Promise<Judgement['verdict'] | null> {
  const { id } = message;
  try {
    const settled = await settleInBatch(message, claimant, engine, store);
    if (settled !== null) return settled;
    const name = message.name ?? NAMES[message.kind];
    const request: ScanRequest = {
      // A draft with attachments is kept as a mail.
      kind: name.endsWith('.eml') ? 'email' : message.kind,
      name,
      source: asSource(message.content ?? (await store.source(id))),
      parties: { from: message.envelope.from, to: message.envelope.to },
      now: now(),
      publishAt: message.publishAt,
      ...(store.thread === undefined ? {} : { thread: (ids) => store.thread?.(ids) ?? Promise.resolve(null) }),
    };
    const report = await engine.judge(request);
    const { judgement, sibling } = await amongSiblings(message, report, engine, store);
    const extras = { ...judgementExtras(message, { ...report, judgement }, engine.registers), ...sibling };
    const trace = message.kind === 'email' ? (engine.trace?.(report.opened) ?? null) : null;
    await store.recordJudgement(id, claimant, judgement, report.rulesVersion, {
      ...extras,
      ...(trace !== null && { trace }),
    });
    engine.observe?.(message, request, report);
    const { verdict, findings, incomplete } = judgement;
    log.info({ id, verdict, findings: findings.length, incomplete: incomplete.length }, 'message judged');
    return extras.releasedAtLift ? 'pass' : verdict;
  } catch (err) {
    log.error({ err, id }, 'message could not be judged');
    await store.releaseClaim(id, claimant, 'judging failed');
    return null;
  }
}
