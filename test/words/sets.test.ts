import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { confusionOf } from '../../src/cli/print-evaluation.ts';
import { direction } from '../../src/detect/direction.ts';
import { figure } from '../../src/detect/figure.ts';
import { caseSchema, evaluateCase } from '../../src/scan/evaluate-set.ts';
import { BEFORE_LIFT, rules } from './judge-words.ts';

function textsOf(file: string): readonly string[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => caseSchema.parse(JSON.parse(line)).text);
}

async function evaluateSet(name: string) {
  const lines = readFileSync(join(import.meta.dirname, '../sets', name), 'utf8')
    .trim()
    .split('\n');
  const context = { rules, detectors: [direction, figure], at: BEFORE_LIFT };
  return Promise.all(lines.map((line, index) => evaluateCase(caseSchema.parse(JSON.parse(line)), index + 1, context)));
}

it('finds what the rules were written with, all but a few, and holds nothing else of it', async () => {
  const evaluated = await evaluateSet('tuned-sentences.jsonl');
  const { recall, falseHoldRate } = confusionOf(evaluated);
  expect(recall).toBeGreaterThanOrEqual(0.995);
  expect(falseHoldRate).toBeLessThanOrEqual(0.005);
  expect(evaluated.length).toBeGreaterThan(180);
});

// Written by three who had seen neither rule nor taught sentence, and scored before anybody looked at them.
it('finds the indications of a fresh set, and holds little else of it', async () => {
  const evaluated = await evaluateSet('fresh-sentences.jsonl');
  const { recall, falseHoldRate } = confusionOf(evaluated);
  expect(recall).toBeGreaterThanOrEqual(0.95);
  expect(falseHoldRate).toBeLessThanOrEqual(0.03);
});

// Written in the manner of the evaluation sentences, by one who had seen nothing else.
it('finds the indications of a second set, and holds hardly anything else of it', async () => {
  const { recall, falseHoldRate } = confusionOf(await evaluateSet('second-sentences.jsonl'));
  expect(recall).toBeGreaterThanOrEqual(0.97);
  expect(falseHoldRate).toBeLessThanOrEqual(0.02);
});

it.each([
  'own-sentences.jsonl',
  'put-aside-sentences.jsonl',
  'fresh-sentences.jsonl',
  'second-sentences.jsonl',
  'dry-sentences.jsonl',
])('has taught the learned reader no sentence of %s', (name) => {
  const folder = join(import.meta.dirname, '../../learn/sets');
  const files = [
    ...readdirSync(folder).map((file) => join(folder, file)),
    join(import.meta.dirname, '../sets/tuned-sentences.jsonl'),
  ];
  const taught = new Set(files.flatMap(textsOf));
  expect(taught.size).toBeGreaterThan(8_000);
  expect(textsOf(join(import.meta.dirname, '../sets', name)).filter((text) => taught.has(text))).toEqual([]);
});

it('keeps its recall and its silence on the set that was put aside before any rule was written', async () => {
  const evaluated = await evaluateSet('own-sentences.jsonl');
  const { recall, falseHoldRate } = confusionOf(evaluated);
  expect(recall).toBeGreaterThanOrEqual(0.9);
  expect(falseHoldRate).toBeLessThanOrEqual(0.05);
});

it('quotes no sentence of a set in a rule', async () => {
  const examples = new Set(
    [...rules.subjects, ...rules.directions].flatMap(({ examples: { match, clean } }) => [...match, ...clean]),
  );
  const sets = [...(await evaluateSet('own-sentences.jsonl')), ...(await evaluateSet('tuned-sentences.jsonl'))];
  expect(sets.filter(({ text }) => examples.has(text))).toEqual([]);
});
