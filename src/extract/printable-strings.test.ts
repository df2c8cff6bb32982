import { printableStrings } from './printable-strings.ts';

const latin = (text: string): Buffer => Buffer.from(`\0\x01\xfe${text}\x02\xff\0`, 'latin1');

describe('the readable runs of bytes', () => {
  it.each([
    [
      'with the quotes of Windows',
      latin('The rate can\x92t \x93rise\x94 to 5 \x96 yet'),
      'The rate can’t “rise” to 5 – yet',
    ],
    ['with accented letters', latin('Taux de ch\xf4mage'), 'Taux de chômage'],
    ['in UTF-8', Buffer.from('\0\x01Taux de chômage’s\0\x02'), 'Taux de chômage’s'],
  ])('are whole %s', (_, bytes, expected) => {
    expect(printableStrings(bytes)).toBe(expected);
  });
});
