import fc from 'fast-check';
import { passwordCandidates } from './password-candidates.ts';

describe('the passwords that a message names', () => {
  it.each([
    ['Password: Swordfish42', 'Swordfish42'],
    ['The password is Swordfish42.', 'Swordfish42'],
    ['The password to open the attached workbook is Swordfish42!', 'Swordfish42'],
    ['The password to open the attached workbook is Swordfish42!', 'Swordfish42!'],
    ['pw = "two words"', 'two words'],
    ['Passphrase: correct horse battery', 'correct horse battery'],
    ['The password is:\n\nSwordfish42\n\nRegards', 'Swordfish42'],
    ['Please find it attached, password below\r\n\r\nSwordfish42', 'Swordfish42'],
    ['Please use Swordfish42 as the password.', 'Swordfish42'],
    ['I have set a password on it, Swordfish42 as before', 'Swordfish42'],
    ['PIN: 4711', '4711'],
    ['Das Passwort lautet Schwert7', 'Schwert7'],
    ['Mot de passe : espadon7', 'espadon7'],
    ['Password\tSwordfish42', 'Swordfish42'],
    ['Swordfish42', 'Swordfish42'],
  ])('%j names %j', (text, password) => {
    expect(passwordCandidates(text)).toContain(password);
  });

  it.each(['Please find the table attached.', 'Employment rose to 74.0 per cent.', 'Thanks', ''])(
    '%j names none',
    (text) => {
      expect(passwordCandidates(text)).toEqual([]);
    },
  );

  it('are bounded whatever the text, and named in bounded time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('password ', 'is ', ': ', 'a1b2c3 ', '-', 'x'.repeat(50), '\n')),
        (words) => {
          expect(passwordCandidates(words.join('')).length).toBeLessThanOrEqual(24);
        },
      ),
    );
    expect(passwordCandidates('password '.repeat(7000)).length).toBeLessThanOrEqual(24);
  });
});
