import { incompleteParts } from '../../src/core/part.ts';
import { loadSheetJs } from '../../src/extract/load-sheetjs.ts';
import { hasSoundCounts } from '../../src/extract/xlsb-records.ts';
import { holdsWords } from '../fuzz/plain-reader.ts';
import { makeDocx } from './make-office.ts';
import { makeMsg, makeTnef } from './make-outlook.ts';
import { makePdf, revisePdf, shown } from './make-pdf.ts';
import { allText, openBytes } from './open-bytes.ts';

const WORDS = 'Employment rate at 74.0 per cent';
const document = makeDocx({ body: `<w:p><w:r><w:t>${WORDS}</w:t></w:r></w:p>` });
const coded = `${document.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`;

/** From its page on: the table of objects, the catalog and the first line are gone. */
const packed = makePdf({ content: shown(WORDS) });
const tailOfPdf = packed.subarray(packed.indexOf('3 0 obj'));

/** A file in base64 on one line, the first letters of it lost. */
const oneLine = document.toString('base64');

/** A packed stream of a PDF without the object it belonged to. */
const looseStream = packed.subarray(packed.indexOf('/Filter', packed.indexOf('4 0 obj')), packed.indexOf('5 0 obj'));

/** A PDF that damage has put something into. */
function amongObjects(inserted: Buffer): Buffer {
  const file = makePdf({ content: shown('Good morning') });
  const at = file.indexOf('5 0 obj');
  return Buffer.concat([file.subarray(0, at), inserted, file.subarray(at)]);
}

/** A message of Outlook whose body has more bytes than its entry says. */
function messageCutAt(size: number): Buffer {
  const file = makeMsg({ '0037001F': 'papers', '1000001F': `Then the ${WORDS} of it.` });
  const entry = file.indexOf(Buffer.from('__substg1.0_1000001F', 'utf16le'));
  file.writeUInt32LE(size, entry + 120);
  return file;
}

/** A document that took the place of another, of whose end nothing is left but its last line. */
function laterState(): Buffer {
  const file = makePdf({ content: shown(WORDS) });
  const cut = file.toString('latin1').replace(/trailer[\s\S]*$/, 'startxref\n%%EOF\n');
  const content = shown('Good morning');
  return revisePdf(Buffer.from(cut, 'latin1'), {
    1: '<</Type/Catalog/Pages 2 0 R>>',
    2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    4: { entries: '', bytes: content },
    5: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
  });
}

/** What the fuzzer of `test/fuzz` found: damage that read as clean. Each file here is made anew. */
describe('damage that the fuzzer found', () => {
  it.each([
    [
      'a second body of winmail.dat',
      'winmail.dat',
      makeTnef([
        [1, 0x0002800c, Buffer.from('Good morning.\0')],
        [1, 0x0002800c, Buffer.from(`${WORDS}\0`)],
      ]),
    ],
    ['a sender that is none', 'winmail.dat', makeTnef([[1, 0x00028000, Buffer.from(`${WORDS}\0`)]])],
    ['an attribute of an unknown kind', 'winmail.dat', makeTnef([[1, 0x7e020c01, Buffer.from(`${WORDS}\0`)]])],
    [
      'a file in base64 in rich text, beside a picture',
      'note.rtf',
      Buffer.from(`{\\rtf1\\ansi Hello{\\pict\\pngblip\n${'89504e47'.repeat(8)}\n${'00'.repeat(32)}\n}\n\n${coded}}`),
    ],
    [
      'a file in base64 in a hidden paragraph of a page',
      'page.html',
      Buffer.from(`<html><body><p>Hello</p><p style="display:none">see\r\n\r\n${coded}</p></body></html>`),
    ],
    [
      'the first of two joined PDFs',
      'report.pdf',
      Buffer.concat([makePdf({ content: shown(WORDS) }), makePdf({ content: shown('Good morning') })]),
    ],
    [
      'a PDF without its first line',
      'report.pdf',
      Buffer.concat([Buffer.from('%PD<<<<\n'), makePdf({ content: shown(WORDS) }).subarray(9)]),
    ],
    [
      'an object that a PDF has twice',
      'report.pdf',
      makePdf({
        content: shown('Good morning'),
        objects: { 10: `<<>>\nendobj\n4 0 obj\n<</Length 99>>\nstream\n${shown(WORDS)}\nendstream` },
      }),
    ],
    ['words among the objects of a PDF', 'report.pdf', amongObjects(Buffer.from(`\nHello. ${WORDS}.\n`, 'utf16le'))],
    ['base64 among the objects of a PDF', 'report.pdf', amongObjects(Buffer.from(`\n${coded}`))],
    ['a file among the objects of a PDF', 'report.pdf', amongObjects(document)],
    [
      'what is left of a PDF in a note',
      'note.txt',
      Buffer.concat([Buffer.from('Good morning ce/Pages/Count 1>>\nendobj\n'), tailOfPdf]),
    ],
    ['what is left of a PDF in XML', 'a.xml', Buffer.concat([Buffer.from('<rows><row><a b%PDF\n'), tailOfPdf])],
    ['a file in base64 in XML, its beginning lost', 'a.xml', Buffer.from(`<r><a>Hello wo${coded.slice(37)}</a></r>`)],
    ['a file in base64 on one line of XML', 'a.xml', Buffer.from(`<r><a>Hello</a><a>${oneLine.slice(37)}</a></r>`)],
    [
      'a file in base64 in a field of JSON',
      'a.json',
      Buffer.from(JSON.stringify({ a: 'Hello', b: oneLine }).replaceAll('/', '\\/')),
    ],
    ['a file in base64 in a cell', 'a.csv', Buffer.from(`name,content\nHello,1\nnote,${oneLine}\nlast,2\n`)],
    [
      'a file in base64 in a calendar entry',
      'a.ics',
      Buffer.from(`BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:Hello ${coded}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`),
    ],
    ['a packed stream that no object has', 'note.txt', Buffer.concat([Buffer.from('Good morning'), looseStream])],
    [
      'words in the style of a page',
      'a.html',
      Buffer.from(`<html><body><p style="dis\r\n${WORDS} of all people there\r\nplay:none">Hello</p></body></html>`),
    ],
    [
      'words in the declaration of XML',
      'a.xml',
      Buffer.from(`<?xml version="1.\r\n${WORDS} of all people\r\n0"?><r><a>Hello</a></r>`),
    ],
    [
      'words in the address of a namespace',
      'drawing.svg',
      Buffer.from(`<svg xmlns="h\r\nSUMMARY:${WORDS}\r\nttp://www.w3.org/2000/svg"><text x="1">Good mor`),
    ],
    [
      'what follows bytes put into UTF-16 at an odd place',
      'wide.txt',
      Buffer.concat([
        Buffer.from('\ufeffFirst line. Then ', 'utf16le'),
        Buffer.from('get,linktext,personal'),
        Buffer.from(WORDS, 'utf16le'),
      ]),
    ],
    [
      'a PDF behind a page that damage left without an end',
      'page.html',
      Buffer.concat([Buffer.from('<html><body><p style="disd --></htm <!-- enplay:none">Hello l>'), packed]),
    ],
    ['words that the end of a stream of a message parts', 'mail.msg', messageCutAt(33)],
    [
      'what the cut end of a message leaves, which begins as an icon does',
      'mail.msg',
      Buffer.concat([Buffer.from('0000010000000300', 'hex'), Buffer.alloc(500), Buffer.from(WORDS, 'utf16le')]),
    ],
    [
      'a PDF behind a drawing',
      'drawing.svg',
      Buffer.concat([Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><text x="1<<<ra</text></svg>'), packed]),
    ],
    ['a PDF behind rich text', 'note.rtf', Buffer.concat([Buffer.from('{\\rtf1 Hello}'), packed])],
    [
      'words on a page that have no place, since an operator before them lacks its numbers',
      'report.pdf',
      makePdf({ content: `BT /F1 12 Tf 72 k: hello there/x 720 Td (${WORDS}) Tj ET` }),
    ],
    [
      'words where the stream of a page has lost its beginning',
      'report.pdf',
      Buffer.from(
        makePdf({ content: shown(WORDS) })
          .toString('latin1')
          .replace(
            /<<[^<>]*>>\s*stream[\s\S]*?endstream/,
            `<</Length 70>>stre      the ${WORDS} of it.) Tj ET\nendstream`,
          ),
        'latin1',
      ),
    ],
    [
      'words of a page that no stream has any more',
      'report.pdf',
      Buffer.from(
        `%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/  ndobj\n3 0 obj\n` +
          '<</Type/Page/Med R>>>>/Contents 4 0 R>>\nendobj\n4 0 obj\n<</LeBox[0 0 612 792]/Contents 4 0 R>>\nendobj\n' +
          `4 0 obd (${WORDS}) Tj ET\nendstream\nendobj\ntrailer\n<</Size 6/Root 1 0 R>>\nstartxref\n397\n%%EOF\n`,
      ),
    ],
    ['words of an earlier state that cannot be opened', 'report.pdf', laterState()],
    [
      'rich text that damage gave the mark of UTF-16',
      'note.rtf',
      Buffer.from(`{\\rtf1\\ansi\\f0\xfe\xffhen the ${WORDS} of`, 'latin1'),
    ],
    [
      'text in UTF-16 before much that is none',
      'wide.txt',
      Buffer.concat([
        Buffer.from(`\ufeffThen the ${WORDS} of it`, 'utf16le'),
        Buffer.from('Good morning. '.repeat(200)),
      ]),
    ],
    ['words that begin as the envelope line of a mailbox does', 'mail.eml', Buffer.from(`From ${WORDS} of it.\r\n`)],
    [
      'words that begin as the envelope line of a mailbox does, before a header',
      'mail.eml',
      Buffer.from(`From ${WORDS} of it.\r\nTo: a@b.example\r\n\r\nHello\r\n`),
    ],
    [
      'words that a swapped bracket put among the fonts',
      'note.rtf',
      Buffer.from('{\\rtf1\\ansi{\\fonttbl{\\f0 Arial o}\\f0 Employment at a new record;}f it.\\par}'),
      'Employment at a new record',
    ],
    [
      'UTF-16 that begins with letters whose bytes are ASCII',
      'note.txt',
      Buffer.from(`\ufeff数据数据数据数据，${WORDS}。${'数据公布之前'.repeat(20)}`, 'utf16le'),
    ],
    [
      'words in place of an envelope line, with a year and before a header',
      'mail.eml',
      Buffer.from(`From what we hear the ${WORDS} in January 2016.\r\nTo: a@b.example\r\n\r\nHello\r\n`),
    ],
    [
      'the end of a long body of words that is said to be base64',
      'mail.eml',
      Buffer.from(
        'From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n' +
          `${'Good morning all '.repeat(9000)}${WORDS.replace(' 74.0', '')}${' and good night'.repeat(70_000)}`,
      ),
      WORDS.replace(' 74.0', ''),
    ],
    ['text that damage gave the mark of UTF-16', 'note.txt', Buffer.from(`\xff\xfeThen the ${WORDS} of it`, 'latin1')],
  ])('does not hide %s', async (_what, name, file, words = WORDS) => {
    expect(allText(await openBytes(file, { name }))).toContain(words);
  });

  it.each([
    ['in the subject', Buffer.from(`From: a@b.example\r\nSubject: papers ${oneLine.slice(37)}\r\n\r\nHello\r\n`)],
    [
      'as a packed stream among lines of base64',
      Buffer.concat([
        Buffer.from(
          'From: a@b.example\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n',
        ),
        Buffer.from(`${'RnJv'.repeat(19)}\r\n${'RnJv'.repeat(19)}\r\nRnJvbTog`),
        looseStream,
      ]),
    ],
    [
      'on a line of words in a part that is said to be base64',
      Buffer.from(
        'From: a@b.example\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n' +
          `${'RnJv'.repeat(19)}\r\n`.repeat(9) +
          `RnJv\n\n${WORDS.replace(' 74.0', '')}`,
      ),
      WORDS.replace(' 74.0', ''),
    ],
    [
      'in quoted-printable behind an envelope line without a year',
      Buffer.from(
        'From alice@a.example Thu Jan 14 09:22\r\nFrom: a@b.example\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' +
          `${WORDS.replace('ment', '=\r\nment').replace('cent', '=63ent')}\r\n`,
      ),
    ],
    [
      'after UTF-16 that was put into its subject',
      Buffer.concat([
        Buffer.from('From: a@b.example\r\nTo: c@d.example\r\nSubject: papr'),
        Buffer.from('Good morning to all of you here.\r\nLast line.\r\n', 'utf16le'),
        Buffer.from(`ers\r\n\x0f\nThen the ${WORDS} of it.\r\n`),
      ]),
    ],
    [
      'in UTF-16 among lines of base64',
      Buffer.concat([
        Buffer.from(
          'From: a@b.example\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n',
        ),
        Buffer.from(`${'RnJv'.repeat(19)}\r\n${'RnJv'.repeat(19)}\r\nRnJvbTog`),
        Buffer.alloc(64, 0xff),
        Buffer.from(WORDS, 'utf16le'),
        Buffer.alloc(64),
      ]),
    ],
  ])('does not hide what stands in a mail %s', async (_where, file, words = WORDS) => {
    expect(allText(await openBytes(file, { kind: 'email', name: 'mail.eml' }))).toContain(words);
  });

  it.each(['Record employment', 'Employment\r\nat a record', 'zebra crossing fortytwo'])(
    'shows %j as it stands though a header says that it is base64',
    async (words) => {
      const file = Buffer.from(`From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n${words}\r\n`);
      expect(allText(await openBytes(file, { kind: 'email', name: 'mail.eml' }))).toContain(words);
    },
  );

  it.each([
    ['a certificate', `${Buffer.from(`308204a23082038a${'5a17c3'.repeat(300)}`, 'hex').toString('base64')}`],
    ['a key on one line', Buffer.from('c3f19b'.repeat(200), 'hex').toString('base64')],
    ['digits of a picture', '89504e47'.repeat(100)],
  ])('takes %s in XML for no file', async (_what, letters) => {
    const lines = letters.startsWith('MII') ? letters.replace(/.{64}/g, '$&\n') : letters;
    const opened = await openBytes(`<r><a>Hello</a><a>${lines}</a></r>`, { name: 'a.xml' });
    expect(opened.parts.filter(({ path }) => path.includes('encoded'))).toEqual([]);
  });

  it('takes no picture of rich text for a file in base64', async () => {
    const lines = `${'0a1b2c3d'.repeat(8)}\n`.repeat(40);
    const opened = await openBytes(`{\\rtf1\\ansi Hello{\\pict\\wmetafile8\n${lines}}}`, { name: 'note.rtf' });
    expect(opened.parts.filter(({ path }) => path.includes('encoded'))).toEqual([]);
  });

  it('is incomplete where an address took part of a file in', async () => {
    const wide = Buffer.from(WORDS, 'utf16le');
    const file = Buffer.concat([
      Buffer.from('From: a@b.example\r\nTo: c@'),
      Buffer.alloc(64),
      wide,
      Buffer.from('\r\n\r\n'),
    ]);
    const opened = await openBytes(file, { kind: 'email', name: 'mail.eml' });
    expect(incompleteParts(opened)).toContainEqual({ path: 'headers', reason: 'corrupt' });
  });

  it('is incomplete where the header of a mail took part of a file in', async () => {
    const file = Buffer.concat([
      Buffer.from('From: a@b.example\r\nTo: c@d.example\r\nendobj\n4 0 obj\n<</Length 77>>stream\n'),
      Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 37) & 255)),
      Buffer.from('\nendstream\n'),
    ]);
    const opened = await openBytes(file, { kind: 'email', name: 'mail.eml' });
    expect(incompleteParts(opened)).toContainEqual({ path: 'headers', reason: 'corrupt' });
  });

  it('is incomplete where the header of a part took part of a file in', async () => {
    const file = Buffer.concat([
      Buffer.from(
        'From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n',
      ),
      Buffer.from('Content-Type: application/octet-strea77>>stream\n'),
      Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 37) & 255)),
      Buffer.from('\nendstream\n'),
    ]);
    const opened = await openBytes(file, { kind: 'email', name: 'mail.eml' });
    expect(incompleteParts(opened)).toContainEqual({ path: 'part header', reason: 'corrupt' });
  });

  it.each([
    ['{\\rtf1 Then the zebra crossing}', true],
    ['{\\rtf1\\fzebra crossing}', false],
    ['{\\rtf1\\fzebra crossing and zebra crossing}', true],
    ['C:\\zebra crossing', true],
  ])('whether words can be read in %j: %s', (text, isReadable) => {
    expect(holdsWords(Buffer.from(text), 'zebra crossing')).toBe(isReadable);
  });

  it.each([
    [0, true],
    [1, true],
    [2, false],
    [0xffffffff, false],
  ])('a block of metadata with one entry that counts %i is sound: %s', (count, isSound) => {
    const block = Buffer.alloc(14);
    block.set([51, 12]);
    block.writeUInt32LE(count, 2);
    expect(hasSoundCounts(block)).toBe(isSound);
  });

  it.each([
    ['columns', 60, [0, 16_383], true],
    ['columns', 60, [0, 0xffffffff], false],
    ['a link', 494, [0, 1_048_575, 0, 1], true],
    ['a link', 494, [0, 1_048_575, 0, 16_383], false],
    ['a link that is cut off', 494, [0, 1], false],
    ['columns that are cut off', 60, [0], false],
  ] as const)('%s of a binary sheet (record %i) over %j: %s', (_what, type, words, isSound) => {
    const data = Buffer.alloc(words.length * 4);
    for (const [at, word] of words.entries()) data.writeUInt32LE(word, at * 4);
    const head = type < 128 ? [type, data.length] : [(type & 127) | 128, type >> 7, data.length];
    expect(hasSoundCounts(Buffer.concat([Buffer.from(head), data]))).toBe(isSound);
  });

  it('does not read on without end in deflated data of a workbook', async () => {
    const { CFB } = (await loadSheetJs()) as unknown as { readonly CFB: { read(bytes: Buffer, how: object): unknown } };
    const head = Buffer.alloc(30);
    head.write('PK\x03\x04', 'latin1');
    head.writeUInt16LE(8, 8);
    head.writeUInt16LE(1, 26);
    const end = Buffer.from(`504b0506${'00'.repeat(4)}0100010000000000${'00'.repeat(6)}`, 'hex');
    const central = Buffer.alloc(47);
    central.write('PK\x01\x02', 'latin1');
    central.writeUInt16LE(8, 10);
    central.writeUInt16LE(1, 28);
    central.write('a', 46);
    const file = Buffer.concat([head, Buffer.from('a'), Buffer.alloc(300), central, end]);
    file.writeUInt32LE(331, file.length - 6);
    expect(() => CFB.read(file, { type: 'buffer' })).toThrow();
  });
});
