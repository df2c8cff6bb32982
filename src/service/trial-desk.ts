import { memorySource } from '../core/byte-source.ts';
import type { Instant, Registers } from '../core/entry.ts';
import { describeFault, type Result } from '../core/result.ts';
import type { Judgement, Verdict } from '../core/verdict.ts';
import { detectors } from '../detect/index.ts';
import type { KeyRing } from '../registers/keys.ts';
import { parseRegisters } from '../registers/parse-registers.ts';
import { makeMatchesSealed } from '../registers/seal.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { Engine } from '../scan/engine.ts';
import { openSketches } from '../scan/open-sketches.ts';
import { referenceRules } from '../scan/reference-rules.ts';
import { createEngine } from '../scan/scan-message.ts';
import { traceParts } from '../scan/trace-parts.ts';
import { may, refuse } from './authorise.ts';
import { engineOf } from './decide-held.ts';
import { openKept, type ReviewDeps } from './message-for.ts';
import type { Caller } from './ports.ts';
import type { RecallRecord } from './recall-record.ts';
import type { Outcome, Refusal } from './service.ts';
import type { KeptMessage } from './stores.ts';

export interface TrialInput {
  readonly kind: 'release' | 'dataset' | 'rules';
  /** A register entry, or one file of the rules, as YAML. */
  readonly text: string;
  /** Of a rule file: `subjects/labour-market.yaml`. */
  readonly path: string;
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
  /** Messages whose content is still here, that were opened and judged both ways, and the ones that time or size left out. */
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
}

export interface TrialDeskDeps extends ReviewDeps {
  readonly recalls: Pick<RecallRecord, 'traces'>;
  readonly keys: KeyRing;
  /** The rules in force with one file changed; absent: rules cannot be tried. */
  readonly tryRules?: (path: string, text: string) => Promise<Result<CompiledRules>>;
}

const MOST_TEXT = 200_000;
const MOST_MESSAGES = 100;
const MOST_BYTES = 1024 * 1024;
const MOST_MS = 15_000;
const MOST_TESTS = 50;
const TRACE_PAGE = 200;
const MOST_TRACES = 5_000;
const MOST_SUMMARIES = 5;

interface Sides {
  readonly target: string;
  readonly before: { readonly rules: CompiledRules; readonly registers: Registers };
  readonly after: { readonly rules: CompiledRules; readonly registers: Registers };
  /** The window that a message is put into: a release whose window is yet to come holds nothing that was sent before. */
  readonly window: { readonly from: Instant; readonly until: Instant } | null;
}

export function createTrialDesk(deps: TrialDeskDeps): TrialDesk {
  return {
    async tryChange(input, caller) {
      const refused = refuse(caller, 'try-changes');
      if (refused !== null) return refused;
      const engine = await engineOf(deps);
      const rules = deps.engines.rules();
      if (engine === null || rules === null) return refusal('not-ready', 'nothing can be judged now');
      if (input.text.length > MOST_TEXT) return refusal('invalid', `it is longer than ${MOST_TEXT} characters`);
      const sides = await sidesOf(input, engine, rules, deps);
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
  };
}

async function sidesOf(
  { kind, text, path }: TrialInput,
  engine: Engine,
  rules: CompiledRules,
  deps: TrialDeskDeps,
): Promise<Outcome<Sides>> {
  const before = { rules, registers: engine.registers };
  if (kind === 'rules') {
    if (deps.tryRules === undefined) return refusal('not-ready', 'rules cannot be tried here');
    const changed = await deps.tryRules(path, text);
    if (!changed.ok) return refusal('invalid', changed.error.map(describeFault).slice(0, 5).join('; '));
    const after = { rules: changed.value, registers: engine.registers };
    return { ok: true, value: { target: path, before, after, window: null } };
  }
  const folder = kind === 'release' ? 'embargoes' : 'sensitivity';
  const file = { file: 'entry', path: `${folder}/entry.yaml`, text };
  const read = parseRegisters([file], { ...referenceRules(rules), key: deps.keys });
  if (!read.ok) return refusal('invalid', read.error.map(describeFault).slice(0, 5).join('; '));
  const { embargoes, sensitivity } = read.value;
  const [entry] = [...embargoes, ...sensitivity];
  if (entry === undefined) return refusal('invalid', 'it holds no entry');
  const others = <T extends { readonly id: string }>(list: readonly T[]) => list.filter(({ id }) => id !== entry.id);
  const registers = {
    embargoes: [...others(engine.registers.embargoes), ...embargoes],
    sensitivity: [...others(engine.registers.sensitivity), ...sensitivity],
  };
  const [release] = embargoes;
  const window = release === undefined ? null : { from: release.from, until: release.until };
  return { ok: true, value: { target: entry.id, before, after: { rules, registers }, window } };
}

async function judgeRetained(sides: Sides, caller: Caller, deps: TrialDeskDeps) {
  const seesAll = may(caller, 'see-all-messages');
  const kept = (await deps.messages.list({ limit: MOST_MESSAGES })).filter(({ hasContent }) => hasContent);
  const small = kept.filter(({ bytes }) => bytes <= MOST_BYTES);
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

function refusal(kind: Refusal['kind'], message: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { kind, message } };
}
