import { incompleteParts } from '../../src/core/part.ts';
import { makeDocx, makeOdf, makePptx, makeXlsx, rels } from './make-office.ts';
import { allText, openBytes } from './open-bytes.ts';

/** Words planted in each place; no other part of a fixture says them. */
const WORDS = 'Employment rate at 74.0 per cent';
const cell = (reference: string, style = 0): string =>
  `<row r="1"><c r="${reference}" s="${style}" t="inlineStr"><is><t>${WORDS}</t></is></c></row>`;
const paragraph = `<w:p><w:r><w:t>${WORDS}</w:t></w:r></w:p>`;
const drawn = `<p:sp><p:txBody><a:p><a:r><a:t>Employment rate </a:t></a:r><a:r><a:t>at 74.0 per cent</a:t></a:r></a:p></p:txBody></p:sp>`;

const places: readonly (readonly [place: string, file: () => Buffer])[] = [
  ['a cell', () => makeXlsx({ rows: cell('A1') })],
  [
    'a shared string',
    () => makeXlsx({ strings: `<si><t>${WORDS}</t></si>`, rows: '<row><c t="s"><v>0</v></c></row>' }),
  ],
  [
    'a rich shared string',
    () =>
      makeXlsx({
        strings: '<si><r><t>Employment rate </t></r><r><rPr><b/></rPr><t>at 74.0 per cent</t></r></si>',
        rows: '<row><c t="s"><v>0</v></c></row>',
      }),
  ],
  ['a shared string that no cell shows', () => makeXlsx({ strings: `<si><t>${WORDS}</t></si>` })],
  ['a hidden sheet', () => makeXlsx({ sheetState: 'hidden', rows: cell('A1') })],
  ['a very hidden sheet', () => makeXlsx({ sheetState: 'veryHidden', rows: cell('A1') })],
  ['a hidden row', () => makeXlsx({ rows: cell('A1').replace('<row ', '<row hidden="1" ') })],
  [
    'a hidden column',
    () => makeXlsx({ head: '<cols><col min="1" max="1" width="9" hidden="1"/></cols>', rows: cell('A1') }),
  ],
  [
    'a column of no width',
    () => makeXlsx({ head: '<cols><col min="1" max="1" width="0" customWidth="1"/></cols>', rows: cell('A1') }),
  ],
  [
    'white letters on white',
    () =>
      makeXlsx({
        styles:
          '<fonts><font/><font><color rgb="FFFFFFFF"/></font></fonts><fills><fill><patternFill patternType="none"/></fill></fills><cellXfs><xf/><xf fontId="1" fillId="0"/></cellXfs>',
        rows: cell('A1', 1),
      }),
  ],
  [
    'a format that shows nothing',
    () =>
      makeXlsx({
        styles:
          '<numFmts><numFmt numFmtId="170" formatCode=";;;"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs>',
        rows: cell('A1', 1),
      }),
  ],
  ['a formula’s kept value', () => makeXlsx({ rows: `<row><c t="str"><f>A2</f><v>${WORDS}</v></c></row>` })],
  ['a text inside a formula', () => makeXlsx({ rows: `<row><c><f>IF(A2,"${WORDS}",1)</f><v>1</v></c></row>` })],
  [
    'a sheet’s header',
    () =>
      makeXlsx({ tail: `<headerFooter><oddHeader>&amp;C&amp;"Arial,Bold"&amp;12${WORDS}</oddHeader></headerFooter>` }),
  ],
  [
    'a sheet’s footer',
    () => makeXlsx({ tail: `<headerFooter><evenFooter>&amp;L${WORDS}&amp;RPage &amp;P</evenFooter></headerFooter>` }),
  ],
  [
    'a validation message',
    () => makeXlsx({ tail: `<dataValidations><dataValidation prompt="${WORDS}"/></dataValidations>` }),
  ],
  [
    'a defined name',
    () => makeXlsx({ workbook: `<definedNames><definedName name="x">"${WORDS}"</definedName></definedNames>` }),
  ],
  [
    'a hyperlink’s tooltip',
    () => makeXlsx({ tail: `<hyperlinks><hyperlink ref="A1" tooltip="${WORDS}"/></hyperlinks>` }),
  ],
  [
    'a comment',
    () =>
      makeXlsx({
        sheetLinks: { r1: ['comments', '../comments1.xml'] },
        more: {
          'xl/comments1.xml': `<comments><commentList><comment ref="A1"><text><r><t>${WORDS}</t></r></text></comment></commentList></comments>`,
        },
      }),
  ],
  [
    'a threaded comment',
    () =>
      makeXlsx({
        sheetLinks: { r1: ['threadedComment', '../threadedComments/t1.xml'] },
        more: {
          'xl/threadedComments/t1.xml': `<ThreadedComments><threadedComment ref="A1"><text>${WORDS}</text></threadedComment></ThreadedComments>`,
        },
      }),
  ],
  [
    'a text box on a sheet',
    () =>
      makeXlsx({
        sheetLinks: { r1: ['drawing', '../drawings/d.xml'] },
        more: { 'xl/drawings/d.xml': `<xdr:wsDr>${drawn}</xdr:wsDr>` },
      }),
  ],
  [
    'the alt text of a picture on a sheet',
    () =>
      makeXlsx({
        sheetLinks: { r1: ['drawing', '../drawings/d.xml'] },
        more: { 'xl/drawings/d.xml': `<xdr:wsDr><xdr:cNvPr id="2" name="P" descr="${WORDS}"/></xdr:wsDr>` },
      }),
  ],
  [
    'an old text box',
    () =>
      makeXlsx({
        sheetLinks: { r1: ['vmlDrawing', '../drawings/v.vml'] },
        more: {
          'xl/drawings/v.vml': `<xml><v:shape><v:textbox><div><font>${WORDS}</font></div><br></v:textbox></v:shape></xml>`,
        },
      }),
  ],
  [
    'a pivot cache’s items',
    () =>
      makeXlsx({
        more: {
          'xl/pivotCache/pivotCacheDefinition1.xml': `<pivotCacheDefinition><cacheFields><cacheField name="n"><sharedItems><s v="${WORDS}"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>`,
        },
      }),
  ],
  [
    'a pivot cache’s records',
    () =>
      makeXlsx({
        more: {
          'xl/pivotCache/pivotCacheRecords1.xml': `<pivotCacheRecords><r><s v="${WORDS}"/><n v="1"/></r></pivotCacheRecords>`,
        },
      }),
  ],
  [
    'an external link’s cache',
    () =>
      makeXlsx({
        more: {
          'xl/externalLinks/externalLink1.xml': `<externalLink><externalBook><sheetDataSet><sheetData><row><cell r="A1" t="str"><v>${WORDS}</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>`,
        },
      }),
  ],
  [
    'a connection’s command',
    () =>
      makeXlsx({
        more: {
          'xl/connections.xml': `<connections><connection name="q"><dbPr command="${WORDS}"/></connection></connections>`,
        },
      }),
  ],
  [
    'a chart’s kept values',
    () =>
      makeXlsx({
        more: { 'xl/charts/chart1.xml': `<c:chart><c:ser><c:tx><c:v>${WORDS}</c:v></c:tx></c:ser></c:chart>` },
      }),
  ],
  [
    'a workbook’s properties',
    () =>
      makeXlsx({
        more: {
          'docProps/core.xml': `<cp:coreProperties><dc:description>${WORDS}</dc:description></cp:coreProperties>`,
        },
      }),
  ],
  [
    'a custom property',
    () =>
      makeXlsx({
        more: {
          'docProps/custom.xml': `<Properties><property name="x"><vt:lpwstr>${WORDS}</vt:lpwstr></property></Properties>`,
        },
      }),
  ],
  ['custom XML', () => makeXlsx({ more: { 'customXml/item1.xml': `<data><row value="${WORDS}"/></data>` } })],
  [
    'a part of a kind nobody knows',
    () => makeXlsx({ more: { 'xl/newThing/thing1.xml': `<thing><deep>${WORDS}</deep></thing>` } }),
  ],
  ['an XML comment between rows', () => makeXlsx({ rows: `<!-- ${WORDS} --><row><c><v>1</v></c></row>` })],
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

describe('text hidden in an office file is found', () => {
  it.each(places)('in %s', async (_, file) => {
    const opened = await openBytes(file(), { name: 'file' });
    expect(allText(opened).replace(/\s+/g, ' ')).toContain(WORDS);
    expect(incompleteParts(opened)).toEqual([]);
  });
});

describe('the records behind a pivot table', () => {
  it('are a hidden table under the names of their fields', async () => {
    const records = Array.from({ length: 60 }, (_, at) => `<r><x v="${at % 2}"/><n v="${at}"/></r>`).join('');
    const fields =
      '<cacheField name="POSTCODE"><sharedItems><s v="AA1 1AA"/><s v="AB1 1AB"/></sharedItems></cacheField><cacheField name="AGE1"><sharedItems/></cacheField>';
    const opened = await openBytes(
      makeXlsx({
        bookLinks: { p1: ['pivotCacheDefinition', 'pivotCache/d.xml'] },
        more: {
          'xl/pivotCache/d.xml': `<pivotCacheDefinition><cacheFields>${fields}</cacheFields></pivotCacheDefinition>`,
          'xl/pivotCache/_rels/d.xml.rels': rels({ r1: ['pivotCacheRecords', 'r.xml'] }),
          'xl/pivotCache/r.xml': `<pivotCacheRecords>${records}</pivotCacheRecords>`,
        },
      }),
    );
    const table = opened.parts.find((part) => part.path.endsWith('pivot cache 1'))?.content;
    expect(table).toMatchObject({
      kind: 'table',
      table: { rows: 61, columns: 2, header: ['POSTCODE', 'AGE1'], hidden: true },
    });
    expect(allText(opened)).toContain('AB1 1AB\t59');
  });
});

describe('a table says that it hides data', () => {
  const hiding = [
    'a hidden sheet',
    'a very hidden sheet',
    'a hidden row',
    'a hidden column',
    'a column of no width',
    'white letters on white',
    'a format that shows nothing',
  ];
  it.each(places.filter(([place]) => hiding.includes(place)))('in %s', async (_, file) => {
    const opened = await openBytes(file());
    const table = opened.parts.find((part) => part.content.kind === 'table')?.content;
    expect(table).toMatchObject({ kind: 'table', table: { hidden: true } });
  });

  it('and a plain one does not', async () => {
    const opened = await openBytes(makeXlsx({ rows: cell('A1') }));
    const table = opened.parts.find((part) => part.content.kind === 'table')?.content;
    expect(table).toMatchObject({ kind: 'table', table: { hidden: false } });
  });
});
