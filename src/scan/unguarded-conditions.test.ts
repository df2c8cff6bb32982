import { describeFault } from '../core/result.ts';
import { detectors } from '../detect/index.ts';
import { loadRules } from '../rules/load-rules.ts';
import { disproveRules } from './rule-proof.ts';
import { unguardedConditions } from './unguarded-conditions.ts';

const TEXTS = {
  'subjects/labour-market.yaml': `id: labour-market
title: Labour market
terms: [employment, unemployment]
notMeant: [gainful employment]
measures:
  - { id: employment-rate, title: Employment rate, units: [percent] }
examples:
  match: [Employment has risen., Unemployment has fallen.]
  clean: [The figures are out at half past nine., Dough has risen.NEAR-MISS-SUBJECT]
`,
  'directions/up-or-down.yaml': `kind: claim
id: up-or-down
summary: Says which way a measure went.
cues:
  - { words: [risen, fallen], relations: [predicate] }
examples:
  match: [Employment has risen., Employment has fallen.]
  clean: [Dough has risen., Employment is published tomorrow.NEAR-MISS-CLAIM]
`,
  'datasets/core-lettings.yaml': `id: core-lettings
title: CORE lettings
rows: lettings
source: published questionnaire
strong: [TENANCYCODE, PREVTEN]
common: [AGE, SEX, RENT]
needs: { strong: 2, names: 3, withStrong: 1 }
examples:
  match: [[TENANCYCODE, PREVTEN]]
  clean: [[NAME, ADDRESS], [AGE, SEX, RENT]NEAR-MISS-DATASET]
`,
  'identifiers/age.yaml': `id: age
title: age
role: quasi
points: 5
names: '\\bage\\b'
notNames: 'group'
examples:
  match: [age]
  clean: [name NEAR-MISS-IDENTIFIER]
`,
  'markings/not-for-circulation.yaml': `id: not-for-circulation
title: Not for circulation
kind: pre-release
patterns: ['not for circulation']
hints: [circulation]
examples:
  match: [Not for circulation., This is not for circulation]
  clean: [Nothing., Quite circular NEAR-MISS-MARKING]
`,
  'policy.yaml': `quietPeriod: hold
incomplete: hold
unregisteredSensitive: hold
unregisteredPlain: flag
attributed: flag
detectors: { direction: flag, figure: flag, record-level: flag, fingerprint: flag, marking: flag, recipients: flag, batch: hold }
thresholds: {}
`,
};

const NEAR_MISSES: Readonly<Record<string, string>> = {
  'NEAR-MISS-SUBJECT': ', Gainful employment has risen.',
  'NEAR-MISS-CLAIM': ', Risen bread is served while employment is published.',
  'NEAR-MISS-DATASET': ', [TENANCYCODE, ADDRESS]',
  'NEAR-MISS-IDENTIFIER': ', age group',
  'NEAR-MISS-MARKING': ', Fit for circulation',
};

function unguarded(missing: string | null): readonly string[] {
  const files = Object.entries(TEXTS).map(([path, text]) => ({
    file: path,
    path,
    text: text.replace(/ ?(NEAR-MISS-[A-Z]+)/g, (_all, name: string) =>
      name === missing ? '' : (NEAR_MISSES[name] ?? ''),
    ),
  }));
  const rules = loadRules(files);
  if (!rules.ok) throw new Error(rules.error.map(describeFault).join('\n'));
  expect(disproveRules(rules.value, detectors)).toEqual([]);
  return unguardedConditions(rules.value, detectors).map(
    ({ folder, rule, path }) => `${folder}/${rule} ${path.join('.')}`,
  );
}

describe('conditions that no near-miss guards', () => {
  it('are none where each has its near-miss', () => {
    expect(unguarded(null)).toEqual([]);
  });

  it.each([
    ['NEAR-MISS-SUBJECT', 'subjects/labour-market notMeant'],
    ['NEAR-MISS-CLAIM', 'directions/up-or-down cues.0.relations'],
    ['NEAR-MISS-DATASET', 'datasets/core-lettings needs.strong', 'datasets/core-lettings needs.names'],
    ['NEAR-MISS-IDENTIFIER', 'identifiers/age notNames'],
    ['NEAR-MISS-MARKING', 'markings/not-for-circulation patterns.0'],
  ])('are named where it is left out: %s', (missing, ...conditions) => {
    expect(unguarded(missing)).toEqual(conditions);
  });
});
