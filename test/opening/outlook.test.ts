import { attachmentStorage, makeMsg, makeTnef, mapiBlock, messageStorage, storedRtf } from './make-outlook.ts';
import { openBytes, textByPath } from './open-bytes.ts';

const WRAPPED =
  '{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag19 <html>}{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Record {\\*\\htmltag84 <b>}employment{\\*\\htmltag92 </b>}\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}}';

describe('an Outlook message', () => {
  it('shows subject, people, body, every other property, and attachments', async () => {
    const file = makeMsg(
      {
        '0037001F': '\u0001\u0004Re: Figures',
        '1000001F': 'Record employment',
        '0C1A001F': 'Ana',
        '5D01001F': 'a@one.example',
        '8001001F': 'Room 101',
      },
      [attachmentStorage({ '3707001F': 'final figures.txt', '37010102': Buffer.from('74.0 per cent') })],
    );
    expect(textByPath(await openBytes(file, { name: 'm.msg' }))).toMatchObject({
      'm.msg › subject': 'Re: Figures',
      'm.msg › header › From': 'Ana <a@one.example>',
      'm.msg › body': 'Record employment',
      'm.msg › properties': '0x8001: Room 101',
      'm.msg › final figures.txt': '74.0 per cent',
      'm.msg › attachment names': 'final figures.txt',
    });
  });

  it('shows a message inside a message', async () => {
    const inner = messageStorage({ '0037001F': 'Inner', '1000001F': 'Record employment' }, [], 24);
    const file = makeMsg({ '0037001F': 'Outer' }, [attachmentStorage({ '3001001F': 'Inner' }, inner)]);
    expect(textByPath(await openBytes(file, { name: 'm.msg' }))).toMatchObject({
      'm.msg › Inner › body': 'Record employment',
    });
  });

  it.each([
    ['HTML as bytes', { '10130102': Buffer.from('<p>Record <b>employment</b>') }],
    ['rich text', { '10090102': storedRtf('{\\rtf1 Record \\b employment}') }],
    ['HTML wrapped in rich text', { '10090102': storedRtf(WRAPPED) }],
    ['8-bit text', { '1000001E': 'Record employment' }],
  ])('shows a body of %s', async (_, properties) => {
    expect(textByPath(await openBytes(makeMsg(properties), { name: 'm.msg' }))).toMatchObject({
      'm.msg › body': 'Record employment',
    });
  });

  it('is incomplete where an attachment is a link', async () => {
    const file = makeMsg({ '0037001F': 'x' }, [attachmentStorage({ '3707001F': 'shared.xlsx' })]);
    expect(textByPath(await openBytes(file, { name: 'm.msg' }))).toMatchObject({
      'm.msg › shared.xlsx': '!unsupported',
    });
  });
});

describe('winmail.dat', () => {
  const parts = [
    [1, 0x00069003, mapiBlock({ '0037001F': 'Figures', '10090102': storedRtf('{\\rtf1 Record employment}') })],
    [2, 0x00069002, Buffer.alloc(14)],
    [2, 0x0006800f, Buffer.from('74.0 per cent')],
    [2, 0x00018010, Buffer.from('FINAL~1.TXT\0')],
    [2, 0x00069005, mapiBlock({ '3707001F': 'final figures.txt' })],
  ] as const;

  it('shows subject, body and attachments by their long names', async () => {
    expect(textByPath(await openBytes(makeTnef(parts), { name: 'winmail.dat' }))).toMatchObject({
      'winmail.dat › subject': 'Figures',
      'winmail.dat › body': 'Record employment',
      'winmail.dat › final figures.txt': '74.0 per cent',
    });
  });

  it('shows a message inside', async () => {
    const inner = makeTnef([[1, 0x0002800c, Buffer.from('Record employment')]]);
    const object = Buffer.concat([Buffer.alloc(16), inner]);
    const file = makeTnef([
      [2, 0x00069002, Buffer.alloc(14)],
      [2, 0x00069005, mapiBlock({ '3001001F': 'Inner', '3701000D': object })],
    ]);
    expect(textByPath(await openBytes(file, { name: 'winmail.dat' }))).toMatchObject({
      'winmail.dat › Inner › body': 'Record employment',
    });
  });

  it('is corrupt where it is cut off, and shows what is left', async () => {
    const file = makeTnef(parts);
    const seen = textByPath(await openBytes(file.subarray(0, file.length - 60), { name: 'winmail.dat' }));
    expect(seen).toMatchObject({ 'winmail.dat': '!corrupt', 'winmail.dat › body': 'Record employment' });
  });
});
