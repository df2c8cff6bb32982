import { incompleteParts } from '../../src/core/part.ts';
import { makeDocx, makeOdf, makePptx, makeXlsx } from './make-office.ts';
import { allText, openBytes } from './open-bytes.ts';

/** Words planted in each place; no other part of a fixture says them. */
const WORDS = 'Employment rate at 74.0 per cent';
const cell = (reference: string, style = 0): string =>
  `<row r="1"><c r="${reference}" s="${style}" t="inlineStr"><is><t>${WORDS}</t></is></c></row>`;
const paragraph = `<w:p><w:r><w:t>${WORDS}</w:t></w:r></w:p>`;
const drawn = `<p:sp><p:txBody><a:p><a:r><a:t>Employment rate </a:t></a:r><a:r><a:t>at 74.0 per cent</a:t></a:r></a:p></p:txBody></p:sp>`;

const places: readonly (readonly [place: string, file: () => Buffer])[] = [
  ['a body paragraph', () => makeDocx({ body: paragraph })],
  [
    'runs that split words',
    () => makeDocx({ body: '<w:p><w:r><w:t>Employ</w:t></w:r><w:r><w:t>ment rate at 74.0 per cent</w:t></w:r></w:p>' }),
  ],
  ['a table cell', () => makeDocx({ body: `<w:tbl><w:tr><w:tc>${paragraph}</w:tc></w:tr></w:tbl>` })],
  [
    'a text box in a document',
    () =>
      makeDocx({
        body: `<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${paragraph}</w:txbxContent></mc:Choice><mc:Fallback/></mc:AlternateContent></w:r></w:p>`,
      }),
  ],
  [
    'what only an old program is shown',
    () =>
      makeDocx({
        body: `<w:p><w:r><mc:AlternateContent><mc:Choice/><mc:Fallback><w:txbxContent>${paragraph}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>`,
      }),
  ],
  [
    'a tracked deletion',
    () => makeDocx({ body: `<w:p><w:del><w:r><w:delText>${WORDS}</w:delText></w:r></w:del></w:p>` }),
  ],
  ['a tracked insertion', () => makeDocx({ body: `<w:p><w:ins><w:r><w:t>${WORDS}</w:t></w:r></w:ins></w:p>` })],
  ['hidden text', () => makeDocx({ body: `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>${WORDS}</w:t></w:r></w:p>` })],
  ['a simple field’s code', () => makeDocx({ body: `<w:p><w:fldSimple w:instr='COMMENTS "${WORDS}"'/></w:p>` })],
  [
    'a document of Word 2003 in XML',
    () =>
      Buffer.from(
        `<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>${paragraph}</w:body></w:wordDocument>`,
      ),
  ],
  [
    'a file inside a flat package',
    () =>
      Buffer.from(
        `<?xml version="1.0"?><pkg:package xmlns:pkg="x"><pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document/></pkg:xmlData></pkg:part><pkg:part pkg:name="/word/a.docx"><pkg:binaryData>${makeDocx({ body: paragraph }).toString('base64')}</pkg:binaryData></pkg:part></pkg:package>`,
      ),
  ],
  ['a field’s code', () => makeDocx({ body: `<w:p><w:r><w:instrText>COMMENTS "${WORDS}"</w:instrText></w:r></w:p>` })],
  [
    'a picture’s alt text',
    () =>
      makeDocx({ body: `<w:p><w:r><w:drawing><wp:docPr id="1" name="P" descr="${WORDS}"/></w:drawing></w:r></w:p>` }),
  ],
  ...(['header', 'footer', 'footnotes', 'endnotes', 'comments'] as const).map(
    (kind) =>
      [
        `a document’s ${kind}`,
        () =>
          makeDocx({
            links: { r1: [kind, `${kind}1.xml`] },
            more: { [`word/${kind}1.xml`]: `<w:hdr>${paragraph}</w:hdr>` },
          }),
      ] as const,
  ),
  [
    'a document variable',
    () =>
      makeDocx({
        more: {
          'word/settings.xml': `<w:settings><w:docVars><w:docVar w:name="x" w:val="${WORDS}"/></w:docVars></w:settings>`,
        },
      }),
  ],
  [
    'a chart in a document',
    () =>
      makeDocx({
        more: {
          'word/charts/chart1.xml': `<c:chartSpace><c:title><a:p><a:t>${WORDS}</a:t></a:p></c:title></c:chartSpace>`,
        },
      }),
  ],
  [
    'a workbook inside a document',
    () => makeDocx({ more: { 'word/embeddings/b.xlsx': makeXlsx({ rows: cell('A1') }) as unknown as string } }),
  ],
  [
    'a document inside a document',
    () => makeDocx({ more: { 'word/afchunk.docx': makeDocx({ body: paragraph }) as unknown as string } }),
  ],
  [
    'a document inside a document, declared as its main part',
    () =>
      makeDocx({
        more: { 'word/afchunk.docx': makeDocx({ body: paragraph }) },
        types:
          '<Default Extension="docx" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>',
      }),
  ],
  [
    'a web page inside a document',
    () => makeDocx({ more: { 'word/afchunk.htm': `<html><body><p>${WORDS}</p></body></html>` } }),
  ],
  ['a slide', () => makePptx({ slide: drawn })],
  ['a hidden slide', () => makePptx({ slide: drawn, attributes: ' show="0"' })],
  [
    'speaker notes',
    () =>
      makePptx({
        links: { r1: ['notesSlide', '../notesSlides/n.xml'] },
        more: { 'ppt/notesSlides/n.xml': `<p:notes>${drawn}</p:notes>` },
      }),
  ],
  [
    'a slide’s comment',
    () =>
      makePptx({
        links: { r1: ['comments', '../comments/c.xml'] },
        more: { 'ppt/comments/c.xml': `<p:cmLst><p:cm><p:text>${WORDS}</p:text></p:cm></p:cmLst>` },
      }),
  ],
  [
    'SmartArt',
    () =>
      makePptx({
        more: { 'ppt/diagrams/data1.xml': `<dgm:dataModel><dgm:pt><dgm:t>${drawn}</dgm:t></dgm:pt></dgm:dataModel>` },
      }),
  ],
  ['a slide’s layout', () => makePptx({ more: { 'ppt/slideLayouts/l.xml': `<p:sldLayout>${drawn}</p:sldLayout>` } })],
  [
    'an OpenDocument text',
    () => makeOdf('text', `<text:p>Employment <text:span>rate</text:span> at 74.0<text:s/>per cent</text:p>`),
  ],
  [
    'an OpenDocument note',
    () =>
      makeOdf(
        'text',
        `<text:p>x<text:note><text:note-body><text:p>${WORDS}</text:p></text:note-body></text:note></text:p>`,
      ),
  ],
  [
    'an OpenDocument comment',
    () => makeOdf('text', `<text:p>x<office:annotation><text:p>${WORDS}</text:p></office:annotation></text:p>`),
  ],
  [
    'an OpenDocument deletion',
    () =>
      makeOdf(
        'text',
        `<text:tracked-changes><text:changed-region><text:deletion><text:p>${WORDS}</text:p></text:deletion></text:changed-region></text:tracked-changes>`,
      ),
  ],
  [
    'an OpenDocument page header',
    () =>
      makeOdf('text', '<text:p/>', {
        'styles.xml': `<s><style:master-page><style:header><text:p>${WORDS}</text:p></style:header></style:master-page></s>`,
      }),
  ],
  [
    'an OpenDocument cell',
    () =>
      makeOdf(
        'spreadsheet',
        `<table:table table:name="S"><table:table-row><table:table-cell><text:p>${WORDS}</text:p></table:table-cell></table:table-row></table:table>`,
      ),
  ],
  [
    'an OpenDocument cell that shows nothing',
    () =>
      makeOdf(
        'spreadsheet',
        `<table:table><table:table-row><table:table-cell office:string-value="${WORDS}"/></table:table-row></table:table>`,
      ),
  ],
  [
    'an OpenDocument cell’s comment',
    () =>
      makeOdf(
        'spreadsheet',
        `<table:table><table:table-row><table:table-cell><office:annotation><text:p>${WORDS}</text:p></office:annotation></table:table-cell></table:table-row></table:table>`,
      ),
  ],
  [
    'a text box on an OpenDocument sheet',
    () =>
      makeOdf(
        'spreadsheet',
        `<table:table><table:shapes><draw:frame><draw:text-box><text:p>${WORDS}</text:p></draw:text-box></draw:frame></table:shapes></table:table>`,
      ),
  ],
  [
    'OpenDocument speaker notes',
    () =>
      makeOdf(
        'presentation',
        `<draw:page><presentation:notes><draw:frame><text:p>${WORDS}</text:p></draw:frame></presentation:notes></draw:page>`,
      ),
  ],
  [
    'OpenDocument properties',
    () => makeOdf('text', '<text:p/>', { 'meta.xml': `<office:meta><dc:subject>${WORDS}</dc:subject></office:meta>` }),
  ],
];

describe('text hidden in a document, presentation or OpenDocument file is found', () => {
  it.each(places)('in %s', async (_, file) => {
    const opened = await openBytes(file(), { name: 'file' });
    expect(allText(opened).replace(/\s+/g, ' ')).toContain(WORDS);
    expect(incompleteParts(opened)).toEqual([]);
  });
});
