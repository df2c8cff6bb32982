import { codeAt, factorLink, newFactorSecret, stepOfCode } from './second-factor.ts';

/** RFC 6238, appendix B: the ASCII secret 12345678901234567890, SHA-1, the last six of its eight digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('the second factor', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('takes the code of RFC 6238 for %i s', (seconds, code) => {
    expect(stepOfCode(RFC_SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  it('takes codes of one step before and after, and says which', () => {
    const now = 1_700_000_010_000;
    const step = Math.floor(now / 30_000);
    for (const steps of [-1, 0, 1]) {
      expect(stepOfCode(RFC_SECRET, codeAt(RFC_SECRET, now + steps * 30_000), now)).toBe(step + steps);
    }
    for (const steps of [-2, 2])
      expect(stepOfCode(RFC_SECRET, codeAt(RFC_SECRET, now + steps * 30_000), now)).toBeNull();
  });

  it.each(['', '12345', '1234567', 'abcdef', '28708２'])('takes no %j', (code) => {
    expect(stepOfCode(RFC_SECRET, code, 59_000)).toBeNull();
  });

  it('makes secrets of 160 bits and a link that names the account', () => {
    const secret = newFactorSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newFactorSecret()).not.toBe(secret);
    const link = new URL(factorLink(secret, 'press officer'));
    expect([link.protocol, link.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(link.pathname)).toBe('/Holdfast:press officer');
    expect(link.searchParams.get('secret')).toBe(secret);
  });
});
