import type { StoredMessage } from '../core/message.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { ScanReport, ScanRequest } from '../scan/engine.ts';
import { type EngineParts, judgeOpened } from '../scan/scan-message.ts';
import type { Log } from './log.ts';
import type { SilentHit, SilentTally, SilentTrialRecord } from './silent-trials.ts';

/** What messages are judged by once more, and under which trial that counts. */
export interface SilentSide {
  readonly trial: string;
  readonly endsAt: number;
  readonly parts: Omit<EngineParts, 'open'>;
}

export interface SilentObserver {
  /** Notes what each change would have made of a message whose verdict is committed; returns at once and never throws. */
  observe(
    message: Pick<StoredMessage, 'id' | 'bytes'>,
    request: ScanRequest,
    report: ScanReport,
    by: {
      readonly sides: readonly SilentSide[];
      /** Whether anybody may know what the message is about; else it is left out, for a change could ask it one word after another. */
      readonly isOpen: boolean;
    },
  ): void;
  /** Finishes what is in hand and writes what was noted. */
  stop(): Promise<void>;
}

/** Larger messages would keep others waiting for too long. */
const MOST_BYTES = 1024 * 1024;
/** Opened messages take memory: what comes while so many wait is left out, and counted as that. */
const MOST_WAITING = 16;
const WRITE_MS = 1_000;

/**
 * Judges by changes that run silent, one message at a time, after what decides is done.
 *
 * Whatever goes wrong here is logged and costs a count; no verdict waits for it or knows of it.
 */
export function createSilentObserver(record: Pick<SilentTrialRecord, 'note'>, log: Log): SilentObserver {
  const tallies = new Map<string, { judged: number; leftOut: number }>();
  let hits: SilentHit[] = [];
  let waiting = 0;
  let work = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  function tally(trial: string, what: 'judged' | 'leftOut'): void {
    const counted = tallies.get(trial) ?? { judged: 0, leftOut: 0 };
    counted[what] += 1;
    tallies.set(trial, counted);
    timer ??= setTimeout(() => void write(), WRITE_MS).unref();
  }

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const counted: readonly SilentTally[] = [...tallies].map(([trial, counts]) => ({ trial, ...counts }));
    const found = hits;
    tallies.clear();
    hits = [];
    if (counted.length === 0) return;
    try {
      await record.note(counted, found);
    } catch (err) {
      log.warn({ err }, 'what silent changes would have done could not be noted');
    }
  }

  async function judge(id: string, request: ScanRequest, report: ScanReport, side: SilentSide): Promise<void> {
    try {
      const { judgement } = await judgeOpened(report.opened, request, side.parts);
      tally(side.trial, 'judged');
      const before = report.judgement.verdict;
      const after = judgement.verdict;
      const detectors = [...new Set(judgement.findings.map(({ detector }) => detector))];
      if (before !== after) hits.push({ trial: side.trial, message: id, before, after, detectors });
    } catch (err) {
      tally(side.trial, 'leftOut');
      log.warn({ err, id, trial: side.trial }, 'a silent change could not be tried');
    }
  }

  return {
    observe({ id, bytes }, request, report, { sides, isOpen }) {
      const running = sides.filter(({ endsAt }) => endsAt > Date.now());
      if (running.length === 0) return;
      if (!isOpen || bytes > MOST_BYTES || waiting >= MOST_WAITING) {
        for (const { trial } of running) tally(trial, 'leftOut');
        return;
      }
      waiting += 1;
      work = work.then(async () => {
        for (const side of running) await judge(id, request, report, side);
        waiting -= 1;
      });
    },
    async stop() {
      await work;
      await write();
    },
  };
}

/** Rules of a changed file, compiled once for as long as the rules in force stay the same. */
export function createRuleCache(compile: (path: string, text: string) => Promise<CompiledRules | null>) {
  let inForce: CompiledRules | null = null;
  const known = new Map<string, CompiledRules | null>();
  return async (trial: string, path: string, text: string, rules: CompiledRules): Promise<CompiledRules | null> => {
    if (inForce !== rules) known.clear();
    inForce = rules;
    const found = known.get(trial) ?? (await compile(path, text));
    known.set(trial, found);
    return found;
  };
}
