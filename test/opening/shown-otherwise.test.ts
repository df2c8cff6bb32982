import { utils, write } from '@e965/xlsx';
import { readPropertySet } from '../../src/extract/property-set.ts';
import { makeDocx, makeOdf, makeXlsx } from './make-office.ts';
import { openBytes, textByPath } from './open-bytes.ts';

const styles = (code: string): string =>
  `<numFmts><numFmt numFmtId="170" formatCode="${code}"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs>`;
const row = (cells: string, at = 1): string => `<row r="${at}">${cells}</row>`;
const number = (value: string, style = 1): string => `<c r="A1" s="${style}"><v>${value}</v></c>`;
const odsCell = (attributes: string, shown: string): string =>
  `<table:table table:name="Rents"><table:table-row><table:table-cell ${attributes}><text:p>${shown}</text:p></table:table-cell></table:table-row></table:table>`;
const formula = (reference: string, text: string): string => `<c r="${reference}"><f>${text}</f><v>1</v></c>`;

/** An old workbook; SheetJS, which opens it, writes it as well. */
function makeXls(value: number, format: string): Buffer {
  const sheet = utils.aoa_to_sheet([[{ v: value, t: 'n', z: format }]]);
  return write({ SheetNames: ['Data'], Sheets: { Data: sheet } }, { type: 'buffer', bookType: 'biff8' });
}

describe('Numbers that are shown otherwise than they are', () => {
  it.each<[what: string, file: () => Buffer, path: string, told: string]>([
    ['rounded by a format', () => makeXlsx({ styles: styles('0.0'), rows: row(number('74.0449')) }), 'Data', '74.0449'],
    ['in units', () => makeXlsx({ styles: styles('0,'), rows: row(number('1234567')) }), 'Data', '1234567'],
    [
      'rounded by the program',
      () => makeXlsx({ rows: row(number('0.0949644834629023', 0)) }),
      'Data',
      '0.0949644834629023',
    ],
    ['in a workbook of 2003', () => makeXls(74.0449, '0.0'), 'Data', '74.0449'],
    ['in OpenDocument', () => makeOdf('spreadsheet', odsCell('office:value="74.0449"', '74')), '', '74.0449'],
  ])('are told in full: %s', async (_what, file, path, told) => {
    const text = textByPath(await openBytes(file()));
    expect(text[`file › ${path === '' ? '' : `${path} `}exact values`]).toBe(told);
  });

  it.each<[what: string, file: () => Buffer]>([
    ['signs between the digits', () => makeXlsx({ styles: styles('#,##0'), rows: row(number('4488')) })],
    ['a date', () => makeXlsx({ styles: styles('dd/mm/yy'), rows: row(number('42381')) })],
    ['a comma before the decimals', () => makeOdf('spreadsheet', odsCell('office:value="0.5"', '0,5'))],
  ])('are not told again for %s', async (_what, file) => {
    expect(Object.keys(textByPath(await openBytes(file()))).filter((path) => path.endsWith('exact values'))).toEqual(
      [],
    );
  });

  it.each<[what: string, file: () => Buffer, told: string]>([
    ['a number', () => makeXlsx({ styles: styles('#,##0'), rows: row(number('4488')) }), '4488'],
    ['a date', () => makeXlsx({ styles: styles('dd/mm/yy'), rows: row(number('42381')) }), '2016-01-12'],
    [
      'a date of OpenDocument',
      () => makeOdf('spreadsheet', odsCell('office:date-value="2016-01-12"', '12/01/16')),
      '2016-01-12',
    ],
    [
      'a date of the reader’s own form',
      () => makeXlsx({ styles: '<cellXfs><xf/><xf numFmtId="14"/></cellXfs>', rows: row(number('42381')) }),
      '1/12/16',
    ],
    ['such a date in a workbook of 2003', () => makeXls(42_381, 'm/d/yy'), '1/12/16'],
  ])('stand in both forms where every cell is asked for: %s', async (_what, file, told) => {
    const text = textByPath(await openBytes(file(), { everyCell: true }));
    expect(Object.entries(text).find(([path]) => path.endsWith('exact values'))?.[1]).toBe(told);
  });

  it('counts days from 1904 though Excel repeats the properties among its extensions', async () => {
    const workbook = '<workbookPr date1904="1"/><extLst><ext><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>';
    const text = textByPath(
      await openBytes(makeXlsx({ workbook, styles: styles('yyyy-mm-dd'), rows: row(number('41331')) })),
    );
    expect(text['file › Data']).toBe('2017-02-27');
  });
});

describe('What a cell or a field asks for', () => {
  it('shows formulas, and one of those that are copied down', async () => {
    const rows = [1, 2, 3].map((at) =>
      row(formula(`A${at}`, `B${at}*1.05`) + formula(`C${at}`, `B${at}*1.0${at}`), at),
    );
    const text = textByPath(await openBytes(makeXlsx({ rows: rows.join('') })));
    expect(text['file › Data formulas']?.split('\n')).toEqual(['B1*1.05', 'B1*1.01', 'B2*1.02', 'B3*1.03']);
  });

  it('shows the formulas of OpenDocument', async () => {
    const text = textByPath(await openBytes(makeOdf('spreadsheet', odsCell('table:formula="of:=[.B1]*1.05"', '1'))));
    expect(text['file › asides']).toContain('of:=[.B1]*1.05');
  });

  it('shows the day and the form of a date field, and the form of a text field', async () => {
    const body =
      '<w:sdt><w:sdtPr><w:date w:fullDate="2016-01-12T00:00:00Z"><w:dateFormat w:val="d MMM"/></w:date></w:sdtPr><w:sdtContent><w:p><w:r><w:t>12 Jan</w:t></w:r></w:p></w:sdtContent></w:sdt>' +
      '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:entryMacro w:val="OnEntry"/><w:textInput><w:format w:val="TITLE CASE"/></w:textInput></w:ffData></w:fldChar></w:r></w:p>';
    const text = textByPath(await openBytes(makeDocx({ body })));
    expect(text['file › asides']?.split('\n')).toEqual(['2016-01-12T00:00:00Z', 'd MMM', 'OnEntry', 'TITLE CASE']);
  });
});

it('reads a list of properties whose strings stand side by side, as Office writes them', () => {
  const string = (text: string): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(text.length + 1);
    return Buffer.concat([head, Buffer.from(`${text}\0`)]);
  };
  const value = Buffer.concat([
    Buffer.from([0x1e, 0x10, 0, 0, 3, 0, 0, 0]),
    ...['rents', 'groups', 'text'].map(string),
  ]);
  const section = Buffer.alloc(16);
  section.writeUInt32LE(16 + value.length, 0);
  section.writeUInt32LE(1, 4);
  section.writeUInt32LE(13, 8);
  section.writeUInt32LE(16, 12);
  const head = Buffer.alloc(48);
  head.writeUInt16LE(0xfffe, 0);
  head.writeUInt32LE(1, 24);
  Buffer.from('02d5cdd59c2e1b10939708002b2cf9ae', 'hex').copy(head, 28);
  head.writeUInt32LE(48, 44);
  expect(readPropertySet(Buffer.concat([head, section, value]))).toEqual(['parts: rents\ngroups\ntext']);
});
