import type { Parties } from '../core/access.ts';
import type { Registers } from '../core/entry.ts';
import { type FalseAlarms, falseAlarmsOf } from '../core/false-alarm.ts';
import type { Finding } from '../core/finding.ts';
import { incompleteParts, type OpenedMessage } from '../core/part.ts';
import { decide } from '../core/policy.ts';
import type { Judgement } from '../core/verdict.ts';
import { effectiveTime, windowState } from '../core/window.ts';
import type { DetectContext, Detector } from '../detect/detector.ts';
import { threadIds } from '../detect/thread-ids.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { detectInSlices } from './detect-in-slices.ts';
import type { Engine, Opener, ScanReport, ScanRequest } from './engine.ts';
import { type EarlySteps, judgeEarly } from './judge-early.ts';

export interface EngineParts {
  readonly rules: CompiledRules;
  readonly registers: Registers;
  readonly detectors: readonly Detector[];
  readonly open: Opener;
  readonly matchesSealed: DetectContext['matchesSealed'];
  readonly sketches?: DetectContext['sketches'];
  readonly falseAlarms?: FalseAlarms;
}

/** The engine over one set of rules and registers; a change of either makes a new engine. */
export function createEngine(parts: EngineParts): Engine {
  return {
    registers: parts.registers,
    rulesVersion: parts.rules.version,
    open: parts.open,
    async judge(request) {
      const { kind, name, source, onEarlyHold } = request;
      const judge = (opened: OpenedMessage) => judgeOpened(opened, request, parts);
      if (onEarlyHold === undefined) return judge(await parts.open({ kind, name, source }));
      const again: EarlySteps['judgeAgain'] = (report, added) => judgeAgain(report, added, parts);
      return judgeEarly({ kind, name, source }, { open: parts.open, judge, judgeAgain: again, tell: onEarlyHold });
    },
  };
}

/** Detects and decides on an opened message; the same answer for the same arguments. */
export async function judgeOpened(
  message: OpenedMessage,
  request: Pick<ScanRequest, 'parties' | 'now' | 'publishAt' | 'thread' | 'insights'>,
  { rules, registers, detectors, sketches, falseAlarms, ...parts }: Omit<EngineParts, 'open'>,
): Promise<ScanReport> {
  const parties = partiesOf(message, request.parties);
  const effectiveAt = effectiveTime(request.now, request.publishAt);
  const open = registers.embargoes.filter((entry) => ['embargoed', 'quiet'].includes(windowState(entry, effectiveAt)));
  const answered = open.length === 0 || request.thread === undefined ? [] : threadIds(message);
  const thread = answered.length === 0 ? null : ((await request.thread?.(answered)) ?? null);
  const falseAlarm = falseAlarms === undefined ? null : falseAlarmsOf(parties.from, request.now, falseAlarms);
  const known = {
    ...(sketches === undefined ? {} : { sketches }),
    ...(thread === null ? {} : { thread }),
    ...(falseAlarm === null ? {} : { falseAlarm }),
  };
  const matchesSealed = request.insights === false ? () => false : parts.matchesSealed;
  const context: DetectContext = { rules, registers, open, parties, effectiveAt, matchesSealed, ...known };
  const { findings, opened } = await detectInSlices(message, detectors, context);
  const evidence = {
    findings: inMessageOrder(findings, opened),
    incomplete: incompleteParts(opened),
    parties,
    effectiveAt,
  };
  return { judgement: decide(evidence, registers, rules.policy), opened, parties, rulesVersion: rules.version };
}

/** The judgement once more with findings that only other messages could show, such as the odd one of a batch. */
export function judgeAgain(
  report: Pick<ScanReport, 'judgement' | 'parties'>,
  added: readonly Finding[],
  { rules, registers }: Pick<EngineParts, 'rules' | 'registers'>,
): Judgement {
  const { findings, incomplete, effectiveAt } = report.judgement;
  const evidence = { findings: [...findings, ...added], incomplete, parties: report.parties, effectiveAt };
  return decide(evidence, registers, rules.policy);
}

/**
 * Between whom the message passes: the envelope, and for what it leaves out the mail's own headers.
 * A draft or file without an envelope is for the public.
 */
export function partiesOf(opened: OpenedMessage, envelope: Parties | null): Parties {
  const headers = opened.headers;
  const to = envelope === null || envelope.to.length === 0 ? null : envelope.to;
  return {
    from: envelope?.from ?? headers?.from[0] ?? null,
    to: to ?? (headers === null ? [] : [...headers.to, ...headers.cc, ...headers.bcc]),
  };
}

/** Order by place alone, so that it tells nothing about what was found there (promise 4). */
function inMessageOrder(findings: readonly Finding[], opened: OpenedMessage): readonly Finding[] {
  const place = new Map(opened.parts.map((part, index) => [part.path, index]));
  return findings.toSorted(
    (a, b) =>
      (place.get(a.path) ?? -1) - (place.get(b.path) ?? -1) ||
      (a.span?.start ?? -1) - (b.span?.start ?? -1) ||
      (a.entry ?? '').localeCompare(b.entry ?? '') ||
      a.detector.localeCompare(b.detector) ||
      a.rule.localeCompare(b.rule),
  );
}
