import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { orEnd } from '../src/cli/command.ts';
import { SHIPPED_RULES } from '../src/cli/load-engine.ts';
import { readPassage } from '../src/detect/passage.ts';
import { sentenceFeatures } from '../src/detect/sentence-features.ts';
import { vocabularyOf } from '../src/detect/vocabulary.ts';
import { loadRules, POLICY_FILE, RULE_FOLDERS } from '../src/rules/load-rules.ts';
import { readFolder } from '../src/store/read-folder.ts';
import { type Fitted, fitLogistic, type Sample } from './logistic-regression.ts';
import { readOrdinaryProse } from './ordinary-prose.ts';
import { plainNotices, plainStatements } from './plain-statements.ts';
import { examplesOfRules, mixTaught, readSet } from './taught-sentences.ts';

/**
 * Learns the weights of `rules/directions/reads-as-statistic.yaml` and writes them in place: `node learn/run.ts [RULES [SET...]]`.
 *
 * Taught are the examples of all rules, the sets named (files of lines as `holdfast evaluate` reads them; else those in `learn/sets` and
 * what the rules were tuned with), and ordinary prose. The same sentences and rules give the same weights.
 */
const [folder = SHIPPED_RULES, ...named] = process.argv.slice(2);
const OWN = join(import.meta.dirname, 'sets');
const sets =
  named.length > 0
    ? named
    : [
        ...readdirSync(OWN).map((name) => join(OWN, name)),
        join(import.meta.dirname, '../test/sets/tuned-sentences.jsonl'),
      ];
const FILE = join(folder, 'directions/reads-as-statistic.yaml');
/** The packages that are installed: written English of many hands. */
const PROSE = join(import.meta.dirname, '../node_modules');
const BUCKETS = 131_072;
/** How freely weights may grow (the inverse of the penalty); chosen on sentences that were not taught. */
const STRENGTH = 0.4;
/** Fewer positive sentences teach nothing of a subject. */
const LEAST_OF_SUBJECT = 20;

// Not proven by its examples: those of the file itself are borne out by what is learned here.
const { files } = orEnd(await readFolder(folder, { folders: RULE_FOLDERS, files: [POLICY_FILE], what: 'rule' }));
const rules = orEnd(loadRules(files, folder));
const vocabulary = vocabularyOf(rules);
const sentences = [
  ...examplesOfRules(rules),
  ...plainStatements(rules),
  ...plainNotices(rules),
  ...sets.flatMap((file) => readSet(file)),
];
const taught = [...sentences, ...mixTaught(sentences), ...readOrdinaryProse(PROSE)];

/** The sentences of a text as buckets. */
function sentencesOf(text: string): readonly (readonly number[])[] {
  const passage = readPassage('text', 'body', text, vocabulary);
  return passage.sentences
    .filter(({ from, to }) => to - from >= 3)
    .map((sentence) => [...sentenceFeatures(passage.tokens, sentence, BUCKETS - 1)]);
}

const texts = [...new Map(taught.map((one) => [one.text, one])).values()].map((one) => ({
  ...one,
  sentences: sentencesOf(one.text),
}));
const clean = texts
  .filter(({ indicates }) => !indicates)
  .flatMap(({ sentences, weight }) => sentences.map((features) => ({ features, isOne: false, weight })));
const held = texts.filter(({ indicates, sentences }) => indicates && sentences.length > 0);

/** Of a text of several sentences one indicates; which one, the reader that the others teach says. */
function fitIndicates(choose: (sentences: readonly (readonly number[])[]) => readonly number[] | null): Fitted {
  const chosen = held.flatMap(({ sentences, weight }): readonly Sample[] => {
    const features = choose(sentences);
    return features === null ? [] : [{ features, isOne: true, weight }];
  });
  if (chosen.length === 0) throw new Error('no sentence that indicates anything is taught');
  return fitLogistic([...chosen, ...clean], BUCKETS, STRENGTH);
}

function scoreOf({ bias, weights }: Fitted, features: readonly number[]): number {
  return features.reduce((sum, bucket) => sum + (weights[bucket] as number), bias);
}

const first = fitIndicates((sentences) => (sentences.length === 1 ? (sentences[0] ?? null) : null));
const best = (sentences: readonly (readonly number[])[]) =>
  sentences.toSorted((a, b) => scoreOf(first, b) - scoreOf(first, a))[0] ?? null;
const indicates = fitIndicates(best);

const ofSubject = held.filter(({ subject }) => subject !== null);
const subjects = rules.subjects.flatMap(({ id }) => {
  const own = ofSubject.filter(({ subject }) => subject === id).length;
  if (own < LEAST_OF_SUBJECT) return [];
  const samples = ofSubject.map(({ sentences, subject }) => ({
    features: best(sentences) ?? [],
    isOne: subject === id,
    weight: 1,
  }));
  return [[id, fitLogistic(samples, BUCKETS, STRENGTH)] as const];
});

const before = readFileSync(FILE, 'utf8');
const head = before.slice(0, before.search(/^buckets:/m));
const lines = [
  `buckets: ${BUCKETS}`,
  `indicates: ${written(indicates)}`,
  'subjects:',
  ...subjects.map(([id, fitted]) => `  ${id}: ${written(fitted)}`),
];
writeFileSync(FILE, `${head}${lines.join('\n')}\n`);
console.log(
  `${held.length} that indicate, ${clean.length} sentences that do not, ${subjects.length} subjects: ${FILE.split('/').at(-1)} written`,
);

function written({ bias, weights }: Fitted): string {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const scale = Math.max(largest, 1e-9) / 127;
  const bytes = Int8Array.from(weights, (weight) => Math.round(weight / scale));
  const packed = gzipSync(bytes, { level: 9 }).toString('base64');
  return `{ scale: ${scale.toPrecision(6)}, bias: ${bias.toPrecision(6)}, weights: ${packed} }`;
}
