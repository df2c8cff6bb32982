import { incompleteParts } from '../../src/core/part.ts';
import { makeDocx, makeOdf, makeXlsx } from './make-office.ts';
import { makeZip } from './make-zip.ts';
import { allText, openBytes } from './open-bytes.ts';

const reasons = async (bytes: Uint8Array): Promise<readonly string[]> =>
  incompleteParts(await openBytes(bytes)).map((part) => part.reason);
const workbook = (): Buffer => makeXlsx({ rows: '<row r="1"><c r="A1"><v>74</v></c></row>' });

describe('an office file that cannot be read whole is never complete', () => {
  it.each([
    [
      'a sheet that expands a thousand times',
      makeXlsx({ rows: `<row><c><v>1</v></c></row>${' '.repeat(30 << 20)}` }),
      'too-large',
    ],
    ['a document that expands a thousand times', makeDocx({ body: `<w:p/>${' '.repeat(30 << 20)}` }), 'too-large'],
    [
      'an entry that claims to be smaller than it is',
      makeZip([{ name: 'a.txt', content: 'words'.repeat(99), claimedSize: 4 }]),
      'corrupt',
    ],
    [
      'an entry that claims to be larger than memory',
      makeZip([{ name: 'a.txt', content: 'words', claimedSize: 0xfffffff0 }]),
      'corrupt',
    ],
    ['an encrypted entry', makeZip([{ name: 'a.txt', content: 'words', flags: 1 }]), 'encrypted'],
    ['a workbook that is cut off', workbook().subarray(0, 900), 'corrupt'],
    [
      'a workbook whose sheet is missing',
      makeZip([
        { name: 'xl/workbook.xml', content: '<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>' },
      ]),
      'corrupt',
    ],
    [
      'a sheet that is cut off',
      makeXlsx({
        more: { 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row><c><v>1</v></c></row><row><c><v>2' },
      }),
      'corrupt',
    ],
    [
      'XML that declares entities',
      makeDocx({
        more: {
          'word/document.xml':
            '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><w:document><w:p><w:t>&b;</w:t></w:p></w:document>',
        },
      }),
      'corrupt',
    ],
    [
      'an encrypted OpenDocument file',
      makeOdf('text', '', {
        'META-INF/manifest.xml': '<manifest><file-entry><encryption-data/></file-entry></manifest>',
      }),
      'encrypted',
    ],
    [
      'a workbook’s data model',
      makeXlsx({ more: { 'xl/model/item.data': '\u0001\u0002\u0003binary' } }),
      'unsupported',
    ],
  ])('%s', async (_, bytes, reason) => {
    expect(await reasons(bytes)).toContain(reason);
  });

  it('shows what came before a sheet broke off', async () => {
    const opened = await openBytes(
      makeXlsx({
        more: { 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row><c t="str"><v>seen</v></c></row><row><c><v>2' },
      }),
    );
    expect(allText(opened)).toContain('seen');
  });

  it('refuses entries that overlap, so that nothing is expanded twice', async () => {
    const zip = makeZip([
      { name: 'a', content: 'x'.repeat(9) },
      { name: 'b', content: 'x'.repeat(9) },
    ]);
    const directory = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    zip.writeUInt32LE(0, directory + 42);
    expect(await reasons(zip)).toEqual(['corrupt']);
  });

  it.each([
    ['a tag that never ends', `<w:p ${'a'.repeat(3 << 20)}`],
    ['a value that never ends', `<w:p a="${'>'.repeat(3 << 20)}`],
    ['elements nested without end', '<w:p>'.repeat(200_000)],
    ['a text of brackets', `<w:p><w:t>${'&lt;'.repeat(500_000)}</w:t></w:p>`],
  ])('takes bounded time on %s', async (_, body) => {
    const started = performance.now();
    await openBytes(
      makeZip([
        { name: '[Content_Types].xml', content: '<Types/>' },
        { name: 'word/document.xml', content: body },
      ]),
      {
        limits: { ratio: 100_000 },
      },
    );
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('counts a row that repeats a million times without making a million of it in the text', async () => {
    const row =
      '<table:table-row table:number-rows-repeated="1000000"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>';
    const opened = await openBytes(makeOdf('spreadsheet', `<table:table table:name="S">${row}</table:table>`));
    const table = opened.parts.find((part) => part.content.kind === 'table')?.content;
    expect(table).toMatchObject({ table: { rows: 1_000_000 } });
    expect(allText(opened).length).toBeLessThan(10_000);
  });
});
