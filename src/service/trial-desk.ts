import { memorySource } from '../core/byte-source.ts';
import type { Instant } from '../core/entry.ts';
import type { Judgement, Verdict } from '../core/verdict.ts';
import { knowsAll } from '../core/view.ts';
import { detectors } from '../detect/index.ts';
import type { KeyRing } from '../registers/keys.ts';
import { makeMatchesSealed } from '../registers/seal.ts';
import { openSketches } from '../scan/open-sketches.ts';
import { createEngine } from '../scan/scan-message.ts';
import { traceParts } from '../scan/trace-parts.ts';
import { may, refuse } from './authorise.ts';
import { openKept, type ReviewDeps } from './message-for.ts';
import type { Caller } from './ports.ts';
import { type ChangeInput, type ReadChangeDeps, readChange, type Sides } from './read-change.ts';
import type { RecallRecord } from './recall-record.ts';
import { refusal } from './refusal.ts';
import type { Outcome } from './service.ts';
import type { SilentHitView, SilentTrialRecord, SilentTrialView } from './silent-trials.ts';
import type { KeptMessage } from './stores.ts';

export interface TrialInput extends ChangeInput {
  /** Texts to judge as drafts. */
  readonly tests: readonly string[];
}

export interface TrialLine {
  /** Null for a test text, and for whoever may not see all messages. */
  readonly message: string | null;
  /** Of a test text: which one. */
  readonly test: number | null;
  readonly at: Instant;
  readonly before: Verdict;
  readonly after: Verdict;
  readonly summaries: readonly string[];
}

/** What a change would have done; nothing of it is kept, and nothing is judged by it. */
export interface TrialResult {
  /** Id of the entry, or the rule file. */
  readonly target: string;
  /** Messages whose content is still here, that were opened and judged both ways, and the ones that time, size or no access to what they are about left out. */
  readonly judged: number;
  readonly leftOut: number;
  /** What is judged otherwise, test texts whatever they come to. */
  readonly lines: readonly TrialLine[];
  /** Traces of what left that were searched for a dataset, and those that carried it; null for anything else. */
  readonly traces: { readonly searched: number; readonly found: number } | null;
}

export interface TrialDesk {
  /** Runs a changed rule, release or dataset silently over what is retained, and over test texts. */
  tryChange(input: TrialInput, caller: Caller): Promise<Outcome<TrialResult>>;
  /** Runs it silent from now on beside every message that is judged, for so many days. */
  startSilentTrial(input: ChangeInput, days: number, caller: Caller): Promise<Outcome<{ readonly id: string }>>;
  endSilentTrial(id: string, caller: Caller): Promise<Outcome<{ readonly id: string }>>;
  /** Newest first, ended ones too. */
  silentTrials(caller: Caller): Promise<Outcome<readonly SilentTrialView[]>>;
  silentTrial(
    id: string,
    caller: Caller,
  ): Promise<Outcome<{ readonly trial: SilentTrialView; readonly hits: readonly SilentHitView[] }>>;
}

export interface TrialDeskDeps extends ReviewDeps, Pick<ReadChangeDeps, 'tryRules'> {
  readonly recalls: Pick<RecallRecord, 'traces'>;
  readonly silentTrials: SilentTrialRecord;
  readonly newId: () => string;
  readonly keys: KeyRing;
}

const MOST_MESSAGES = 100;
const MOST_BYTES = 1024 * 1024;
const MOST_MS = 15_000;
const MOST_TESTS = 50;
const TRACE_PAGE = 200;
const MOST_TRACES = 5_000;
const MOST_SUMMARIES = 5;
const MOST_TRIALS = 20;
const MOST_HITS = 200;
export const MOST_TRIAL_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

export function createTrialDesk(deps: TrialDeskDeps): TrialDesk {
  return {
    async tryChange(input, caller) {
      const refused = refuse(caller, 'try-changes');
      if (refused !== null) return refused;
      const sides = await readChange(input, deps);
      if (!sides.ok) return sides;
      await deps.audit.append({
        actor: caller.id,
        action: 'trial.run',
        target: sides.value.target,
        detail: { kind: input.kind },
      });
      const judged = await judgeRetained(sides.value, caller, deps);
      const tests = await judgeTests(input.tests.slice(0, MOST_TESTS), sides.value, deps);
      const traces = input.kind === 'dataset' ? await searchTraces(sides.value, deps) : null;
      const { target } = sides.value;
      return { ok: true, value: { ...judged, target, lines: [...tests, ...judged.lines], traces } };
    },
    async startSilentTrial(input, days, caller) {
      const refused = refuse(caller, 'try-changes');
      if (refused !== null) return refused;
      if (!Number.isInteger(days) || days < 1 || days > MOST_TRIAL_DAYS) {
        return refusal('invalid', `choose 1 to ${MOST_TRIAL_DAYS} days`);
      }
      const sides = await readChange(input, deps);
      if (!sides.ok) return sides;
      const { target, change } = sides.value;
      const id = deps.newId();
      // By the clock of the days, which a trial clock does not hold up.
      const isStarted = await deps.silentTrials.start(
        { id, target, change, endsAt: Date.now() + days * DAY_MS },
        caller.id,
      );
      if (!isStarted) return refusal('conflict', 'three changes run silent already: end one of them first');
      await deps.engines.refresh();
      return { ok: true, value: { id } };
    },
    async endSilentTrial(id, caller) {
      const refused = refuse(caller, 'try-changes');
      if (refused !== null) return refused;
      if (!(await deps.silentTrials.end(id, caller.id))) return refusal('not-found', 'no such silent trial runs');
      await deps.engines.refresh();
      return { ok: true, value: { id } };
    },
    async silentTrials(caller) {
      return refuse(caller, 'try-changes') ?? { ok: true, value: await deps.silentTrials.list(MOST_TRIALS) };
    },
    async silentTrial(id, caller) {
      const refused = refuse(caller, 'try-changes');
      if (refused !== null) return refused;
      const trial = await deps.silentTrials.find(id);
      if (trial === null) return refusal('not-found', 'there is no such silent trial');
      const seesAll = may(caller, 'see-all-messages');
      const hits = await deps.silentTrials.hits(id, MOST_HITS);
      return { ok: true, value: { trial, hits: hits.map((hit) => (seesAll ? hit : { ...hit, message: null })) } };
    },
  };
}

async function judgeRetained(sides: Sides, caller: Caller, deps: TrialDeskDeps) {
  const seesAll = may(caller, 'see-all-messages');
  const kept = (await deps.messages.list({ limit: MOST_MESSAGES })).filter(({ hasContent }) => hasContent);
  const small = kept.filter((message) => message.bytes <= MOST_BYTES && mayTryOn(message, sides, caller, deps.now()));
  const deadline = performance.now() + MOST_MS;
  const lines: TrialLine[] = [];
  let judged = 0;
  for (const message of small) {
    if (performance.now() > deadline) break;
    const at = within(sides.window, Math.max(message.receivedAt, message.publishAt ?? 0));
    const [before, after] = await judgeBoth(message, at, sides, deps);
    judged += 1;
    if (before.verdict === after.verdict) continue;
    lines.push({
      message: seesAll ? message.id : null,
      test: null,
      at: message.receivedAt,
      ...compared(before, after),
    });
  }
  return { judged, leftOut: kept.length - judged, lines };
}

/**
 * Whether a caller may learn how a message is judged by rules of their own making, which could ask it one word after another: only
 * where they have access to everything it was found to be about (promise 4).
 */
function mayTryOn({ judgement }: KeptMessage, { before }: Sides, { address }: Caller, now: Instant): boolean {
  return judgement !== null && knowsAll(judgement, before.registers, address, now);
}

function within(window: Sides['window'], at: Instant): Instant {
  return window === null || (at >= window.from && at < window.until) ? at : window.from;
}

async function judgeBoth(message: KeptMessage, at: Instant, sides: Sides, deps: TrialDeskDeps) {
  const opened = await openKept(message, deps);
  const request = {
    kind: message.kind,
    name: message.name ?? 'message',
    source: memorySource(new Uint8Array()),
    parties: { from: message.envelope.from, to: message.envelope.to },
    now: at,
    publishAt: null,
  };
  const judge = async ({ rules, registers }: Sides['before']): Promise<Judgement> => {
    const open = () => Promise.resolve(opened);
    const engine = createEngine({ rules, registers, detectors, open, matchesSealed: makeMatchesSealed(deps.keys) });
    return (await engine.judge(request)).judgement;
  };
  return [await judge(sides.before), await judge(sides.after)] as const;
}

async function judgeTests(tests: readonly string[], sides: Sides, deps: TrialDeskDeps): Promise<readonly TrialLine[]> {
  const at = within(sides.window, deps.now());
  const lines: TrialLine[] = [];
  for (const [index, text] of tests.entries()) {
    const judge = async ({ rules, registers }: Sides['before']) => {
      const matchesSealed = makeMatchesSealed(deps.keys);
      const engine = createEngine({ rules, registers, detectors, open: deps.open, matchesSealed });
      const source = memorySource(Buffer.from(text));
      const parties = { from: null, to: [] };
      return (await engine.judge({ kind: 'draft', name: 'draft.txt', source, parties, now: at, publishAt: null }))
        .judgement;
    };
    const [before, after] = [await judge(sides.before), await judge(sides.after)];
    lines.push({ message: null, test: index + 1, at, ...compared(before, after) });
  }
  return lines;
}

/** Verdicts and what everybody may read of the reasons; never an insight (promise 4). */
function compared(before: Judgement, after: Judgement): Pick<TrialLine, 'before' | 'after' | 'summaries'> {
  const summaries = [...new Set(after.findings.map(({ summary }) => summary))].slice(0, MOST_SUMMARIES);
  return { before: before.verdict, after: after.verdict, summaries };
}

async function searchTraces(
  sides: Sides,
  { recalls, keys }: TrialDeskDeps,
): Promise<NonNullable<TrialResult['traces']>> {
  const { sketches } = openSketches(new Map(), keys);
  const { matchTrace } = traceParts(keys.current, { ...sides.after, sketches });
  let after: string | null = null;
  let searched = 0;
  let found = 0;
  while (searched < MOST_TRACES) {
    const traces = await recalls.traces(after, TRACE_PAGE);
    for (const { trace } of traces) if (matchTrace(trace, sides.target) !== null) found += 1;
    searched += traces.length;
    after = traces.at(-1)?.id ?? null;
    if (traces.length < TRACE_PAGE) break;
  }
  return { searched, found };
}
