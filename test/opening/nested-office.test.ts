import { gzipSync } from 'node:zlib';
import { incompleteParts } from '../../src/core/part.ts';
import { makeCompound } from './make-compound.ts';
import { makeDocx, makeOdf, makePptx, makeXlsx } from './make-office.ts';
import { makeZip } from './make-zip.ts';
import { allText, openBytes } from './open-bytes.ts';

const WORDS = 'Employment rate at 74.0 per cent';
const paragraph = `<w:p><w:r><w:t>${WORDS}</w:t></w:r></w:p>`;
const document = makeDocx({ body: paragraph });
const workbook = makeXlsx({ rows: `<row><c t="inlineStr"><is><t>${WORDS}</t></is></c></row>` });

/** A file packaged as Office does: label, path, path at packing, bytes ([MS-OLEDS] 2.3.6). */
function packaged(name: string, bytes: Buffer): Buffer {
  const text = (one: string): Buffer => Buffer.from(`${one}\0`, 'latin1');
  const length = (value: number): Buffer => {
    const out = Buffer.alloc(4);
    out.writeUInt32LE(value);
    return out;
  };
  const path = `C:\\Temp\\${name}`;
  const body = Buffer.concat([
    Buffer.from([2, 0]),
    text(name),
    text(`C:\\Users\\jo\\${name}`),
    Buffer.from([0, 0, 3, 0]),
    length(path.length + 1),
    text(path),
    length(bytes.length),
    bytes,
  ]);
  return makeCompound({ '\x01Ole10Native': Buffer.concat([length(body.length), body]) });
}

const files: readonly (readonly [chain: string, file: Buffer])[] = [
  ['a document in a workbook', makeXlsx({ more: { 'xl/embeddings/Microsoft_Word_Document1.docx': document } })],
  ['a workbook on a slide', makePptx({ more: { 'ppt/embeddings/Microsoft_Excel_Sheet1.xlsx': workbook } })],
  [
    'a workbook in a document in a workbook',
    makeXlsx({
      more: { 'xl/embeddings/a.docx': makeDocx({ more: { 'word/embeddings/b.xlsx': workbook } }) },
    }),
  ],
  [
    'a document kept as a package in an object',
    makeDocx({ more: { 'word/embeddings/oleObject1.bin': makeCompound({ Package: document }) } }),
  ],
  [
    'an archive with a document, packaged as an object',
    makeXlsx({
      more: {
        'xl/embeddings/oleObject1.bin': packaged('embed1.zip', makeZip([{ name: 'a.docx', content: document }])),
      },
    }),
  ],
  [
    'a text packaged on a slide',
    makePptx({
      more: { 'ppt/embeddings/oleObject1.bin': packaged('note.txt', Buffer.from(WORDS)) },
    }),
  ],
  [
    'a page, a message and a rich text taken into a document',
    makeDocx({
      more: {
        'word/afchunk1.mht': `MIME-Version: 1.0\r\nFrom: a@b.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n<p>Employment <b>rate</b> at 74.0 per cent</p>`,
        'word/afchunk2.rtf': '{\\rtf1 other}',
      },
    }),
  ],
  ['a document in an OpenDocument text', makeOdf('text', '<text:p>x</text:p>', { 'Object 1': document })],
  [
    'an OpenDocument text in an OpenDocument text',
    makeOdf('text', '<text:p>x</text:p>', {
      'Object 1/content.xml': `<office:document-content><office:body><text:p>${WORDS}</text:p></office:body></office:document-content>`,
    }),
  ],
  [
    'a document in an archive in gzip',
    gzipSync(makeZip([{ name: 'in/a.zip', content: makeZip([{ name: 'a.docx', content: document }]) }])),
  ],
];

describe('what is embedded in an office file is opened in turn', () => {
  it.each(files)('%s', async (_, file) => {
    const opened = await openBytes(file, { name: 'file' });
    expect(allText(opened)).toContain(WORDS);
    expect(incompleteParts(opened)).toEqual([]);
  });

  it('after the words of the file itself, whatever the order of the archive', async () => {
    const parts = {
      'word/media/image1.png': Buffer.from('89504e470d0a1a0a', 'hex'),
      'docProps/core.xml': '<c><dc:title>T</dc:title></c>',
    };
    const opened = await openBytes(makeDocx({ body: paragraph, more: parts }), { name: 'a' });
    const paths = opened.parts.map((part) => part.path);
    expect(paths.indexOf('a › docProps/core.xml')).toBeGreaterThan(0);
    expect(paths.indexOf('a › word/media/image1.png')).toBeGreaterThan(paths.indexOf('a › docProps/core.xml'));
  });
});
