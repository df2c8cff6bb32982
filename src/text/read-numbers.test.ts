import fc from 'fast-check';
import { readNumbers } from './read-numbers.ts';
import { tokenise } from './tokenise.ts';

function numbers(text: string): readonly string[] {
  return readNumbers(tokenise(text)).map(({ value, unit, decimals, sort }) =>
    sort === 'measured' ? `${Number(value.toFixed(4))} ${unit} .${decimals}` : sort,
  );
}

describe('numbers in text', () => {
  it.each([
    ['31.39m', ['31.39 million .2']],
    ['£1.2bn', ['1.2 gbp-billion .1']],
    ['£588 m', ['588 gbp-million .0']],
    ['74 per cent', ['74 percent .0']],
    ['seventy-four per cent', ['74 percent .0']],
    ['five point one percent', ['5.1 percent .1']],
    ['two hundred and sixty-seven thousand', ['267 thousand .0']],
    ['three quarters of adults', ['75 percent .0']],
    ['one in six', ['16.6667 percent .0']],
    ['half a per cent', ['0.5 percent .1']],
    ['half a million', ['0.5 million .1']],
    ['a quarter of a million', ['0.25 million .2']],
    ['0.3 of a percentage point', ['0.3 percentage-points .1']],
    ['up 0.3 pp', ['0.3 percentage-points .1']],
    ['25 basis points', ['0.25 percentage-points .2']],
    ['between 5 and 6 per cent', ['5 percent .0', '6 percent .0']],
    ['5.0 to 5.2%', ['5 percent .1', '5.2 percent .1']],
    ['0,3 %', ['0.3 percent .1']],
    ['1½%', ['1.5 percent .2']],
    ['£1.8 trillion', ['1800 gbp-billion .0']],
    ['2.4 y cant', ['2.4 percent .1']],
    ['4.9pc', ['4.9 percent .1']],
    ['4.9 p.c.', ['4.9 percent .1']],
    ['0.3 p.p.', ['0.3 percentage-points .1']],
    ['up .2 points', ['0.2 percentage-points .1']],
    ['4 point 9 per cent', ['4.9 percent .1']],
    ['four-point-nine per cent', ['4.9 percent .1']],
    ['four and nine tenths per cent', ['4.9 percent .1']],
    ['thirty-one million three hundred and ninety thousand', ['31390000 count .0']],
    ['two billion and five million', ['2005000000 count .0']],
    ['a twentieth of them', ['5 percent .0']],
    ['forty-nine in a thousand', ['4.9 percent .0']],
    ['one in every twenty', ['5 percent .0']],
    ['7 per 1,000', ['0.7 percent .1']],
    ['4·9%', ['4.9 percent .1']],
    ['⁴·⁹%', ['4.9 percent .1']],
  ])('reads %s with its unit and precision', (text, expected) => {
    expect(numbers(text)).toEqual(expected);
  });

  it.each([
    'at 9.30',
    '9:30am',
    '20 January 2016',
    '2016-01-20',
    '16-64',
    '3rd',
    '020 7946 0001',
    'NP10 8XG',
    '1.2.3',
    'in 2016',
  ])('takes %s for no quantity', (text) => {
    expect(numbers(text).filter((sort) => sort !== 'label')).toEqual([]);
  });

  it('does not take the names of built-in properties for numbers', () => {
    expect(numbers('constructor valueOf toString 5 constructor')).toEqual(['plain']);
  });

  it('reads a grouped number as what its digits say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 999_999_999 }), (value) => {
        const [found] = readNumbers(tokenise(`there were ${value.toLocaleString('en-GB')} people`));
        expect(found?.value).toBe(value);
      }),
    );
  });
});
