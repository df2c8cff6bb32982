import { randomBytes } from 'node:crypto';
import type { Finding } from '../../core/finding.ts';
import { MOST_INSIGHT } from '../../core/finding.ts';
import { sealJudgement } from './message-row.ts';

const figure: Finding = {
  detector: 'figure',
  rule: 'figure-of-measure',
  entry: 'labour-market-2016-01',
  path: 'body',
  span: { start: 3, end: 9 },
  severity: 'high',
  summary: 'A figure.',
  weight: 'embargoed',
};
const key = randomBytes(32);
const sizeOf = (...findings: readonly Finding[]): number =>
  sealJudgement('m-1', { findings, incomplete: [], subject: null }, key).length;

describe('a judgement as it is sealed', () => {
  it.each([
    ['a short insight', 'x'],
    ['the longest insight', 'x'.repeat(MOST_INSIGHT)],
  ])('is as long with %s as without, so that its size tells nobody of a match', (_what, insight) => {
    expect(sizeOf({ ...figure, insight }, figure)).toBe(sizeOf(figure, figure));
  });

  it('is longer with another finding, which its sender sees too', () => {
    expect(sizeOf(figure, figure)).toBeGreaterThan(sizeOf(figure));
  });
});
