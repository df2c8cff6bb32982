import type { Detector } from '../detect/detector.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { type Dataset, disproveDataset } from '../rules/dataset.ts';
import { type Claim, type DirectionFile, type Guard, relation } from '../rules/direction.ts';
import { disproveIdentifier, type Identifier } from '../rules/identifier.ts';
import type { RuleFolder } from '../rules/load-rules.ts';
import { disproveMarking, type Marking } from '../rules/marking.ts';
import type { Subject } from '../rules/subject.ts';
import { type Disproof, type ReadSentence, sentenceReader, withoutLearned } from './rule-proof.ts';

const MESSAGE = 'no near-miss shows why this condition is there, add one to examples.clean that breaks it alone';

/**
 * The conditions of rules that no near-miss guards: each is dropped in turn, and then at least one example that the rule must not match
 * has to be matched. Good examples show why each condition is there; a condition nobody would miss is a rule nobody understands.
 */
export function unguardedConditions(rules: CompiledRules, detectors: readonly Detector[]): readonly Disproof[] {
  // Written rules alone: what is learned beside them finds, or doubts, whatever their conditions are.
  const written = withoutLearned(rules);
  const read = (changed: Partial<CompiledRules>): ReadSentence => sentenceReader({ ...written, ...changed }, detectors);
  return [
    ...unguardedSubjects(written, read),
    ...unguardedClaims(written, read),
    ...unguardedInDirections(written, read),
    ...rules.datasets.flatMap(unguardedInDataset),
    ...rules.identifiers.flatMap(unguardedInIdentifier),
    ...rules.markings.flatMap(unguardedInMarking),
  ];
}

type Reader = (changed: Partial<CompiledRules>) => ReadSentence;

/** Subjects do not touch each other's entries, so the same condition is dropped in all of them at once. */
function unguardedSubjects(rules: CompiledRules, read: Reader): readonly Disproof[] {
  const drops: readonly (readonly ['notMeant' | 'everyday' | 'counted', (subject: Subject) => Subject])[] = [
    ['notMeant', (subject) => ({ ...subject, notMeant: [] })],
    ['everyday', (subject) => ({ ...subject, everyday: [], terms: [...subject.terms, ...subject.everyday] })],
    ['counted', (subject) => ({ ...subject, counted: [], terms: [...subject.terms, ...subject.counted] })],
  ];
  return drops.flatMap(([key, drop]) => {
    const found = read({ subjects: rules.subjects.map(drop) });
    return rules.subjects.flatMap((subject) => {
      if (subject[key].length === 0) return [];
      const isGuarded = subject.examples.clean.some((text) => found(text).some(({ entry }) => entry === subject.id));
      return isGuarded ? [] : [unguarded('subjects', subject.id, [key])];
    });
  });
}

/** Findings name their claim, so the same group of cues is widened in all claims at once. */
function unguardedClaims(rules: CompiledRules, read: Reader): readonly Disproof[] {
  const claims = rules.directions.filter((rule): rule is Claim => rule.kind === 'claim');
  const most = Math.max(0, ...claims.map(({ cues }) => cues.length));
  return Array.from({ length: most }, (_, index) => index).flatMap((index) =>
    (['relations', 'subject'] as const).flatMap((key) => {
      const wide = { relations: [...relation.options], subject: 'any' } as const;
      const widen = (rule: DirectionFile): DirectionFile =>
        rule.kind === 'claim'
          ? { ...rule, cues: rule.cues.map((cue, at) => (at === index ? { ...cue, [key]: wide[key] } : cue)) }
          : rule;
      const found = read({ directions: rules.directions.map(widen) });
      return claims.flatMap((claim) => {
        const cue = claim.cues[index];
        if (
          cue === undefined ||
          (key === 'subject' ? cue.subject === 'any' : cue.relations.length === relation.options.length)
        )
          return [];
        const isGuarded = claim.examples.clean.some((text) => found(text).some(({ rule }) => rule === claim.id));
        return isGuarded ? [] : [unguarded('directions', claim.id, ['cues', index, key])];
      });
    }),
  );
}

/** Guards and the figure rule work on every claim, so each is changed alone. */
function unguardedInDirections(rules: CompiledRules, read: Reader): readonly Disproof[] {
  const without = (changed: DirectionFile) =>
    read({ directions: rules.directions.map((rule) => (rule.id === changed.id ? changed : rule)) });
  return rules.directions.flatMap((rule) => {
    if (rule.kind === 'guard') {
      return wideGuards(rule).flatMap(([key, wide]) => {
        const found = without(wide);
        const isGuarded = rule.examples.clean.some(
          (text) => !found(text).some(({ weight }) => weight !== 'attributed'),
        );
        return isGuarded ? [] : [unguarded('directions', rule.id, [key])];
      });
    }
    if (rule.kind === 'comparison') {
      if (rule.unless.length === 0) return [];
      const found = without({ ...rule, unless: [] });
      const isGuarded = rule.examples.clean.some((text) => found(text).some((finding) => finding.rule === rule.id));
      return isGuarded ? [] : [unguarded('directions', rule.id, ['unless'])];
    }
    if (rule.kind !== 'figure') return [];
    return (['otherUnits', 'labels'] as const).flatMap((key) => {
      if (rule[key].length === 0) return [];
      const found = without({ ...rule, [key]: [] });
      const isGuarded = rule.examples.clean.some((text) => found(text).some((finding) => finding.rule === rule.id));
      return isGuarded ? [] : [unguarded('directions', rule.id, [key])];
    });
  });
}

function wideGuards(guard: Guard): readonly (readonly [keyof Guard, Guard])[] {
  const wide: (readonly [keyof Guard, Guard])[] = [];
  if (guard.question) wide.push(['question', { ...guard, question: false }]);
  if (guard.followedBy.length > 0) wide.push(['followedBy', { ...guard, followedBy: [] }]);
  // A cue that is a whole sentence has no words of a guard beside it, so that leaving out `alone` is no condition.
  const silenceable = relation.options.filter((one) => one !== 'alone');
  if (guard.effect === 'silence' && silenceable.some((one) => !guard.silences.includes(one)))
    wide.push(['silences', { ...guard, silences: [...relation.options] }]);
  return wide;
}

function unguardedInDataset(dataset: Dataset): readonly Disproof[] {
  const { strong, names, withStrong } = dataset.needs;
  const wide: (readonly [string, Dataset])[] = [];
  if (strong > 1) wide.push(['strong', { ...dataset, needs: { ...dataset.needs, strong: 1 } }]);
  if (names > 1) wide.push(['names', { ...dataset, needs: { ...dataset.needs, names: 1 } }]);
  if (withStrong > 0) wide.push(['withStrong', { ...dataset, needs: { ...dataset.needs, withStrong: 0 } }]);
  return wide.flatMap(([key, changed]) =>
    matchesClean(disproveDataset(changed)) ? [] : [unguarded('datasets', dataset.id, ['needs', key])],
  );
}

function unguardedInIdentifier(rule: Identifier): readonly Disproof[] {
  const { check: _check, notNames: _notNames, ...rest } = rule;
  const wide: (readonly [string, Identifier])[] = [];
  if (rule.check !== undefined)
    wide.push(['check', { ...rest, ...(rule.notNames === undefined ? {} : { notNames: rule.notNames }) }]);
  // Examples are cells where cells decide, and only then names.
  if (rule.cells === undefined && rule.notNames !== undefined) wide.push(['notNames', rest]);
  return wide.flatMap(([key, changed]) =>
    matchesClean(disproveIdentifier(changed)) ? [] : [unguarded('identifiers', rule.id, [key])],
  );
}

/** Every word of a marking's phrases is a condition. */
function unguardedInMarking(marking: Marking): readonly Disproof[] {
  return marking.patterns.flatMap((pattern, index) => {
    const words = pattern.split(' ');
    // A bracket or a set may hold spaces, and then words cannot be told by them.
    if (words.length < 2 || /[()[\]|]/.test(pattern)) return [];
    const isGuarded = words.some((_, dropped) => {
      const shorter = words.filter((_word, at) => at !== dropped).join(' ');
      const patterns = marking.patterns.map((other, at) => (at === index ? shorter : other));
      return matchesClean(disproveMarking({ ...marking, patterns }));
    });
    return isGuarded ? [] : [unguarded('markings', marking.id, ['patterns', index])];
  });
}

function matchesClean(complaints: readonly string[]): boolean {
  return complaints.some((complaint) => complaint.startsWith('examples.clean['));
}

function unguarded(folder: RuleFolder, rule: string, path: Disproof['path']): Disproof {
  return { folder, rule, path, message: MESSAGE };
}
