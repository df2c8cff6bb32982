import { z } from 'zod';
import type { EmbargoEntry, Instant } from '../core/entry.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { Detector } from '../detect/detector.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { Subject } from '../rules/subject.ts';
import { judgeOpened } from './scan-message.ts';

/**
 * One line of an evaluation set; further keys are the set's own.
 *
 * What is expected is `expect`, or follows from `direction`: anything but `none` is an indication.
 */
export const caseSchema = z
  .looseObject({
    text: z.string().min(1),
    expect: z.enum(['hold', 'pass']).optional(),
    direction: z.string().optional(),
    subject: z.string().nullish(),
    topic: z.string().nullish(),
    family: z.string().nullish(),
    style: z.string().nullish(),
    set: z.string().nullish(),
  })
  .refine((line) => line.expect !== undefined || line.direction !== undefined, {
    message: 'needs `expect` (hold or pass) or `direction` (none for a sentence that may go)',
  });

export type EvaluationCase = z.infer<typeof caseSchema>;

/** A case and what the engine made of it, every subject being under embargo. */
export interface Evaluated {
  readonly line: number;
  readonly text: string;
  readonly expected: 'hold' | 'pass';
  readonly held: boolean;
  readonly subject: string;
  readonly family: string;
  /** Rules that held it, each once. */
  readonly rules: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Judges one case as a draft for the public at an instant, with a release of every subject under embargo until the day after. */
export async function evaluateCase(
  { text, ...labels }: EvaluationCase,
  line: number,
  {
    rules,
    detectors,
    at,
  }: { readonly rules: CompiledRules; readonly detectors: readonly Detector[]; readonly at: Instant },
): Promise<Evaluated> {
  const registers = { embargoes: releaseOfEverySubject(rules, at), sensitivity: [] };
  const parts = { rules, registers, detectors, matchesSealed: () => false };
  const request = { parties: { from: null, to: [] }, now: at, publishAt: null };
  const { judgement } = await judgeOpened(draftOf(text), request, parts);
  const holding = judgement.findings.filter((finding) => finding.weight === 'embargoed');
  return {
    line,
    text,
    expected: labels.expect ?? (labels.direction === 'none' ? 'pass' : 'hold'),
    held: judgement.verdict === 'hold',
    subject: labels.subject ?? labels.topic ?? 'any',
    family: labels.family ?? labels.style ?? labels.direction ?? labels.set ?? 'any',
    rules: [...new Set(holding.map((finding) => finding.rule))],
  };
}

/** A register entry for each subject, all open at an instant and due the day after. */
export function releaseOfEverySubject(rules: CompiledRules, at: Instant): readonly EmbargoEntry[] {
  return rules.subjects.map((subject) => releaseOf(subject, at));
}

function draftOf(text: string): OpenedMessage {
  const content = { kind: 'text', role: 'body', text } as const;
  return { headers: null, parts: [{ path: 'body', type: 'text/plain', bytes: Buffer.byteLength(text), content }] };
}

function releaseOf({ id, title }: Subject, at: Instant): EmbargoEntry {
  return {
    id,
    title,
    producer: title,
    series: null,
    page: null,
    subjects: [id],
    from: at - DAY_MS,
    until: at + DAY_MS,
    zone: 'UTC',
    preRelease: null,
    custodians: [],
    status: 'scheduled',
    figures: [],
    public: [],
    quietUntil: null,
  };
}
