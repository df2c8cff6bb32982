import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbargoEntry } from '../../src/core/entry.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { OpenedMessage, TextRole } from '../../src/core/part.ts';
import type { Judgement } from '../../src/core/verdict.ts';
import type { DetectContext } from '../../src/detect/detector.ts';
import { direction } from '../../src/detect/direction.ts';
import { figure } from '../../src/detect/figure.ts';
import type { CompiledRules } from '../../src/rules/compiled-rules.ts';
import { loadRules, RULE_FOLDERS } from '../../src/rules/load-rules.ts';
import { judgeOpened } from '../../src/scan/scan-message.ts';

const FOLDER = join(import.meta.dirname, '../../rules');

/** The shipped rules; their own examples are proven elsewhere. */
export const rules: CompiledRules = load();

/** Eight minutes before the lift of 20 January 2016. */
export const BEFORE_LIFT = Date.parse('2016-01-20T09:22:00Z');
export const LIFT = Date.parse('2016-01-20T09:30:00Z');

/** A release that lifts at half past nine on 20 January 2016, its pre-release access open to one analyst. */
export function aRelease(subject: string, changes: Partial<EmbargoEntry> = {}): EmbargoEntry {
  return {
    id: subject,
    title: subject,
    producer: 'Office of Examples',
    series: null,
    page: null,
    subjects: [subject],
    from: Date.parse('2016-01-13T00:00:00Z'),
    until: LIFT,
    zone: 'Europe/London',
    preRelease: {
      opens: Date.parse('2016-01-19T09:30:00Z'),
      access: [{ email: 'analyst@department.example', role: null, declared: null }],
    },
    custodians: [],
    status: 'scheduled',
    figures: [],
    public: [],
    quietUntil: null,
    ...changes,
  };
}

export interface Circumstances {
  readonly entries?: readonly EmbargoEntry[];
  readonly from?: string | null;
  readonly to?: readonly string[];
  readonly at?: number;
  readonly publishAt?: number | null;
  readonly matchesSealed?: DetectContext['matchesSealed'];
}

/** A message of texts by role, in order. */
export function aMessage(...texts: readonly (readonly [TextRole, string])[]): OpenedMessage {
  return {
    headers: null,
    parts: texts.map(([role, text], index) => ({
      path: `${role}-${index}`,
      type: 'text/plain',
      bytes: text.length,
      content: { kind: 'text', role, text },
    })),
  };
}

/** What the engine makes of a message by its words and figures alone. */
export async function judge(message: OpenedMessage | string, circumstances: Circumstances = {}): Promise<Judgement> {
  const { entries, from = null, to = [], at = BEFORE_LIFT, publishAt = null } = circumstances;
  const registers = { embargoes: entries ?? rules.subjects.map(({ id }) => aRelease(id)), sensitivity: [] };
  const opened = typeof message === 'string' ? aMessage(['body', message]) : message;
  const { judgement } = await judgeOpened(
    opened,
    { parties: { from, to }, now: at, publishAt },
    { rules, registers, detectors: [direction, figure], matchesSealed: circumstances.matchesSealed ?? (() => false) },
  );
  return judgement;
}

/** The findings about an entry, for a message judged with it alone. */
export async function findings(
  message: OpenedMessage | string,
  circumstances: Circumstances = {},
): Promise<readonly Finding[]> {
  return (await judge(message, circumstances)).findings;
}

function load(): CompiledRules {
  const files = RULE_FOLDERS.flatMap((kind) =>
    readdirSync(join(FOLDER, kind)).map((name) => sourceOf(`${kind}/${name}`)),
  );
  const loaded = loadRules([...files, sourceOf('policy.yaml')]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

function sourceOf(path: string) {
  return { path, file: path, text: readFileSync(join(FOLDER, path), 'utf8') };
}
