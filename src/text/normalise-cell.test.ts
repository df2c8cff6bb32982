import fc from 'fast-check';
import { normaliseCell } from './normalise-cell.ts';

describe('a cell as it is compared', () => {
  it.each([
    [['84.0', '84', '84.00', '£84', ' 84 '], '84'],
    [['1,234.50', '1234.5', '£1,234.5'], '1234.5'],
    [['-9', '-9.0'], '-9'],
    [['0001', ' 0001'], '0001'],
    [
      [
        '2016-04-01',
        '01/04/2016',
        '1/4/16',
        '1 April 2016',
        '1-Apr-2016',
        '2016-04-01 00:00:00',
        '2016-04-01T00:00:00Z',
      ],
      '20160401',
    ],
    [['OX65 1AB', 'ox651ab', 'OX65  1AB'], 'OX651AB'],
    [['12 Alder Close', '12, ALDER CLOSE'], '12ALDERCLOSE'],
    [['', '  '], ''],
  ])('%j is one', (cells, expected) => {
    expect(cells.map(normaliseCell)).toEqual(cells.map(() => expected));
  });

  it('does not take the thirteenth month for a date', () => {
    expect(normaliseCell('01/13/2016')).toBe('01132016');
  });

  it('is the same when done twice to words', () => {
    fc.assert(
      fc.property(fc.string(), (cell) => {
        const once = normaliseCell(`x ${cell}`);
        expect(normaliseCell(once)).toBe(once);
      }),
    );
  });
});
