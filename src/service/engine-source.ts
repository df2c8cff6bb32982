import type { FalseAlarm } from '../core/false-alarm.ts';
import { describeFault, type Fault, type Result } from '../core/result.ts';
import { knowsAll } from '../core/view.ts';
import type { Detector } from '../detect/detector.ts';
import type { KeyRing } from '../registers/keys.ts';
import { makeMatchesPassage } from '../registers/passage-digest.ts';
import { makeMatchesSealed } from '../registers/seal.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { Engine, Opener } from '../scan/engine.ts';
import { judgeInBatch } from '../scan/judge-batch.ts';
import { openSketches } from '../scan/open-sketches.ts';
import { RecentPasswords } from '../scan/recent-passwords.ts';
import { referenceRules } from '../scan/reference-rules.ts';
import { createEngine, type EngineParts } from '../scan/scan-message.ts';
import { traceParts } from '../scan/trace-parts.ts';
import { withPasswords } from '../scan/with-passwords.ts';
import type { Log } from './log.ts';
import type { SilentObserver, SilentSide } from './observe-silently.ts';
import { readKeptRegisters } from './read-kept-registers.ts';
import type { RegisterRecord } from './stores.ts';

export interface EngineSourceDeps {
  /** Reads the rule folder; called again while it fails, and on `reload`. */
  readonly loadRules: () => Promise<Result<CompiledRules>>;
  readonly registers: Pick<RegisterRecord, 'load' | 'watch'>;
  /** What two people took for false alarms; a change counts as one of the registers. Absent: nothing. */
  readonly falseAlarms?: () => Promise<readonly FalseAlarm[]>;
  readonly keys: KeyRing;
  /** What runs silent beside the judgements; a change counts as one of the registers. Absent: nothing. */
  readonly silent?: {
    readonly sides: (parts: Omit<EngineParts, 'open'>) => Promise<readonly SilentSide[]>;
    readonly observer: SilentObserver;
  };
  readonly detectors: readonly Detector[];
  readonly open: Opener;
  readonly log: Log;
}

/** The engine of the moment: with the rules that load and the registers as the store has them. */
export interface EngineSource {
  /** @throws NotReady while there are no registers or the rules do not load. */
  current(): Promise<Engine>;
  /** The rules that are in force; null while none load. */
  rules(): CompiledRules | null;
  /** One line for each thing that stands in the way; empty where all is well. */
  problems(): readonly string[];
  /** Reads rules and registers anew; broken rules leave those in force that were. */
  reload(): Promise<void>;
  /** Reads the registers anew, after a change made here. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

/** Nothing can be judged now. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super('nothing can be judged now');
    this.problems = problems;
  }
}

const RETRY_MS = 2_000;

/** Builds the engine and keeps it up to date, until stopped. */
export async function startEngineSource(deps: EngineSourceDeps): Promise<EngineSource> {
  const { log } = deps;
  let rules: CompiledRules | null = null;
  let engine: Engine | null = null;
  let ruleProblems: readonly string[] = [];
  let registerProblems: readonly string[] = ['registers: not read yet'];
  let isStopped = false;
  // They outlive a reload of the registers.
  const recentPasswords = new RecentPasswords();
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();

  async function readRules(): Promise<void> {
    const loaded = await deps.loadRules();
    if (loaded.ok) rules = loaded.value;
    const found = loaded.ok ? [] : describeFaults(loaded.error);
    if (found.length > 0 && found.join() !== ruleProblems.join()) log.error({ faults: found }, 'rules do not load');
    ruleProblems = found;
  }

  async function readRegisters(): Promise<void> {
    if (rules === null) {
      engine = null;
      return;
    }
    const kept = await deps.registers.load();
    const read = readKeptRegisters(kept.documents, { ...referenceRules(rules), key: deps.keys });
    if (!read.ok) {
      // Judging on by what was read before would miss what was changed, and by what is left would miss what is broken.
      engine = null;
      const found = describeFaults(read.error);
      const isEmpty = kept.documents.embargoes.length + kept.documents.sensitivity.length === 0;
      // An empty store is how every first start begins; readiness tells of it.
      if (!isEmpty && found.join() !== registerProblems.join()) {
        log.error({ faults: found }, 'registers cannot be read');
      }
      registerProblems = found;
      return;
    }
    const { passwords, ...registers } = read.value;
    const falseAlarms = (await deps.falseAlarms?.()) ?? [];
    const parts = {
      rules,
      registers,
      detectors: deps.detectors,
      open: withPasswords(deps.open, passwords, recentPasswords),
      matchesSealed: makeMatchesSealed(deps.keys),
      sketches: usableSketches(kept.sketches, deps.keys, log),
      falseAlarms: { list: falseAlarms, matches: makeMatchesPassage(deps.keys) },
    };
    const silent = deps.silent;
    const sides = (await silent?.sides(parts)) ?? [];
    engine = {
      ...createEngine(parts),
      registersVersion: Number(kept.version),
      ...traceParts(deps.keys.current, parts),
      inBatch: (report, own, others, before) => judgeInBatch(report, own, others, before, parts),
      ...(silent !== undefined &&
        sides.length > 0 && {
          // Changes are written by people who may not know what is held: nothing that only some may know is judged by them (promise 4).
          observe: (message, request, report) =>
            silent.observer.observe(message, request, report, {
              sides,
              isOpen: knowsAll(report.judgement, registers, null, request.now),
            }),
        }),
    };
    registerProblems = [];
  }

  async function refresh(withRules: boolean): Promise<void> {
    clearTimeout(timer);
    let isRead = false;
    try {
      if (withRules || rules === null) await readRules();
      await readRegisters();
      isRead = true;
    } catch (err) {
      log.warn({ err }, 'engine could not be renewed');
      if (engine === null) registerProblems = ['registers: the store cannot be reached'];
    }
    // Nobody tells of the same change twice: one that could not be read is asked for again.
    if ((engine === null || !isRead) && !isStopped) timer = setTimeout(() => void queue(false), RETRY_MS);
  }

  /** One at a time, so that an older reading never replaces a newer one. */
  function queue(withRules: boolean): Promise<void> {
    work = work.then(() => refresh(withRules));
    return work;
  }

  await queue(true);
  const watch = deps.registers.watch(() => void queue(false));
  const problems = () => [...ruleProblems, ...(rules === null ? [] : registerProblems)];
  return {
    async current() {
      if (engine === null) throw new NotReady(problems());
      return engine;
    },
    rules: () => rules,
    problems,
    reload: () => queue(true),
    refresh: () => queue(false),
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await watch.stop();
      await work;
      await deps.silent?.observer.stop();
    },
  };
}

function describeFaults(faults: readonly Fault[]): readonly string[] {
  return faults.map(describeFault);
}

function usableSketches(bytes: ReadonlyMap<string, Uint8Array>, keys: KeyRing, log: Log) {
  const { sketches, faults } = openSketches(bytes, keys);
  for (const [entry, message] of faults) log.warn({ entry, message }, 'sketch cannot be used');
  return sketches;
}
