import { base64Files } from './base64-block.ts';

const lines = (write: (at: number) => string): string => Array.from({ length: 62 }, (_, at) => write(at)).join('\r\n');

it.each([
  ['lines of crosses', lines(() => 'X'.repeat(79))],
  ['numbered lines of crosses', lines((at) => `${at % 10}${'X'.repeat(78)}`)],
  ['a rule of letters', 'AB'.repeat(400)],
])('takes %s for no file', (_, text) => {
  expect([...base64Files(text)]).toEqual([]);
});

it('takes the source of a file for one', () => {
  const bytes = Buffer.from('Unemployment fell to 4.1 per cent in the three months to May. '.repeat(30));
  const text = `Dear all,\r\n${bytes.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`;
  expect([...base64Files(text)]).toMatchObject([{ kind: 'part', step: 'encoded file 1' }]);
});
