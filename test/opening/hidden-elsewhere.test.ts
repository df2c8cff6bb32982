import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { incompleteParts } from '../../src/core/part.ts';
import { makeDocx, makeXlsx } from './make-office.ts';
import { makeZip } from './make-zip.ts';
import { allText, openBytes } from './open-bytes.ts';

/** Words planted in each place; no other part of a fixture says them. */
const WORDS = 'Employment rate at 74.0 per cent';
const encoded = Buffer.from(WORDS).toString('base64');
const mail = (...lines: readonly string[]): Buffer =>
  Buffer.from(['From: a@example.org', 'To: b@example.org', ...lines, ''].join('\r\n'));
const parts = (...inner: readonly string[]): Buffer =>
  mail('Subject: x', 'Content-Type: multipart/mixed; boundary=b', '', ...inner);
const html = (body: string): Buffer => Buffer.from(`<!DOCTYPE html><html><head></head><body>${body}</body></html>`);
const rtf = (body: string): Buffer => Buffer.from(`{\\rtf1\\ansi ${body}}`);

const chunk = (kind: string, data: Uint8Array): Buffer => {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
};
/** A PNG of 8 by 8 pixels, too small for words of its own. */
const png = (...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.from('00000008000000080800000000', 'hex')),
    ...chunks,
    chunk('IDAT', deflateSync(Buffer.alloc(72))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
const segment = (marker: number, data: Uint8Array): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
};
/** A JPEG that says it has 8 by 8 pixels. */
const jpeg = (...segments: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    ...segments,
    segment(0xc0, Buffer.from('080008000801011100', 'hex')),
    Buffer.from('ffda0002ffd9', 'hex'),
  ]);
/** An EXIF block of one text under a tag. */
const exif = (tag: number): Buffer => {
  const text = Buffer.from(`${WORDS}\0`);
  const head = Buffer.alloc(26);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(1, 8);
  head.writeUInt16LE(tag, 10);
  head.writeUInt16LE(2, 12);
  head.writeUInt32LE(text.length, 14);
  head.writeUInt32LE(26, 18);
  return Buffer.concat([head, text]);
};
const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:description>${WORDS}</dc:description></x:xmpmeta>`;
const iptc = Buffer.concat([Buffer.from([0x1c, 2, 120, 0, WORDS.length]), Buffer.from(WORDS)]);
const gif = (extension: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from('47494638396108000800000000', 'hex'),
    extension,
    Buffer.from('2c00000000080008000002024401003b', 'hex'),
  ]);
const note = Buffer.from(WORDS);

/** A zip file whose entry has an extra field of its own. */
const withExtra = (): Buffer => {
  const plain = makeZip([{ name: 'a.txt', content: 'x' }]);
  const field = Buffer.concat([Buffer.from([0x11, 0x47, WORDS.length, 0]), note]);
  const directory = plain.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  const end = plain.indexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const made = Buffer.concat([plain.subarray(0, end), field, plain.subarray(end)]);
  made.writeUInt16LE(field.length, directory + 30);
  made.writeUInt32LE(end - directory + field.length, end + field.length + 12);
  return made;
};

const files: readonly (readonly [place: string, name: string, file: () => Buffer])[] = [
  ['a mail’s preamble', 'm.eml', () => parts(WORDS, '--b', '', 'x', '--b--')],
  ['a mail’s epilogue', 'm.eml', () => parts('--b', '', 'x', '--b--', WORDS)],
  ['a mail’s own header', 'm.eml', () => mail('Subject: x', `X-Note: ${WORDS}`, '', 'x')],
  ['a part’s own header', 'm.eml', () => parts('--b', `Content-Description: ${WORDS}`, '', 'x', '--b--')],
  [
    'an attachment’s name',
    'm.eml',
    () => parts('--b', `Content-Disposition: attachment; filename="${WORDS}.txt"`, '', 'x', '--b--'),
  ],
  [
    'a mail in a mail',
    'm.eml',
    () => parts('--b', 'Content-Type: message/rfc822', '', 'Subject: y', '', WORDS, '--b--'),
  ],
  [
    'the other alternative',
    'm.eml',
    () =>
      mail(
        'Subject: x',
        'Content-Type: multipart/alternative; boundary=b',
        '',
        '--b',
        '',
        WORDS,
        '--b',
        'Content-Type: text/html',
        '',
        '<p>x</p>',
        '--b--',
      ),
  ],
  ['a part in base64', 'm.eml', () => parts('--b', 'Content-Transfer-Encoding: base64', '', encoded, '--b--')],
  ['HTML that is not displayed', 'a.html', () => html(`<div style="display:none">${WORDS}</div>`)],
  ['HTML of no size', 'a.html', () => html(`<span style="font-size:0;color:#fff">${WORDS}</span>`)],
  ['a hidden element', 'a.html', () => html(`<p hidden>${WORDS}</p>`)],
  ['an alternative text', 'a.html', () => html(`<img src="x.png" alt="${WORDS}">`)],
  ['a tooltip', 'a.html', () => html(`<a title="${WORDS}">x</a>`)],
  ['an HTML comment', 'a.html', () => html(`<!-- ${WORDS} -->x`)],
  ['a hidden field', 'a.html', () => html(`<input type="hidden" value="${WORDS}">`)],
  [
    'a page’s description',
    'a.html',
    () => Buffer.from(`<html><head><meta name="description" content="${WORDS}"></head><body>x</body></html>`),
  ],
  ['a script', 'a.html', () => html(`<script>var a = "${WORDS}";</script>x`)],
  ['a data: address', 'a.html', () => html(`<a href="data:text/plain;base64,${encoded}">x</a>`)],
  [
    'a data: address without base64',
    'a.html',
    () => html(`<iframe src="data:text/html,<p>${WORDS.replace(/ /g, '%20')}</p>"></iframe>`),
  ],
  ['RTF’s hidden text', 'a.rtf', () => rtf(`x {\\v ${WORDS}}`)],
  ['RTF’s deleted text', 'a.rtf', () => rtf(`x {\\deleted ${WORDS}}`)],
  ['an RTF note', 'a.rtf', () => rtf(`x {\\footnote ${WORDS}}`)],
  ['an RTF comment', 'a.rtf', () => rtf(`x {\\*\\annotation ${WORDS}}`)],
  ['an RTF header', 'a.rtf', () => rtf(`{\\header ${WORDS}} x`)],
  ['RTF’s properties', 'a.rtf', () => rtf(`{\\info{\\title ${WORDS}}} x`)],
  ['a zip’s comment', 'a.zip', () => makeZip([{ name: 'a.txt', content: 'x' }], WORDS)],
  ['a zip entry’s extra field', 'a.zip', withExtra],
  ['a zip entry’s name', 'a.zip', () => makeZip([{ name: `${WORDS}.txt`, content: 'x' }])],
  [
    'an empty folder’s name',
    'a.zip',
    () =>
      makeZip([
        { name: `${WORDS}/`, content: '' },
        { name: 'a.txt', content: 'x' },
      ]),
  ],
  [
    'an archive in an archive',
    'a.zip',
    () => makeZip([{ name: 'b.zip', content: makeZip([{ name: 'c.txt.gz', content: gzipSync(note) }]) }]),
  ],
  [
    'a workbook in a document in an archive',
    'a.zip',
    () => {
      const book = makeXlsx({ rows: `<row><c t="str"><v>${WORDS}</v></c></row>` }) as unknown as string;
      return makeZip([{ name: 'a.docx', content: makeDocx({ more: { 'word/embeddings/b.xlsx': book } }) }]);
    },
  ],
  ['PNG text', 'a.png', () => png(chunk('tEXt', Buffer.from(`Comment\0${WORDS}`)))],
  [
    'packed PNG text',
    'a.png',
    () => png(chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(note)]))),
  ],
  ['PNG text in other languages', 'a.png', () => png(chunk('iTXt', Buffer.from(`Title\0\0\0en\0\0${WORDS}`)))],
  ['a PNG’s EXIF', 'a.png', () => png(chunk('eXIf', exif(0x010e)))],
  ['a PNG’s XMP', 'a.png', () => png(chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`)))],
  ['what follows a PNG', 'a.png', () => Buffer.concat([png(), note])],
  ['a zip behind a PNG', 'a.png', () => Buffer.concat([png(), makeZip([{ name: 'a.txt', content: WORDS }])])],
  ['a JPEG’s comment', 'a.jpg', () => jpeg(segment(0xfe, note))],
  [
    'a JPEG’s EXIF description',
    'a.jpg',
    () => jpeg(segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif(0x010e)]))),
  ],
  [
    'a JPEG’s EXIF copyright',
    'a.jpg',
    () => jpeg(segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif(0x8298)]))),
  ],
  ['a JPEG’s XMP', 'a.jpg', () => jpeg(segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmp}`)))],
  ['a JPEG’s IPTC caption', 'a.jpg', () => jpeg(segment(0xed, Buffer.concat([Buffer.from('Photoshop 3.0\0'), iptc])))],
  [
    'a GIF’s comment',
    'a.gif',
    () => gif(Buffer.concat([Buffer.from([0x21, 0xfe, WORDS.length]), note, Buffer.from([0])])),
  ],
  [
    'an SVG’s text',
    'a.svg',
    () => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><text opacity="0">${WORDS}</text></svg>`),
  ],
  [
    'an SVG’s description',
    'a.svg',
    () => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><desc>${WORDS}</desc><text>x</text></svg>`),
  ],
];

describe('text hidden in a mail, a web page, an archive or a picture is found', () => {
  it.each(files)('in %s', async (_, name, file) => {
    const opened = await openBytes(file(), { name, kind: name.endsWith('.eml') ? 'email' : 'file' });
    expect(`${allText(opened)}\n${opened.parts.map((part) => part.path).join('\n')}`.replace(/\s+/g, ' ')).toContain(
      WORDS,
    );
    expect(incompleteParts(opened)).toEqual([]);
  });
});
