import { type BookType, utils, write } from '@e965/xlsx';
import { recordLevel } from '../../src/detect/record-level.ts';
import { makeDocx, makePptx, makeXlsx, rels } from '../opening/make-office.ts';
import { makeSav } from '../opening/make-sav.ts';
import { makeZip } from '../opening/make-zip.ts';
import { makeLettings, toCsv } from './core-lettings.ts';
import type { Rows } from './made-up.ts';
import { aContext, messageOf } from './message-of.ts';

// The file of July 2017 in every kind of file that it may be in, or hidden in.

const rows = makeLettings(60, 2017);
const [names = [], ...records] = rows;
const xmlText = (cell: string) => cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function book(bookType: BookType, hidden = false): Buffer {
  const made = utils.book_new();
  utils.book_append_sheet(made, utils.aoa_to_sheet([['See the chart']]), 'Summary');
  utils.book_append_sheet(made, utils.aoa_to_sheet(rows.map((row) => [...row])), 'Sheet2');
  if (hidden) made.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 2 }] };
  return write(made, { type: 'buffer', bookType });
}

function pivotOnly(source: Rows): Buffer {
  const fields = names.map((name) => `<cacheField name="${xmlText(name)}"><sharedItems/></cacheField>`).join('');
  const cells = (row: readonly string[]) =>
    row.map((cell) => (cell === '' ? '<m/>' : `<s v="${xmlText(cell)}"/>`)).join('');
  return makeXlsx({
    workbook: '<pivotCaches><pivotCache cacheId="1" r:id="p1"/></pivotCaches>',
    bookLinks: { p1: ['pivotCacheDefinition', 'pivotCache/d.xml'] },
    more: {
      'xl/pivotCache/d.xml': `<pivotCacheDefinition><cacheFields>${fields}</cacheFields></pivotCacheDefinition>`,
      'xl/pivotCache/_rels/d.xml.rels': rels({ r1: ['pivotCacheRecords', 'r.xml'] }),
      'xl/pivotCache/r.xml': `<pivotCacheRecords>${source.map((row) => `<r>${cells(row)}</r>`).join('')}</pivotCacheRecords>`,
    },
  });
}

const workbook = book('xlsx');
const FILES: readonly (readonly [string, string, Uint8Array])[] = [
  ['a workbook', 'core.xlsx', workbook],
  ['an old workbook', 'core.xls', book('biff8')],
  ['a workbook of Excel 95', 'core.xls', book('biff5')],
  ['a binary workbook', 'core.xlsb', book('xlsb')],
  ['an OpenDocument spreadsheet', 'core.ods', book('ods')],
  ['a flat OpenDocument spreadsheet', 'core.fods', book('fods')],
  ['a sheet that Excel does not list', 'core.xlsx', book('xlsx', true)],
  ['the records behind a pivot table', 'core.xlsx', pivotOnly(records)],
  ['an SPSS file', 'core.sav', makeSav(names, records)],
  ['a zip file', 'core.zip', makeZip([{ name: 'core.csv', content: toCsv(rows) }])],
  [
    'a zip in a zip',
    'core.zip',
    makeZip([{ name: 'a.zip', content: makeZip([{ name: 'c.xlsx', content: workbook }]) }]),
  ],
  [
    'a letter',
    'letter.docx',
    makeDocx({
      body: '<w:p><w:r><w:t>See the chart.</w:t></w:r></w:p>',
      more: { 'word/embeddings/sheet.xlsx': workbook },
    }),
  ],
  ['slides', 'slides.pptx', makePptx({ more: { 'ppt/embeddings/sheet.xlsx': workbook } })],
];

describe('the file of July 2017', () => {
  it.each(FILES)('is known in %s', async (_, name, content) => {
    const findings = await recordLevel.detect(await messageOf(name, content), aContext());
    expect(findings).toContainEqual(
      expect.objectContaining({
        entry: 'core-lettings-2016-17',
        weight: 'protected',
        summary: expect.stringMatching(/^60 rows of lettings.*\d+ .*CORE social housing lettings/),
      }),
    );
  });
});
