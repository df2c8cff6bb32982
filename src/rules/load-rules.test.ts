import { describeFault } from '../core/result.ts';
import type { SourceFile } from '../text/read-yaml.ts';
import { loadRules, placeInRule, rulesVersion } from './load-rules.ts';

const SUBJECT = `id: labour-market
title: Labour market
terms: [employment]
measures:
  - { id: employment-rate, title: Employment rate, units: [percent] }
examples:
  match: [Employment has risen., Record employment!]
  clean: [Employment law has changed., The figures are out at half past nine.]
`;
const DIRECTION = `kind: claim
id: up-or-down
summary: Says which way a measure went.
cues:
  - { words: [risen, fallen], relations: [predicate] }
examples:
  match: [Employment has risen., Employment has fallen.]
  clean: [Dough has risen., Employment is published tomorrow.]
`;
const DATASET = `id: core-lettings
title: CORE lettings
rows: lettings
source: published questionnaire
strong: [TENANCYCODE, PREVTEN]
needs: { strong: 1, names: 1, withStrong: 1 }
examples:
  match: [[TENANCYCODE, PREVTEN]]
  clean: [[NAME, ADDRESS]]
`;
const IDENTIFIER = `id: sex
title: sex
role: quasi
points: 5
names: '\\bsex\\b'
examples:
  match: [sex]
  clean: [age]
`;
const MARKING = `id: not-for-circulation
title: Not for further circulation
kind: pre-release
patterns: ['not for further circulation']
hints: [circulation]
examples:
  match: [Not for further circulation., This is not for further circulation]
  clean: [For circulation, further circulation]
`;
const POLICY = `quietPeriod: hold
incomplete: hold
unregisteredSensitive: hold
unregisteredPlain: flag
attributed: flag
detectors: { direction: flag, figure: flag, record-level: flag, fingerprint: flag, marking: flag, recipients: flag, batch: hold }
thresholds: { visibleRecipients: 50 }
`;

const TEXTS = {
  'subjects/labour-market.yaml': SUBJECT,
  'directions/up-or-down.yaml': DIRECTION,
  'datasets/core-lettings.yaml': DATASET,
  'identifiers/sex.yaml': IDENTIFIER,
  'markings/not-for-circulation.yaml': MARKING,
  'policy.yaml': POLICY,
};
type Path = keyof typeof TEXTS;

function folder(over: Readonly<Partial<Record<string, string>>> = {}): readonly SourceFile[] {
  return Object.entries({ ...TEXTS, ...over }).flatMap(([path, text]) =>
    text === undefined ? [] : [{ file: `rules/${path}`, path, text }],
  );
}

function faults(files: readonly SourceFile[]): readonly string[] {
  const loaded = loadRules(files);
  return loaded.ok ? [] : loaded.error.map(describeFault);
}

it('loads a folder that has a rule of every kind', () => {
  const loaded = loadRules(folder());
  if (!loaded.ok) throw new Error(loaded.error.map(describeFault).join('\n'));
  expect(loaded.value.subjects[0]?.measures[0]?.id).toBe('employment-rate');
  expect(loaded.value.policy.detectors.batch).toBe('hold');
  expect(loaded.value.thresholds).toEqual({ visibleRecipients: 50 });
});

describe('a broken rule file costs one line that names file, line and key', () => {
  it.each<[string, Path, string, string, string]>([
    [
      'an unknown key',
      'subjects/labour-market.yaml',
      'terms:',
      'term:',
      'subjects/labour-market.yaml:3:1: term: unknown key, did you mean "terms"?',
    ],
    [
      'no examples',
      'markings/not-for-circulation.yaml',
      MARKING.slice(MARKING.indexOf('examples')),
      '',
      'markings/not-for-circulation.yaml:1:1: examples: this key is missing, add it with a map of keys',
    ],
    [
      'no near-miss',
      'identifiers/sex.yaml',
      '  clean: [age]\n',
      '',
      'identifiers/sex.yaml:6:1: examples.clean: this key is missing, add it with a list',
    ],
    [
      'too few near-misses',
      'subjects/labour-market.yaml',
      'clean: [Employment law has changed., The figures are out at half past nine.]',
      'clean: [One.]',
      'subjects/labour-market.yaml:8:3: examples.clean: has too few items, at least 2 needed',
    ],
    [
      'a regular expression that is none',
      'identifiers/sex.yaml',
      "'\\bsex\\b'",
      "'(sex'",
      'identifiers/sex.yaml:5:1: names: is not a valid regular expression',
    ],
    [
      'an unknown unit',
      'subjects/labour-market.yaml',
      'units: [percent]',
      'units: [per-cent]',
      'subjects/labour-market.yaml:5:60: measures[0].units[0]: "per-cent" is not allowed here, did you mean "percent"?',
    ],
    [
      'a kind that is none',
      'directions/up-or-down.yaml',
      'kind: claim',
      'kind: clam',
      'directions/up-or-down.yaml:1:1: kind: "clam" is not allowed here, did you mean "claim"?',
    ],
    [
      'no kind',
      'directions/up-or-down.yaml',
      'kind: claim\n',
      '',
      'directions/up-or-down.yaml:1:1: kind: this key is missing, add one of claim, guard, figures-due, figure, comparison, learned',
    ],
    [
      'an unknown key of a kind',
      'directions/up-or-down.yaml',
      'summary:',
      'sumary:',
      'directions/up-or-down.yaml:3:1: sumary: unknown key, did you mean "summary"?',
    ],
    [
      'a phrase pattern with an empty alternative',
      'directions/up-or-down.yaml',
      '[risen, fallen]',
      '["_", fallen]',
      'directions/up-or-down.yaml:5:15: cues[0].words[0]: "_" has an empty alternative, remove the stray "|"',
    ],
    [
      'an unknown outcome in the policy',
      'policy.yaml',
      'incomplete: hold',
      'incomplete: pass',
      'policy.yaml:2:1: incomplete: "pass" is not allowed here, use one of hold, flag',
    ],
    [
      'an unknown detector in the policy',
      'policy.yaml',
      'batch: hold',
      'batsh: hold',
      'policy.yaml:6:117: detectors.batsh: unknown key, did you mean "batch"?',
    ],
    [
      'a threshold that is no number',
      'policy.yaml',
      'visibleRecipients: 50',
      'visibleRecipients: "50"',
      'policy.yaml:7:15: thresholds.visibleRecipients: expected a number, found a text, remove the quotes',
    ],
    [
      'a tab as indentation',
      'datasets/core-lettings.yaml',
      '  match',
      '\tmatch',
      'datasets/core-lettings.yaml:8:1: examples: a tab indents this line, use spaces',
    ],
    [
      'an alias',
      'datasets/core-lettings.yaml',
      '[TENANCYCODE, PREVTEN]\n',
      '*names\n',
      'datasets/core-lettings.yaml:5:9: strong: an alias stands here, write the value out',
    ],
    [
      'a key twice',
      'markings/not-for-circulation.yaml',
      'kind: pre-release',
      'kind: pre-release\nkind: protective',
      'markings/not-for-circulation.yaml:4:1: kind: this key stands twice, keep one of the two',
    ],
  ])('%s', (_what, path, from, to, line) => {
    expect(TEXTS[path]).toContain(from);
    const found = faults(folder({ [path]: TEXTS[path].replace(from, to) }));
    expect(found).toHaveLength(1);
    expect(found).toEqual([`rules/${line}`]);
  });
});

describe('a rule folder as a whole', () => {
  it.each<[string, Readonly<Partial<Record<string, string | undefined>>>, string]>([
    [
      'a kind without any rule',
      { 'markings/not-for-circulation.yaml': undefined },
      'rules/markings: holds no rule, so nothing of its kind would be found: put at least one .yaml file into it',
    ],
    [
      'no policy',
      { 'policy.yaml': undefined },
      'rules/policy.yaml: is missing, and it says what each finding comes to: copy the one that is shipped',
    ],
    [
      'an id in two files',
      { 'markings/z.yaml': MARKING },
      'rules/markings/z.yaml:1:1: id: the same id stands in rules/markings/not-for-circulation.yaml, give each rule an id of its own',
    ],
    [
      'a measure in two subjects',
      { 'subjects/z.yaml': SUBJECT.replace('id: labour-market', 'id: z') },
      'rules/subjects/z.yaml:5:7: measures[0].id: the same measure stands in rules/subjects/labour-market.yaml, give each an id of its own',
    ],
  ])('refuses %s', (_what, over, line) => {
    expect(faults(folder(over as Readonly<Partial<Record<string, string>>>))).toEqual([line]);
  });

  it('is refused where it is empty, a line for each kind', () => {
    expect(faults([])).toHaveLength(6);
  });

  it('has a version that any change of a file changes, and their order does not', () => {
    const version = rulesVersion(folder());
    expect(rulesVersion(folder().toReversed())).toBe(version);
    expect(rulesVersion(folder({ 'policy.yaml': `${POLICY}#` }))).not.toBe(version);
    expect(rulesVersion(folder({ 'policy.yaml': undefined as unknown as string, 'policy.yml': POLICY }))).not.toBe(
      version,
    );
  });

  it('finds the place of a rule again by its id', () => {
    const place = { folder: 'subjects', rule: 'labour-market', path: ['examples', 'clean', 1], message: 'm' } as const;
    expect(describeFault(placeInRule(folder(), place))).toBe(
      'rules/subjects/labour-market.yaml:8:40: examples.clean[1]: m',
    );
  });
});
