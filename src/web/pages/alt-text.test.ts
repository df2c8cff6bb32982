import { draftContent } from '../../service/draft-mail.ts';
import { describePictures } from './alt-text.ts';

const words = (parts: ReturnType<typeof describePictures>) =>
  parts.map(({ name, content }) => [name, Buffer.from(content).toString('utf8')]);

describe('the words that stand in for pictures', () => {
  it('are parts of their own, a line a file, in the files’ order', () => {
    const files = [{ name: 'a.png' }, { name: 'b.csv' }, { name: 'c.png' }];
    expect(words(describePictures(files, 'A line that goes up\n\n Two bars '))).toEqual([
      ['Description of a.png.txt', 'A line that goes up'],
      ['Description of c.png.txt', 'Two bars'],
    ]);
  });

  it('are judged also where the file is not at hand', () => {
    expect(words(describePictures([], 'Record employment'))).toEqual([
      ['Description of picture 1.txt', 'Record employment'],
    ]);
  });

  it.each(['a\r\nBcc: x@example.org', 'a"; filename="b', "a'b*%0d%0a", '\u202egnp.exe'])(
    'take no header from a file name: %j',
    (name) => {
      const attachments = describePictures([{ name }], 'Words');
      const mail = Buffer.from(draftContent({ text: 'a', attachments }).content).toString('latin1');
      expect(mail).not.toMatch(/^Bcc/m);
      expect(mail.match(/^Content-Disposition: attachment; filename\*=utf-8''[\w.%~!-]+\r$/gm)).toHaveLength(1);
    },
  );
});
