import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { Claim, Comparison, FigureRule, FiguresDue, Guard, Reach, Relation } from '../rules/direction.ts';
import type { Names } from '../rules/learned.ts';
import type { Measure, Subject } from '../rules/subject.ts';
import { Misspellings } from '../text/misspelling.ts';
import { PhraseIndex } from '../text/phrase-index.ts';
import { compileReader, type LearnedReader } from './learned-reader.ts';

/** What a phrase of the rules stands for where it is found. */
export type Meaning =
  | {
      readonly kind: 'subject';
      readonly subject: Subject;
      readonly measure: Measure | null;
      readonly clear: boolean;
      readonly faint: boolean;
      readonly terse: boolean;
      readonly counted: boolean;
    }
  | { readonly kind: 'unit-word'; readonly measure: Measure }
  | { readonly kind: 'outright' | 'spoken'; readonly subject: Subject }
  | { readonly kind: 'compared' | 'own'; readonly rule: Comparison }
  | { readonly kind: 'not-meant'; readonly subject: Subject }
  | {
      readonly kind: 'cue';
      readonly claim: Claim;
      readonly relations: readonly Relation[];
      readonly reach: Reach;
      readonly when: 'soon' | 'release' | null;
    }
  | { readonly kind: 'guard'; readonly guard: Guard }
  | { readonly kind: 'follow' | 'unless'; readonly guard: Guard }
  | { readonly kind: 'figures' | 'due' | 'soon' | 'hint' | 'due-hint' | 'soon-hint'; readonly rule: FiguresDue }
  | { readonly kind: 'other-unit' | 'label'; readonly rule: FigureRule }
  | { readonly kind: 'name'; readonly names: Names; readonly index: number };

export interface Vocabulary {
  readonly phrases: PhraseIndex<Meaning>;
  readonly misspellings: Misspellings;
  readonly figuresDue: FiguresDue | null;
  readonly figureRule: FigureRule | null;
  readonly learned: readonly LearnedReader[];
}

const compiled = new WeakMap<CompiledRules, Vocabulary>();

/** The words of all subjects and directions as one index; built once for each set of rules. */
export function vocabularyOf(rules: CompiledRules): Vocabulary {
  let vocabulary = compiled.get(rules);
  if (vocabulary === undefined) {
    vocabulary = compileVocabulary(rules);
    compiled.set(rules, vocabulary);
  }
  return vocabulary;
}

function compileVocabulary(rules: CompiledRules): Vocabulary {
  const phrases = new PhraseIndex<Meaning>();
  const addAll = (words: readonly string[], meaning: Meaning): void => {
    for (const pattern of words) phrases.add(pattern, meaning);
  };
  for (const subject of rules.subjects) {
    const mention = (measure: Measure | null, sort: 'clear' | 'everyday' | 'faint' | 'terse' | 'counted'): Meaning => ({
      kind: 'subject',
      subject,
      measure,
      clear: sort === 'clear',
      faint: sort === 'faint' || sort === 'terse',
      terse: sort === 'terse',
      counted: sort === 'counted',
    });
    addAll(subject.terms, mention(null, 'clear'));
    addAll(subject.everyday, mention(null, 'everyday'));
    addAll(subject.faint, mention(null, 'faint'));
    addAll(subject.terse, mention(null, 'terse'));
    addAll(subject.counted, mention(null, 'counted'));
    addAll(subject.claims, { kind: 'outright', subject });
    addAll(subject.spoken, { kind: 'spoken', subject });
    addAll(subject.notMeant, { kind: 'not-meant', subject });
    for (const measure of subject.measures) {
      addAll(measure.terms, mention(measure, 'clear'));
      addAll(measure.everyday, mention(measure, 'everyday'));
      addAll(measure.unitWords, { kind: 'unit-word', measure });
    }
  }
  let figuresDue: FiguresDue | null = null;
  let figureRule: FigureRule | null = null;
  const learned: LearnedReader[] = [];
  for (const rule of rules.directions) {
    switch (rule.kind) {
      case 'claim':
        for (const group of rule.cues)
          addAll(group.words, {
            kind: 'cue',
            claim: rule,
            relations: group.relations,
            reach: group.subject,
            when: group.when ?? null,
          });
        break;
      case 'guard':
        addAll(rule.words, { kind: 'guard', guard: rule });
        addAll(rule.followedBy, { kind: 'follow', guard: rule });
        addAll(rule.unless, { kind: 'unless', guard: rule });
        break;
      case 'figures-due':
        figuresDue = rule;
        addAll(rule.nouns, { kind: 'figures', rule });
        addAll(rule.due, { kind: 'due', rule });
        addAll(rule.soon, { kind: 'soon', rule });
        addAll(rule.hints, { kind: 'hint', rule });
        addAll(rule.dueHints, { kind: 'due-hint', rule });
        addAll(rule.soonHints, { kind: 'soon-hint', rule });
        break;
      case 'figure':
        figureRule = rule;
        addAll(rule.otherUnits, { kind: 'other-unit', rule });
        addAll(rule.labels, { kind: 'label', rule });
        break;
      case 'comparison':
        addAll(rule.words, { kind: 'compared', rule });
        addAll(rule.unless, { kind: 'own', rule });
        break;
      case 'learned':
        rule.names.forEach((names, index) => {
          addAll(names.words, { kind: 'name', names, index });
        });
        learned.push(compileReader(rule, rules.subjects));
        break;
    }
  }
  return { phrases, misspellings: new Misspellings(phrases.words), figuresDue, figureRule, learned };
}
