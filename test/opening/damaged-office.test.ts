import { incompleteParts } from '../../src/core/part.ts';
import { makeDocx, makeOdf, makePptx, makeXlsx, rels } from './make-office.ts';
import { makeZip } from './make-zip.ts';
import { allText, openBytes } from './open-bytes.ts';

const WORDS = 'Employment rate at 74.0 per cent';
/** Two runs, so that a reader that does not know the format breaks the sentence. */
const body = '<w:p><w:r><w:t>Employment rate </w:t></w:r><w:r><w:t>at 74.0 per cent</w:t></w:r></w:p>';
const document = `<w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`;
const types = (part: string, type: string): string =>
  `<Types><Default Extension="xml" ContentType="application/xml"/><Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}.main+xml"/></Types>`;
const MAIN = types('/word/document.xml', 'wordprocessingml.document');
const toDocument = rels({ r1: ['officeDocument', 'word/document.xml'] });
const filler = (count: number): string =>
  Array.from({ length: count }, (_, at) => `<w:p><w:r><w:t>Line ${(at * 7919) % 104_729}</w:t></w:r></w:p>`).join('');

/** Damage that leaves all of the text: `isWhole` where no office would say a word either. */
const files: readonly (readonly [damage: string, file: () => Buffer, isWhole: boolean])[] = [
  [
    'without its list of content types',
    () =>
      makeZip([
        { name: '_rels/.rels', content: toDocument },
        { name: 'word/document.xml', content: document },
      ]),
    true,
  ],
  [
    'without its relationships',
    () =>
      makeZip([
        { name: '[Content_Types].xml', content: MAIN },
        { name: 'word/document.xml', content: document },
      ]),
    true,
  ],
  [
    'with a relationship to a part that is not there',
    () =>
      makeZip([
        { name: '[Content_Types].xml', content: MAIN },
        { name: '_rels/.rels', content: rels({ r1: ['officeDocument', 'elsewhere/main.xml'] }) },
        { name: 'word/document.xml', content: document },
      ]),
    true,
  ],
  [
    'with absolute part names',
    () =>
      makeZip([
        { name: '/[Content_Types].xml', content: MAIN },
        { name: '/_rels/.rels', content: rels({ r1: ['officeDocument', '/word/document.xml'] }) },
        { name: '/word/document.xml', content: document },
      ]),
    true,
  ],
  [
    'with backslashes in part names',
    () =>
      makeZip([
        { name: '[Content_Types].xml', content: MAIN },
        { name: '_rels\\.rels', content: rels({ r1: ['officeDocument', 'word\\document.xml'] }) },
        { name: 'word\\document.xml', content: document },
      ]),
    true,
  ],
  [
    'with part names in capitals',
    () =>
      makeZip([
        { name: '[CONTENT_TYPES].XML', content: MAIN },
        { name: '_RELS/.RELS', content: toDocument },
        { name: 'WORD/DOCUMENT.XML', content: document },
      ]),
    true,
  ],
  [
    'in UTF-16',
    () =>
      makeZip([
        { name: '[Content_Types].xml', content: Buffer.from(`\ufeff${MAIN}`, 'utf16le') },
        { name: '_rels/.rels', content: toDocument },
        {
          name: 'word/document.xml',
          content: Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${document}`, 'utf16le'),
        },
      ]),
    true,
  ],
  [
    'with byte order marks',
    () =>
      makeZip([
        { name: '[Content_Types].xml', content: `\ufeff${MAIN}` },
        { name: '_rels/.rels', content: `\ufeff${toDocument}` },
        { name: 'word/document.xml', content: `\ufeff${document}` },
      ]),
    true,
  ],
  [
    'whose text is in the second of two parts of one name',
    () =>
      makeZip([
        { name: '[Content_Types].xml', content: MAIN },
        { name: '_rels/.rels', content: toDocument },
        { name: 'word/document.xml', content: '<w:document><w:body/></w:document>' },
        { name: 'word/Document.xml', content: document },
      ]),
    false,
  ],
  ['whose XML breaks off', () => makeDocx({ body: `${body}<w:p><w:r><w:t>cut` }), false],
  [
    'with an entity of its own',
    () =>
      makeZip([
        { name: '[Content_Types].xml', content: MAIN },
        { name: '_rels/.rels', content: toDocument },
        { name: 'word/document.xml', content: `<!DOCTYPE d [<!ENTITY x "y">]>${document}` },
      ]),
    false,
  ],
  ['cut off before its directory', () => cut(makeDocx({ body: body + filler(200) })), false],
  ['cut off in its text', () => cutInText(makeDocx({ body: body + filler(30_000) })), false],
  [
    'of a workbook cut off',
    () =>
      cut(
        makeXlsx({
          rows: `<row r="1"><c r="A1" t="inlineStr"><is><r><t>Employment rate </t></r><r><t>at 74.0 per cent</t></r></is></c></row>`,
        }),
      ),
    false,
  ],
  [
    'of slides cut off',
    () =>
      cut(
        makePptx({
          slide:
            '<p:sp><p:txBody><a:p><a:r><a:t>Employment rate </a:t></a:r><a:r><a:t>at 74.0 per cent</a:t></a:r></a:p></p:txBody></p:sp>',
        }),
      ),
    false,
  ],
  [
    'of an OpenDocument text cut off',
    () =>
      cut(
        makeOdf('text', '<text:p>Employment <text:span>rate</text:span> at 74.0<text:s/>per cent</text:p>', {
          'styles.xml': '<s/>',
          'meta.xml': '<m/>',
        }),
      ),
    false,
  ],
];

/** The directory gone, as in a download that ended early. */
function cut(file: Buffer): Buffer {
  return file.subarray(0, file.indexOf(Buffer.from('504b0102', 'hex')));
}

/** Cut in the middle of the document's own data, which is most of the file. */
function cutInText(file: Buffer): Buffer {
  return file.subarray(0, Math.floor(file.length / 2));
}

describe('what a damaged office file still says is found', () => {
  it.each(files)('%s', async (_, file, isWhole) => {
    const opened = await openBytes(file(), { name: 'file' });
    expect(allText(opened).replace(/\s+/g, ' ')).toContain(WORDS);
    expect(incompleteParts(opened).length > 0).toBe(!isWhole);
  });
});
