import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { confusionOf } from '../../src/cli/print-evaluation.ts';
import { direction } from '../../src/detect/direction.ts';
import { figure } from '../../src/detect/figure.ts';
import { caseSchema, evaluateCase } from '../../src/scan/evaluate-set.ts';
import { BEFORE_LIFT, rules } from './judge-words.ts';

async function evaluateSet(name: string) {
  const lines = readFileSync(join(import.meta.dirname, '../sets', name), 'utf8')
    .trim()
    .split('\n');
  const context = { rules, detectors: [direction, figure], at: BEFORE_LIFT };
  return Promise.all(lines.map((line, index) => evaluateCase(caseSchema.parse(JSON.parse(line)), index + 1, context)));
}

it('finds every indication of the set that the rules were written with, and holds nothing else of it', async () => {
  const evaluated = await evaluateSet('tuned-sentences.jsonl');
  expect(evaluated.filter((one) => one.held !== (one.expected === 'hold'))).toEqual([]);
  expect(evaluated.length).toBeGreaterThan(180);
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
