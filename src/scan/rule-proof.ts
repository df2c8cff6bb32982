import type { EmbargoEntry } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { DetectContext, Detector } from '../detect/detector.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { disproveDataset } from '../rules/dataset.ts';
import type { DirectionFile } from '../rules/direction.ts';
import { disproveIdentifier } from '../rules/identifier.ts';
import type { RuleFolder } from '../rules/load-rules.ts';
import { disproveMarking } from '../rules/marking.ts';
import type { Subject } from '../rules/subject.ts';

/** An example of a rule that it does not bear out. */
export interface Disproof {
  readonly folder: RuleFolder;
  readonly rule: string;
  /** `['examples', 'match', 2]` */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Reads sentences as the detectors would read them in a draft for the public, every subject being under embargo. */
export type ReadSentence = (sentence: string) => readonly Finding[];

/** Every example of every rule that its rule does not bear out; empty where the rules are proven. */
export function disproveRules(rules: CompiledRules, detectors: readonly Detector[]): readonly Disproof[] {
  const read = sentenceReader(rules, detectors);
  const readWritten = sentenceReader(withoutLearned(rules), detectors);
  return [
    ...rules.subjects.flatMap((subject) => disproveSubject(subject, read)),
    ...rules.directions.flatMap((rule) => disproveDirection(rule, read, readWritten)),
    ...rules.datasets.flatMap((rule) => disproveAlone('datasets', rule, disproveDataset(rule))),
    ...rules.identifiers.flatMap((rule) => disproveAlone('identifiers', rule, disproveIdentifier(rule))),
    ...rules.markings.flatMap((rule) => disproveAlone('markings', rule, disproveMarking(rule))),
  ];
}

/** The rules that somebody wrote down. */
export function withoutLearned(rules: CompiledRules): CompiledRules {
  return { ...rules, directions: rules.directions.filter(({ kind }) => kind !== 'learned') };
}

/** The rules of `disproveRules` that need a whole message have their findings from the detectors of words and figures. */
export function sentenceReader(rules: CompiledRules, detectors: readonly Detector[]): ReadSentence {
  const readers = detectors.filter(({ name }) => name === 'direction' || name === 'figure');
  const now = 0;
  const context: DetectContext = {
    rules,
    registers: { embargoes: [], sensitivity: [] },
    open: rules.subjects.map((subject) => releaseOf(subject, now)),
    parties: { from: null, to: [] },
    effectiveAt: now,
    matchesSealed: () => false,
  };
  return (sentence) =>
    readers.flatMap((detector) => {
      const found = detector.detect(draftOf(sentence), context);
      if (found instanceof Promise) throw new Error(`the ${detector.name} detector must answer at once to prove rules`);
      return found;
    });
}

function disproveSubject(subject: Subject, read: ReadSentence): readonly Disproof[] {
  const found = (sentence: string) => read(sentence).some(({ entry }) => entry === subject.id);
  return disproveExamples('subjects', subject, {
    match: (sentence) => (found(sentence) ? null : 'says nothing of this subject to the detectors, and must'),
    clean: (sentence) => (found(sentence) ? 'indicates this subject to the detectors, and must not' : null),
  });
}

const MISSED = 'is not found by this rule, and must be';
const DOUBTED =
  'is found by this rule, but the learned reader takes it for something else: say it more plainly, or teach the reader (`learn/README.md`)';

function disproveDirection(rule: DirectionFile, read: ReadSentence, readWritten: ReadSentence): readonly Disproof[] {
  const finds = (found: ReadSentence, sentence: string) => found(sentence).some((finding) => finding.rule === rule.id);
  const byRule = (sentence: string) => finds(read, sentence);
  if (rule.kind !== 'guard') {
    return disproveExamples('directions', rule, {
      match: (sentence) => (byRule(sentence) ? null : finds(readWritten, sentence) ? DOUBTED : MISSED),
      clean: (sentence) => (byRule(sentence) ? 'is found by this rule, and must not be' : null),
    });
  }
  const held = (sentence: string) => read(sentence).some(({ weight }) => weight !== 'attributed');
  return disproveExamples('directions', rule, {
    match: (sentence) => (held(sentence) ? 'is found in spite of this guard, and must not be' : null),
    clean: (sentence) => (held(sentence) ? null : 'is not found, and a guard must leave it alone'),
  });
}

function disproveExamples(
  folder: RuleFolder,
  rule: Subject | DirectionFile,
  judge: Readonly<Record<'match' | 'clean', (sentence: string) => string | null>>,
): readonly Disproof[] {
  return (['match', 'clean'] as const).flatMap((kind) =>
    rule.examples[kind].flatMap((sentence, index) => {
      const message = judge[kind](sentence);
      return message === null ? [] : [{ folder, rule: rule.id, path: ['examples', kind, index], message }];
    }),
  );
}

/** The checks that a rule's own module makes say the place first: `examples.match[2] does not match`. */
function disproveAlone(
  folder: RuleFolder,
  rule: { readonly id: string },
  complaints: readonly string[],
): readonly Disproof[] {
  return complaints.map((complaint) => {
    const [, kind = 'match', index = '0', message = complaint] =
      /^examples\.(\w+)\[(\d+)\] (.*)$/.exec(complaint) ?? [];
    return { folder, rule: rule.id, path: ['examples', kind, Number(index)], message };
  });
}

function draftOf(sentence: string): OpenedMessage {
  const content = { kind: 'text', role: 'body', text: sentence } as const;
  return { headers: null, parts: [{ path: 'body', type: 'text/plain', bytes: sentence.length, content }] };
}

/** A release of one subject, open now and due tomorrow. */
function releaseOf({ id, title }: Subject, now: number): EmbargoEntry {
  const day = 86_400_000;
  return {
    id,
    title,
    producer: title,
    series: null,
    page: null,
    subjects: [id],
    from: now - day,
    until: now + day,
    zone: 'UTC',
    preRelease: null,
    custodians: [],
    status: 'scheduled',
    figures: [],
    public: [],
    quietUntil: null,
  };
}
