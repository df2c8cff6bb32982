import { identifierSchema } from './identifier.ts';
import { matchColumn } from './match-identifier.ts';

const nhs = identifierSchema.parse({
  id: 'nhs-number',
  title: 'NHS numbers',
  role: 'direct',
  points: 60,
  names: '\\bnhs (no|number)\\b',
  notNames: 'order',
  cells: '\\d{10}',
  check: 'nhs-number',
  share: 0.9,
  shareNamed: 0.5,
  distinct: 3,
  examples: { match: ['9990000026'], clean: ['9990000027'] },
});
const VALID = ['9990000026', '9990000034', '9990000042', '9990000050'];

describe('a column against an identifier', () => {
  it.each([
    ['valid cells under any name', ['ref'], VALID, true],
    ['a single valid cell under any name', ['ref'], VALID.slice(0, 1), false],
    ['a single valid cell under its name', ['NHS number'], VALID.slice(0, 1), true],
    ['half valid cells under any name', ['ref'], [...VALID, '1', '2', '3', '4'], false],
    ['half valid cells under its name', ['NHS_No'], [...VALID, '1', '2', '3', '4'], true],
    ['valid cells under a name that is something else', ['Order no'], VALID, false],
    ['digits that fail the check', ['NHS number'], ['9990000027', '9990000035'], false],
    ['no cells', ['NHS number'], [], false],
  ])('%s', (_, names, cells, matches) => {
    expect(matchColumn(nhs, names, cells)).toBe(matches);
  });
});
