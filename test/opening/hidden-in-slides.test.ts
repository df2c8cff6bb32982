import { incompleteParts } from '../../src/core/part.ts';
import { makePptx, makeXlsx, rels } from './make-office.ts';
import { allText, openBytes } from './open-bytes.ts';

const run = (text: string): string => `<a:r><a:t>${text}</a:t></a:r>`;
const shape = (text: string): string => `<p:sp><p:txBody><a:p>${text}</a:p></p:txBody></p:sp>`;
const chart =
  '<c:chartSpace><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Rents by </a:t></a:r><a:r><a:t>month</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:f>S!A2</c:f><c:strCache><c:pt idx="0"><c:v>Council</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>March</c:v></c:pt><c:pt idx="1"><c:v>April</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:formatCode>0.0%</c:formatCode><c:pt idx="0"><c:v>0.745</c:v></c:pt><c:pt idx="1"><c:v>0.75</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>';
const cell = '<row><c><v>1</v></c></row>';

const cases: readonly (readonly [what: string, file: () => Buffer, shown: readonly string[]])[] = [
  [
    'a sentence over runs, fields and a line break on a slide',
    () =>
      makePptx({
        slide: shape(
          `${run('The ')}${run('rate ')}<a:fld type="datetime"><a:t>now</a:t></a:fld>${run(' was')}<a:br/>${run('74.0')}`,
        ),
      }),
    ['The rate now was 74.0'],
  ],
  [
    'a table on a slide, a row a line',
    () =>
      makePptx({
        slide: `<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p>${run('North')}</a:p></a:txBody></a:tc><a:tc><a:txBody><a:p>${run('412')}</a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>`,
      }),
    ['North 412'],
  ],
  [
    'who made a comment on a slide',
    () =>
      makePptx({
        links: { r1: ['comments', '../comments/c1.xml'] },
        more: {
          'ppt/_rels/presentation.xml.rels': rels({
            r1: ['slide', 'slides/slide1.xml'],
            r2: ['commentAuthors', 'commentAuthors.xml'],
          }),
          'ppt/commentAuthors.xml':
            '<p:cmAuthorLst><p:cmAuthor id="4" name="Bloggs, Jo B." initials="JBB"/></p:cmAuthorLst>',
          'ppt/comments/c1.xml': '<p:cmLst><p:cm authorId="4" idx="1"><p:text>too early</p:text></p:cm></p:cmLst>',
        },
      }),
    ['Bloggs, Jo B. (JBB): too early'],
  ],
  [
    'a comment of later versions, and the answer to it',
    () =>
      makePptx({
        links: { r1: ['comments', '../comments/modernComment1.xml'] },
        more: {
          'ppt/_rels/presentation.xml.rels': rels({
            r1: ['slide', 'slides/slide1.xml'],
            r2: ['authors', 'authors.xml'],
          }),
          'ppt/authors.xml':
            '<p188:authorLst><p188:author id="{A}" name="Jo Bloggs"/><p188:author id="{B}" name="Ann Other"/></p188:authorLst>',
          'ppt/comments/modernComment1.xml': `<p188:cmLst><p188:cm authorId="{A}"><p188:replyLst><p188:reply authorId="{B}"><p188:txBody><a:p>${run('not before noon')}</a:p></p188:txBody></p188:reply></p188:replyLst><p188:txBody><a:p>${run('send it?')}</a:p></p188:txBody></p188:cm></p188:cmLst>`,
        },
      }),
    ['Jo Bloggs: send it?', 'Ann Other: not before noon'],
  ],
  [
    'links of words, and of what the pointer rests on',
    () =>
      makePptx({ links: { r1: ['hyperlink', 'http://a.example/click'], r2: ['hyperlink', 'http://a.example/hover'] } }),
    ['http://a.example/click', 'http://a.example/hover'],
  ],
  [
    'notes with their header and footer, masters for notes and handouts',
    () =>
      makePptx({
        links: { r1: ['notesSlide', '../notesSlides/n.xml'] },
        more: {
          'ppt/notesSlides/n.xml': `<p:notes>${shape(run('Header of notes'))}${shape(run('what to say'))}</p:notes>`,
          'ppt/notesMasters/m.xml': `<p:notesMaster>${shape(run('on every note'))}</p:notesMaster>`,
          'ppt/handoutMasters/h.xml': `<p:handoutMaster>${shape(run('on every handout'))}</p:handoutMaster>`,
        },
      }),
    ['Header of notes', 'what to say', 'on every note', 'on every handout'],
  ],
  [
    'the text of the master that shows',
    () =>
      makePptx({
        more: {
          'ppt/slideMasters/slideMaster1.xml': `<p:sldMaster>${shape(run('Text from the master'))}</p:sldMaster>`,
        },
      }),
    ['Text from the master'],
  ],
  [
    'names of sections, shows and tags',
    () =>
      makePptx({
        more: {
          'ppt/presentation.xml':
            '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst><p:custShowLst><p:custShow name="Short show"/></p:custShowLst><p:extLst><p14:sectionLst><p14:section name="Embargoed part"/></p14:sectionLst></p:extLst></p:presentation>',
          'ppt/tags/tag1.xml': '<p:tagLst><p:tag name="CLIENT" val="Treasury"/></p:tagLst>',
        },
      }),
    ['Short show', 'Embargoed part', 'CLIENT Treasury'],
  ],
  [
    'groups of shapes, words as art, a formula',
    () =>
      makePptx({
        slide: `<p:grpSp><p:grpSpPr/>${shape(run('Text box1'))}<p:grpSp>${shape(run('WordArt1'))}</p:grpSp></p:grpSp><mc:AlternateContent><mc:Choice><p:sp><p:txBody><a:p><a14:m><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></a14:m></a:p></p:txBody></p:sp></mc:Choice></mc:AlternateContent>`,
      }),
    ['Text box1', 'WordArt1', 'x=1'],
  ],
  [
    'a chart: title over runs, series, axis side by side, values as shown',
    () => makePptx({ more: { 'ppt/charts/chart1.xml': chart } }),
    ['Rents by month', 'Council', 'March April', 'March 74.5%'],
  ],
  [
    'SmartArt, each point a line',
    () =>
      makePptx({
        more: {
          'ppt/diagrams/data1.xml': `<dgm:dataModel><dgm:ptLst><dgm:pt><dgm:t><a:p>${run('Presi')}${run('dent')}</a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>`,
        },
      }),
    ['President'],
  ],
  [
    'a chart of a workbook',
    () => makeXlsx({ rows: cell, more: { 'xl/charts/chart1.xml': chart } }),
    ['March April', 'Council'],
  ],
  [
    'who wrote a comment on a cell',
    () =>
      makeXlsx({
        rows: cell,
        sheetLinks: { r1: ['comments', '../comments1.xml'] },
        more: {
          'xl/comments1.xml':
            '<comments><authors><author>Jo Bloggs</author><author>Ann Other</author></authors><commentList><comment ref="A1" authorId="1"><text><r><t>check </t></r><r><t>this</t></r></text></comment></commentList></comments>',
        },
      }),
    ['Ann Other: check this', 'Jo Bloggs'],
  ],
  [
    'who wrote a threaded comment, and who answered',
    () =>
      makeXlsx({
        rows: cell,
        bookLinks: { r9: ['person', 'persons/person.xml'] },
        sheetLinks: { r1: ['threadedComment', '../threadedComments/t1.xml'] },
        more: {
          'xl/persons/person.xml': '<personList><person displayName="Jo Bloggs" id="{1}"/></personList>',
          'xl/threadedComments/t1.xml':
            '<ThreadedComments><threadedComment ref="A1" personId="{1}"><text>which rate?</text></threadedComment></ThreadedComments>',
        },
      }),
    ['Jo Bloggs: which rate?'],
  ],
  [
    'where the workbook was kept',
    () =>
      makeXlsx({
        rows: cell,
        workbook:
          '<mc:AlternateContent><mc:Choice><x15ac:absPath url="C:\\Users\\jo\\Embargoed\\"/></mc:Choice></mc:AlternateContent>',
      }),
    ['C:\\Users\\jo\\Embargoed\\'],
  ],
  [
    'a form’s list, a control’s caption',
    () =>
      makeXlsx({
        rows: cell,
        more: {
          'xl/ctrlProps/ctrlProp1.xml':
            '<formControlPr objectType="Drop"><itemLst><item val="Rented"/></itemLst></formControlPr>',
          'xl/activeX/activeX1.xml': '<ax:ocx><ax:ocxPr ax:name="Caption" ax:value="Release now"/></ax:ocx>',
        },
      }),
    ['Rented', 'Caption Release now'],
  ],
  [
    'what a scenario would fill in',
    () =>
      makeXlsx({
        rows: cell,
        tail: '<scenarios><scenario name="High case" comment="if rates rise"><inputCells r="A1" val="1234.5"/></scenario></scenarios>',
      }),
    ['High case', 'if rates rise', '1234.5'],
  ],
  [
    'the parts of a header and of a footer',
    () =>
      makeXlsx({
        rows: cell,
        tail: '<headerFooter><firstHeader>&amp;LLeft head&amp;C&amp;"Arial,Bold"&amp;12Mid head&amp;RRight head</firstHeader><evenFooter>&amp;L&amp;P of &amp;N&amp;REven foot</evenFooter></headerFooter>',
      }),
    ['Left head Mid head Right head', 'Even foot'],
  ],
];

describe('slides and what hangs on sheets are read as they show', () => {
  it.each(cases)('with %s', async (_, file, shown) => {
    const opened = await openBytes(file(), { name: 'file', everyCell: true });
    const text = allText(opened).replace(/\s+/g, ' ');
    for (const one of shown) expect(text).toContain(one);
    expect(incompleteParts(opened)).toEqual([]);
  });

  it('with a table of a slide as a table', async () => {
    const row = (cells: readonly string[]): string =>
      `<a:tr>${cells.map((one) => `<a:tc><a:txBody><a:p>${run(one.slice(0, 2))}${run(one.slice(2))}</a:p></a:txBody></a:tc>`).join('')}</a:tr>`;
    const rows = [
      ['Region', 'Homes'],
      ['North', '412'],
      ['South', '380'],
      ['East', '95'],
    ];
    const slide = `<p:graphicFrame><a:tbl>${rows.map(row).join('')}</a:tbl></p:graphicFrame>`;
    const opened = await openBytes(makePptx({ slide, attributes: ' show="0"' }), { name: 'a' });
    const table = opened.parts.find((part) => part.path === 'a › slide 1 table 1')?.content;
    expect(table).toMatchObject({
      kind: 'table',
      table: { rows: 4, columns: 2, header: ['Region', 'Homes'], hidden: true },
    });
  });
});
