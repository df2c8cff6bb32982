import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine } from '../scan/engine.ts';
import type { Log } from './log.ts';
import type { RecallRecord, RetroClaim } from './recall-record.ts';
import { type Repeating, repeat } from './repeat.ts';

export interface RetroScanDeps {
  readonly recalls: Pick<RecallRecord, 'claimDue' | 'renew' | 'traces' | 'record' | 'finish'>;
  readonly engine: () => Promise<Engine>;
  readonly log: Log;
  readonly intervalMs?: number;
}

const EVERY_MS = 3_000;
/** A search with older registers would miss the entry it is for: how often it is asked whether they are here. */
const RENEWED_MS = 500;
const LEASE_MS = 60_000;
const BATCH = 500;
/** Traces compared before others get their turn. */
const AT_ONCE = 25;

/** Goes through the traces of what left for each entry that was added or changed, for as long as it runs; one process per entry. */
export function startRetroScan({ recalls, engine, log, intervalMs = EVERY_MS }: RetroScanDeps): Repeating {
  /** The search by registers that have the entry as it is now; null where this process does not get them. */
  async function matcherOf(
    { version }: RetroClaim,
    signal: AbortSignal,
  ): Promise<NonNullable<Engine['matchTrace']> | null> {
    for (let waited = 0; waited < LEASE_MS / 2 && !signal.aborted; waited += RENEWED_MS) {
      const { registersVersion = 0, matchTrace = null } = await engine();
      if (registersVersion >= version) return matchTrace;
      await sleep(RENEWED_MS);
    }
    return null;
  }

  async function search(claim: RetroClaim, signal: AbortSignal): Promise<void> {
    const matchTrace = await matcherOf(claim, signal);
    if (matchTrace === null) return;
    let traced = 0;
    let after: string | null = null;
    for (;;) {
      const batch = await recalls.traces(after, BATCH);
      const found: { readonly id: string; readonly by: 'rows' | 'columns' | 'passages' }[] = [];
      for (const [index, { id, trace }] of batch.entries()) {
        if (index % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
        const match = matchTrace(trace, claim.entry);
        if (match !== null) found.push({ id, by: match.by });
      }
      if (found.length > 0) await recalls.record(claim.entry, found);
      traced += batch.length;
      after = batch.at(-1)?.id ?? null;
      if (batch.length < BATCH) break;
      if (signal.aborted || !(await recalls.renew(claim, LEASE_MS))) return;
    }
    await recalls.finish(claim, traced);
    log.info({ entry: claim.entry, traced }, 'what left was searched for a register entry');
  }

  async function searchAll(signal: AbortSignal): Promise<void> {
    for (let claim = await recalls.claimDue(LEASE_MS); claim !== null && !signal.aborted; ) {
      await search(claim, signal);
      claim = await recalls.claimDue(LEASE_MS);
    }
  }

  const onError = (err: unknown) => log.warn({ err }, 'what left could not be searched, it will be tried again');
  return repeat(searchAll, { everyMs: intervalMs, onError, delayMs: intervalMs });
}
