import { tarHeader } from '../hostile/make-bombs.ts';
import { makeCompound } from './make-compound.ts';
import { makeDocx } from './make-office.ts';
import { makeZip } from './make-zip.ts';
import { allText, openBytes, openMail } from './open-bytes.ts';

const WORDS = 'Employment rate at 74.0 per cent';
const document = makeDocx({ body: `<w:p><w:r><w:t>${WORDS}</w:t></w:r></w:p>` });
const wide = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
const coded = (bytes: Buffer): string => `${bytes.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`;
const mail = (body: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from('From: a@b.example\r\nTo: c@d.example\r\nSubject: papers\r\n\r\n'), Buffer.from(body)]);
/** So long that its start and its end are far apart. */
const archive = makeZip([
  { name: 'a.txt', content: Buffer.from(Array.from({ length: 400 }, (_, at) => (at * 7919) % 104_729).join(' ')) },
  { name: 'note.txt', content: Buffer.from(`${WORDS}. `.repeat(10)) },
]);

describe('a file joined to a text', () => {
  it.each([
    ['a note in ASCII', Buffer.concat([Buffer.from('Good morning.\r\n'.repeat(2000)), document])],
    ['a note in UTF-16', Buffer.concat([wide('Good morning.\r\n'), document])],
    ['a note in UTF-16, out of step', Buffer.concat([wide('Good morning.\r\n'), Buffer.from('x'), document])],
  ])('is opened in %s', async (_what, file) => {
    expect(allText(await openBytes(file, { name: 'note.txt' }))).toContain(WORDS);
  });

  it.each([
    ['the body of a mail', mail(Buffer.concat([Buffer.from('Good morning.\r\n'), document]))],
    [
      'the headers of a mail',
      Buffer.concat([Buffer.from('From: a@b.example\r\nTo: c@d.example\r\nSubject: pap'), document]),
    ],
    ['the body of a mail that begins within it', mail(archive.subarray(100))],
    [
      'base64 in the headers, where the blank line is gone',
      Buffer.from(`From: a@b.example\r\nTo: c@d.example\r\n${coded(document)}`),
    ],
    ['base64 of which the beginning is gone', mail(coded(archive.subarray(300)))],
    ['base64 of which a line lost a letter', mail(coded(archive).replace(/^(.{50})./, '$1'))],
    [
      'base64 in UTF-16, out of step',
      Buffer.concat([wide('Good morning.\r\n'), Buffer.from('x\r\n'), Buffer.from(coded(document))]),
    ],
    [
      'words in UTF-16 in an 8-bit mail',
      mail(Buffer.concat([Buffer.from('Good morning.\r\n'), wide(WORDS).subarray(2)])),
    ],
  ])('is opened in %s', async (_what, file) => {
    const kind = file.subarray(0, 4).toString() === 'From' ? 'email' : 'file';
    expect(allText(await openBytes(file, { kind, name: kind === 'email' ? 'mail.eml' : 'note.txt' }))).toContain(WORDS);
  });

  it('is not seen where a mail only speaks of one', async () => {
    const opened = await openMail(
      'From: a@b.example\nTo: c@d.example\nSubject: papers\n\nIt begins with %PDF-1.4, a zip with PK.\n',
    );
    expect(opened.parts.map(({ path }) => path).filter((path) => path.includes('joined'))).toEqual([]);
  });

  it('is opened behind the end of JSON', async () => {
    const file = Buffer.concat([Buffer.from('{"a": 1, "b": "Good morning."}\n'), mail(coded(document))]);
    expect(allText(await openBytes(file, { name: 'records.json' }))).toContain(WORDS);
  });

  it.each([
    ['what fills the last block of a file', '0', 5],
    ['what a link holds', '2', 512],
  ])('is opened in a tar file, in %s', async (_where, kind, size) => {
    const header = tarHeader('a.txt', size);
    header.write(kind, 156);
    header.write('        ', 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const block = Buffer.alloc(512);
    block.write(`other. ${WORDS}`);
    expect(allText(await openBytes(Buffer.concat([header, block, Buffer.alloc(1024)])))).toContain(WORDS);
  });

  const object = makeCompound({ Contents: Buffer.from('Good morning. '.repeat(400)) });
  const message = Buffer.from(
    [
      'From: a@b.example',
      'To: c@d.example',
      'Subject: papers',
      'MIME-Version: 1.0',
      'Content-Type: application/octet-stream; name="a.docx"',
      'Content-Transfer-Encoding: base64',
      '',
      document.toString('base64').replace(/.{76}/g, '$&\r\n'),
    ].join('\r\n'),
  );

  const endsInWords = Buffer.from(object);
  endsInWords.write('Good morning', endsInWords.length - 12);

  it.each([
    ['a document', object, document],
    ['a document, where the file before it ends in words', endsInWords, document],
    ['a mail with a document', object, message],
  ])('is opened behind a compound file too: %s', async (_what, before, file) => {
    expect(allText(await openBytes(Buffer.concat([before, file])))).toContain(WORDS);
  });
});
