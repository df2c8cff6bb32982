import { caseSchema, type Evaluated } from '../scan/evaluate-set.ts';
import { confusionOf } from './print-evaluation.ts';

describe('a case of an evaluation set', () => {
  it.each([
    [{ text: 'Jobs up', expect: 'hold' }, true],
    [{ text: 'Jobs up', direction: 'up', topic: 'employment', source: 'a key of its own' }, true],
    [{ text: 'Jobs up' }, false],
    [{ expect: 'hold' }, false],
    [{ text: 'Jobs up', expect: 'maybe' }, false],
  ])('%j is read: %s', (line, ok) => {
    expect(caseSchema.safeParse(line).success).toBe(ok);
  });
});

describe('the confusion table', () => {
  const one = (expected: 'hold' | 'pass', held: boolean): Evaluated => ({
    line: 1,
    text: '',
    expected,
    held,
    subject: 'any',
    family: 'any',
    rules: [],
  });

  it('counts right and wrong, and leaves a share of nothing open', () => {
    const cases = [one('hold', true), one('hold', true), one('hold', false), one('pass', true), one('pass', false)];
    expect(confusionOf(cases)).toEqual({
      found: 2,
      missed: 1,
      falseHolds: 1,
      passed: 1,
      recall: 2 / 3,
      precision: 2 / 3,
      falseHoldRate: 1 / 2,
    });
    expect(confusionOf([])).toMatchObject({ recall: null, precision: null, falseHoldRate: null });
  });
});
