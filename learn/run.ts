import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { orEnd } from '../src/cli/command.ts';
import { SHIPPED_RULES } from '../src/cli/load-engine.ts';
import { type Attention, inflateVectors } from '../src/detect/attention.ts';
import { type MarkedWords, markWords } from '../src/detect/marked-words.ts';
import { readPassage, type Sentence } from '../src/detect/passage.ts';
import { saidBefore } from '../src/detect/said-before.ts';
import { sentenceFeatures } from '../src/detect/sentence-features.ts';
import { vocabularyOf } from '../src/detect/vocabulary.ts';
import { vectorsSchema } from '../src/rules/learned.ts';
import { loadRules, POLICY_FILE, RULE_FOLDERS } from '../src/rules/load-rules.ts';
import { readFolder } from '../src/store/read-folder.ts';
import type { Lesson } from './attention-trainer.ts';
import { fitAttention } from './fit-attention.ts';
import { type Fitted, fitLogistic, type Sample } from './logistic-regression.ts';
import { readOrdinaryProse } from './ordinary-prose.ts';
import { causedStatements, plainNotices, plainStatements } from './plain-statements.ts';
import { afterOthers, besideNames, examplesOfRules, mixTaught, readSet } from './taught-sentences.ts';

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
/** What words are like to begin with (`word-vectors.ts`). */
const GIVEN_VECTORS = vectorsSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'given-vectors.json'), 'utf8')),
);
const BUCKETS = 131_072;
/** How freely weights may grow (the inverse of the penalty); chosen on sentences that were not taught. */
const STRENGTH = 0.4;
/** Chosen on sentences that were not taught; more of any of them changed nothing that was sure. */
const ATTENTION = { heads: 8, hidden: 32, rounds: 12, dropout: 0.3, step: 2e-3, vectorStep: 2, decay: 1e-3, seed: 3 };
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
const rule = rules.directions.find((one) => one.kind === 'learned');
const namesOf = (id: string): readonly string[] =>
  rule?.names.find((names) => names.id === id)?.words.flatMap((words) => words.split('|')) ?? [];
const names = { firm: namesOf('firm'), abroad: namesOf('abroad') };
const taught = [
  ...sentences,
  ...causedStatements(rules, names),
  ...mixTaught(sentences),
  ...afterOthers(sentences),
  ...besideNames(sentences, names),
  ...readOrdinaryProse(PROSE),
];

const given = inflateVectors(GIVEN_VECTORS);

/** A sentence as the buckets of the regression and as words in their order. */
interface Read {
  readonly features: readonly number[];
  readonly words: MarkedWords;
  readonly before: readonly MarkedWords[];
}

function sentencesOf(text: string): readonly Read[] {
  const passage = readPassage('text', 'body', text, vocabulary);
  const mark = once((sentence: Sentence) => markWords(passage.tokens, sentence, given));
  return passage.sentences.flatMap((sentence, index) =>
    sentence.to - sentence.from < 3
      ? []
      : {
          features: [...sentenceFeatures(passage.tokens, sentence, BUCKETS - 1)],
          words: mark(sentence),
          before: saidBefore(passage, index, null).map((said) => mark(said.sentence)),
        },
  );
}

function once<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

const texts = [...new Map(taught.map((one) => [one.text, one])).values()].map((one) => ({
  ...one,
  sentences: sentencesOf(one.text),
}));
const clean = texts
  .filter(({ indicates }) => !indicates)
  .flatMap(({ sentences, weight }) => sentences.map((read) => ({ ...read, isOne: false, weight })));
const held = texts.filter(({ indicates, sentences }) => indicates && sentences.length > 0);

/** Of a text of several sentences one indicates; which one, the reader that the others teach says. */
function fitIndicates(choose: (sentences: readonly Read[]) => Read | null): Fitted {
  const chosen = held.flatMap(({ sentences, weight }): readonly Sample[] => {
    const read = choose(sentences);
    return read === null ? [] : [{ features: read.features, isOne: true, weight }];
  });
  if (chosen.length === 0) throw new Error('no sentence that indicates anything is taught');
  return fitLogistic([...chosen, ...clean], BUCKETS, STRENGTH);
}

function scoreOf({ bias, weights }: Fitted, { features }: Read): number {
  return features.reduce((sum, bucket) => sum + (weights[bucket] as number), bias);
}

const first = fitIndicates((sentences) => (sentences.length === 1 ? (sentences[0] ?? null) : null));
const best = (sentences: readonly Read[]): Read | null =>
  sentences.toSorted((a, b) => scoreOf(first, b) - scoreOf(first, a))[0] ?? null;
const indicates = fitIndicates(best);

const ofSubject = held.filter(({ subject }) => subject !== null);
const subjects = rules.subjects.flatMap(({ id }) => {
  const own = ofSubject.filter(({ subject }) => subject === id).length;
  if (own < LEAST_OF_SUBJECT) return [];
  const samples = ofSubject.map(({ sentences, subject }) => ({
    features: best(sentences)?.features ?? [],
    isOne: subject === id,
    weight: 1,
  }));
  return [[id, fitLogistic(samples, BUCKETS, STRENGTH)] as const];
});

const lessons = [
  ...held.map(({ sentences, weight }) => ({ ...best(sentences), isOne: true, weight })),
  ...clean,
].flatMap(({ words, before, isOne, weight }): readonly Lesson[] =>
  words === undefined ? [] : [{ words, before: before ?? [], isOne, weight }],
);
const { attention, vectors } = fitAttention(lessons, given, ATTENTION);

const before = readFileSync(FILE, 'utf8');
const head = before.slice(0, before.search(/^(?:vectors|buckets):/m));
const lines = [
  vectorsLine(vectors),
  `buckets: ${BUCKETS}`,
  `indicates: ${written(indicates)}`,
  'subjects:',
  ...subjects.map(([id, fitted]) => `  ${id}: ${written(fitted)}`),
  ...attentionLines(attention),
];
writeFileSync(FILE, `${head}${lines.join('\n')}\n`);
console.log(
  `${held.length} that indicate, ${clean.length} sentences that do not, ${subjects.length} subjects: ${FILE.split('/').at(-1)} written`,
);

function written({ bias, weights }: Fitted): string {
  const { scale, packed } = inBytes(weights);
  return `{ scale: ${scale}, bias: ${bias.toPrecision(6)}, weights: ${packed} }`;
}

function vectorsLine(numbers: Float32Array): string {
  const { scale, packed } = inBytes(numbers);
  const { dims, words } = GIVEN_VECTORS;
  return `vectors: { dims: ${dims}, scale: ${scale}, words: ${words}, values: ${packed} }`;
}

function attentionLines({ heads, hidden, queries, layer, layerBias, out, bias }: Attention): readonly string[] {
  const matrix = (numbers: Float32Array): string => {
    const { scale, packed } = inBytes(numbers);
    return `{ scale: ${scale}, weights: ${packed} }`;
  };
  const list = (numbers: Float32Array): string => `[${Array.from(numbers, (one) => one.toPrecision(5)).join(', ')}]`;
  return [
    'attention:',
    `  heads: ${heads}`,
    `  hidden: ${hidden}`,
    `  queries: ${matrix(queries)}`,
    `  layer: ${matrix(layer)}`,
    `  layerBias: ${list(layerBias)}`,
    `  out: ${list(out)}`,
    `  bias: ${bias.toPrecision(6)}`,
  ];
}

/** Numbers as signed bytes of the largest of them. */
function inBytes(numbers: Float32Array | Float64Array): { readonly scale: string; readonly packed: string } {
  let largest = 0;
  for (const number of numbers) largest = Math.max(largest, Math.abs(number));
  const scale = Math.max(largest, 1e-9) / 127;
  const bytes = Int8Array.from(numbers, (number) => Math.round(number / scale));
  return { scale: scale.toPrecision(6), packed: gzipSync(bytes, { level: 9 }).toString('base64') };
}
