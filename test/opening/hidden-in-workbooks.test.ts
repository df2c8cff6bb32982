import { incompleteParts } from '../../src/core/part.ts';
import { makeXlsx, rels } from './make-office.ts';
import { allText, openBytes, textByPath } from './open-bytes.ts';

/** Words planted in each place; no other part of a fixture says them. */
const WORDS = 'Employment rate at 74.0 per cent';
const cell = (reference: string, style = 0): string =>
  `<row r="1"><c r="${reference}" s="${style}" t="inlineStr"><is><t>${WORDS}</t></is></c></row>`;
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
  ['a row of no height', () => makeXlsx({ rows: cell('A1').replace('<row ', '<row ht="0" customHeight="1" ') })],
  ['rows hidden by default', () => makeXlsx({ head: '<sheetFormatPr zeroHeight="1"/>', rows: cell('A1') })],
  [
    'a row that a filter leaves out',
    () =>
      makeXlsx({
        rows: cell('A1').replace('<row ', '<row hidden="1" '),
        tail: '<autoFilter ref="A1:A9"><filterColumn colId="0"><filters><filter val="x"/></filters></filterColumn></autoFilter>',
      }),
  ],
  ['a collapsed group', () => makeXlsx({ rows: cell('A1').replace('<row ', '<row outlineLevel="1" hidden="1" ') })],
  [
    'letters of the colour behind them',
    () =>
      makeXlsx({
        styles:
          '<fonts><font/><font><color rgb="FF1D70B8"/></font></fonts><fills><fill/><fill/><fill><patternFill patternType="solid"><fgColor rgb="FF1D70B8"/></patternFill></fill></fills><cellXfs><xf/><xf fontId="1" fillId="2"/></cellXfs>',
        rows: cell('A1', 1),
      }),
  ],
  [
    'a list of allowed values',
    () =>
      makeXlsx({
        tail: `<dataValidations><dataValidation type="list"><formula1>"x,${WORDS}"</formula1></dataValidation></dataValidations>`,
      }),
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
    'what a filter picks',
    () =>
      makeXlsx({
        tail: `<autoFilter><filterColumn><filters><filter val="${WORDS}"/></filters></filterColumn></autoFilter>`,
      }),
  ],
  [
    'a sheet in UTF-16',
    () =>
      makeXlsx({
        more: {
          'xl/worksheets/sheet1.xml': Buffer.from(
            `\ufeff<worksheet><sheetData>${cell('A1')}</sheetData></worksheet>`,
            'utf16le',
          ),
        },
      }),
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
];

describe('text hidden in a workbook is found', () => {
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
    'a row of no height',
    'rows hidden by default',
    'a row that a filter leaves out',
    'a collapsed group',
    'letters of the colour behind them',
    'white letters on white',
    'a format that shows nothing',
  ];
  it.each(places.filter(([place]) => hiding.includes(place)))('in %s', async (_, file) => {
    const opened = await openBytes(file());
    const table = opened.parts.find((part) => part.content.kind === 'table')?.content;
    expect(table).toMatchObject({ kind: 'table', table: { hidden: true } });
  });

  it.each([
    ['a hidden sheet', "sheet 'Data' (hidden)"],
    ['a very hidden sheet', "sheet 'Data' (very hidden)"],
    ['a hidden row', 'rows 1 hidden'],
    ['a collapsed group', 'rows 1 hidden'],
    ['a hidden column', 'columns A hidden'],
    ['a column of no width', 'columns A hidden'],
    ['white letters on white', '1 cells whose format shows nothing'],
  ])('and in words: %s', async (place, words) => {
    const file = places.find(([name]) => name === place)?.[1] ?? (() => Buffer.alloc(0));
    expect(textByPath(await openBytes(file()))['file › Data hidden']).toBe(words);
  });

  it('and a plain one does not', async () => {
    const opened = await openBytes(makeXlsx({ rows: cell('A1') }));
    const table = opened.parts.find((part) => part.content.kind === 'table')?.content;
    expect(table).toMatchObject({ kind: 'table', table: { hidden: false } });
  });
});

describe('a data model', () => {
  it('is incomplete, and never clean', async () => {
    const opened = await openBytes(makeXlsx({ more: { 'xl/model/item.data': Buffer.alloc(64, 7) } }));
    expect(incompleteParts(opened).map(({ reason }) => reason)).toEqual(['unsupported']);
  });
});
