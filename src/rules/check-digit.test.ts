import fc from 'fast-check';
import { checks } from './check-digit.ts';

describe('check digits', () => {
  it.each([
    ['nhs-number', '943 476 5919', true],
    ['nhs-number', '987 654 4321', false],
    ['nhs-number', '999 000 0026', true],
    ['uln', '9000000008', true],
    ['uln', '9000000009', false],
    ['upn', 'A000000000000', true],
    ['upn', 'B000000000000', false],
    ['upn', 'A00000000000', false],
    ['postcode-area', 'OX65 1AB', true],
    ['postcode-area', 'AA1 1AA', false],
    ['postcode-area', 'R104', false],
  ] as const)('%s of %s: %s', (check, cell, passes) => {
    expect(checks[check](cell)).toBe(passes);
  });

  it('lets at most one last digit through for any nine', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (body) => {
        const nine = String(body).padStart(9, '0');
        const passing = [...'0123456789'].filter((digit) => checks['nhs-number'](nine + digit));
        expect(passing.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
