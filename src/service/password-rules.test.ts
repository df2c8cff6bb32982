import { faultOfPassword } from './password-rules.ts';

describe('the password rules', () => {
  it.each([
    'correct horse battery',
    'marmalade tractor violin',
    'Ünïcödé-Wörter-Kette',
    '日本語のとても長い合言葉です',
    'kT9#vQ2!mZ4x',
    'london press violin team marmalade',
  ])('take %j', (password) => {
    expect(faultOfPassword(password)).toBeNull();
  });

  it.each([
    ['correct', 'too short'],
    ['short word!', 'too short'],
    ['aaaaaaaaaaaaaaaa', 'repeats'],
    ['abababababab', 'repeats'],
    ['password123456', 'tried first'],
    ['P@ssw0rd2024!!', 'tried first'],
    ['Summer2026!!!!', 'tried first'],
    ['qwertyuiop123', 'tried first'],
    ['WelcomeAdmin1!', 'tried first'],
    ['abcdefghijklm', 'neighbouring'],
    ['1234567890123', 'tried first'],
    ['mnopqrstuvwxyz', 'neighbouring'],
    ['x'.repeat(300), 'too long'],
  ])('refuse %j: %s', (password, words) => {
    expect(faultOfPassword(password)).toContain(words);
  });

  it('refuse what is known of the account', () => {
    expect(faultOfPassword('hargreaves2026', ['m.hargreaves@department.example'])).toContain('tried first');
    expect(faultOfPassword('hargreaves2026')).toBeNull();
  });

  it('ask for no kinds of characters', () => {
    expect(faultOfPassword('marmaladetractorviolin')).toBeNull();
  });
});
