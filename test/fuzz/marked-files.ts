import { deflateSync, gzipSync } from 'node:zlib';
import { tarHeader } from '../hostile/make-bombs.ts';
import { mailWith } from '../hostile/make-hostile-mail.ts';
import { makePdf, stream } from '../hostile/make-hostile-pdfs.ts';
import { makeCompound } from '../opening/make-compound.ts';
import { makeDocx, makeOdf, makePptx, makeXlsx } from '../opening/make-office.ts';
import { makeMsg, makeTnef } from '../opening/make-outlook.ts';
import { makeZip } from '../opening/make-zip.ts';

export const MARKER = 'zebra crossing fortytwo';

export interface MarkedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const text = Buffer.from(`First line of a note.\r\nThen the ${MARKER} of it.\r\nLast line.\r\n`);
const paragraph = `<w:p><w:r><w:t>Then the ${MARKER} of it.</w:t></w:r></w:p>`;
const docx = makeDocx({ body: paragraph });
const xlsx = makeXlsx({
  rows: `<row r="1"><c r="A1" t="inlineStr"><is><t>room</t></is></c><c r="B1"><v>74</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>${MARKER}</t></is></c></row>`,
});

function tar(entries: readonly (readonly [string, Buffer])[]): Buffer {
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
  return Buffer.concat([
    ...entries.flatMap(([name, bytes]) => [tarHeader(name, bytes.length), padded(bytes)]),
    Buffer.alloc(1024),
  ]);
}

function pdf(compressed: boolean): Buffer {
  const content = Buffer.from(`BT /F1 12 Tf 72 720 Td (Then the ${MARKER} of it.) Tj ET`);
  return makePdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>',
    compressed ? stream('/Filter/FlateDecode', deflateSync(content)) : stream('', content),
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ]);
}

/** One small file a format, each with the marker where a reader sees it. */
export const markedFiles: readonly MarkedFile[] = [
  { name: 'note.txt', bytes: text },
  { name: 'wide.txt', bytes: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text.toString(), 'utf16le')]) },
  {
    name: 'page.html',
    bytes: Buffer.from(
      `<html><head><title>t</title></head><body><p>Hello</p><p style="display:none">${MARKER}</p><!-- end --></body></html>`,
    ),
  },
  { name: 'table.csv', bytes: Buffer.from(`room,floor,note\n1,2,"quoted, cell"\n3,4,${MARKER}\n5,6,last\n`) },
  {
    name: 'records.json',
    bytes: Buffer.from(
      JSON.stringify([
        { a: 1, b: 'x' },
        { a: 2, b: MARKER },
      ]),
    ),
  },
  { name: 'records.xml', bytes: Buffer.from(`<?xml version="1.0"?><r><a b="c">x</a><a>${MARKER}</a></r>`) },
  {
    name: 'drawing.svg',
    bytes: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><text x="1" y="2">${MARKER}</text></svg>`),
  },
  {
    name: 'letter.rtf',
    bytes: Buffer.from(`{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0 Then the ${MARKER} of it.\\par}`),
  },
  {
    name: 'date.ics',
    bytes: Buffer.from(
      `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:${MARKER}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    ),
  },
  {
    name: 'mail.eml',
    bytes: Buffer.from(`From: a@b.example\r\nTo: c@d.example\r\nSubject: papers\r\n\r\nThen the ${MARKER} of it.\r\n`),
  },
  { name: 'attached.eml', bytes: mailWith(text, 'note.txt') },
  { name: 'forwarded.eml', bytes: mailWith(mailWith(docx, 'note.docx'), 'forwarded.eml') },
  { name: 'book.eml', bytes: mailWith(xlsx, 'book.xlsx') },
  {
    name: 'store.mbox',
    bytes: Buffer.from(
      `From a@b Sat Jan  2 00:00:00 2016\nFrom: a@b.example\nSubject: one\n\nfirst\n\nFrom a@b Sat Jan  2 00:00:00 2016\nFrom: a@b.example\nSubject: two\n\n${MARKER}\n`,
    ),
  },
  { name: 'note.txt.gz', bytes: gzipSync(text) },
  {
    name: 'notes.tar',
    bytes: tar([
      ['a.txt', Buffer.from('other')],
      ['b.txt', text],
    ]),
  },
  {
    name: 'notes.tar.gz',
    bytes: gzipSync(
      tar([
        ['a.txt', Buffer.from('other')],
        ['b.txt', text],
      ]),
    ),
  },
  {
    name: 'notes.zip',
    bytes: makeZip([
      { name: 'a.txt', content: 'other' },
      { name: 'b.txt', content: text },
    ]),
  },
  { name: 'deep.zip', bytes: makeZip([{ name: 'a.zip', content: makeZip([{ name: 'b.docx', content: docx }]) }]) },
  { name: 'note.docx', bytes: docx },
  { name: 'book.xlsx', bytes: xlsx },
  {
    name: 'slides.pptx',
    bytes: makePptx({ slide: `<p:sp><p:txBody><a:p><a:r><a:t>${MARKER}</a:t></a:r></a:p></p:txBody></p:sp>` }),
  },
  { name: 'note.odt', bytes: makeOdf('text', `<text:p>Then the ${MARKER} of it.</text:p>`) },
  {
    name: 'book.ods',
    bytes: makeOdf(
      'spreadsheet',
      `<table:table table:name="S"><table:table-row><table:table-cell><text:p>${MARKER}</text:p></table:table-cell></table:table-row></table:table>`,
    ),
  },
  { name: 'plain.pdf', bytes: pdf(false) },
  { name: 'packed.pdf', bytes: pdf(true) },
  { name: 'mail.msg', bytes: makeMsg({ '0037001F': 'papers', '1000001F': `Then the ${MARKER} of it.` }) },
  {
    name: 'winmail.dat',
    bytes: makeTnef([
      [1, 0x00018004, Buffer.from('papers\0')],
      [1, 0x0002800c, Buffer.from(`${MARKER}\0`)],
    ]),
  },
  {
    name: 'unknown.ole',
    bytes: makeCompound({ Contents: Buffer.from(`Then the ${MARKER} of it. ${'x'.repeat(5000)}`) }),
  },
];
