import { memorySource } from '../core/byte-source.ts';
import { isPlainMail } from './plain-mail.ts';

const mail = (text: string) =>
  ({ kind: 'email', name: 'message.eml', source: memorySource(Buffer.from(text)) }) as const;

describe('isPlainMail', () => {
  it.each([
    ['words alone', 'Subject: Hello\r\n\r\nSee you at ten.\r\n', true],
    ['an attachment', 'Content-Disposition: attachment; filename="a.xlsx"\r\n\r\n', false],
    ['a continued file name', "Content-Type: text/csv; name*0*=utf-8''a.csv\r\n\r\n", false],
    ['an encoded body', 'Content-Transfer-Encoding: BASE64\r\n\r\nSGVsbG8=\r\n', false],
    ['a picture', 'Content-Type: IMAGE/png\r\n\r\n', false],
    ['a uuencoded file', 'Subject: x\r\n\r\nbegin 644 a.zip\r\n', false],
    ['much text', `Subject: x\r\n\r\n${'word '.repeat(10_000)}`, false],
  ])('knows %s', (_name, text, isPlain) => {
    expect(isPlainMail(mail(text))).toBe(isPlain);
  });

  it('leaves alone what is not at hand, no mail, or a quick look', () => {
    expect(isPlainMail({ ...mail('x'), source: { ...memorySource(Buffer.from('x')), memory: null } })).toBe(false);
    expect(isPlainMail({ ...mail('x'), kind: 'file' })).toBe(false);
    expect(isPlainMail({ ...mail('x'), firstRows: 10 })).toBe(false);
  });
});
