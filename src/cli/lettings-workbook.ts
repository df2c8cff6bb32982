import { writeZip } from './write-zip.ts';

/**
 * Makes a record-level workbook of social lettings for trials: the shape of the file of July 2017, with nothing real in it.
 *
 * Postcodes are of districts that do not exist; landlords and tenancy codes are invented; equal seeds give equal bytes.
 */
export function makeLettingsWorkbook(rows: number, seed: number): Promise<Buffer> {
  return writeZip({ ...PACKAGE, 'xl/worksheets/sheet1.xml': sheetXml(rows, seed) }, 1);
}

const OOXML = 'http://schemas.openxmlformats.org';
const PACKAGE: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `<Types xmlns="${OOXML}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${OOXML}/package/2006/relationships"><Relationship Id="r1" Type="${OOXML}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${OOXML}/spreadsheetml/2006/main" xmlns:r="${OOXML}/officeDocument/2006/relationships"><sheets><sheet name="AR_GN_1617" sheetId="1" r:id="r1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${OOXML}/package/2006/relationships"><Relationship Id="r1" Type="${OOXML}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};

type Cell = string | number;
type Draw = (below: number) => number;

/** Column names are those of the old CORE forms and their derived block. */
const COLUMNS: readonly (readonly [name: string, cell: (draw: Draw, row: number) => Cell])[] = [
  ['TENANCYCODE', (draw, row) => `T${String(row).padStart(6, '0')}${draw(10)}`],
  ['OWNINGORGID', (draw) => 2000 + draw(180)],
  ['LETTYPE', (draw) => (draw(10) < 9 ? 5 : 7)],
  ['POSTCODE', (draw) => `${pick(draw, ['OX', 'NR', 'YO', 'TQ', 'IP'])}${60 + draw(10)}`],
  ['POSTCOD2', (draw) => `${draw(10)}${letter(draw)}${letter(draw)}`],
  ['AGE1', (draw) => 18 + draw(70)],
  ['SEX1', (draw) => pick(draw, ['M', 'F'])],
  ['ETHNIC', (draw) => 1 + draw(17)],
  ['NATIONAL', (draw) => 1 + draw(3)],
  ['ECSTAT1', (draw) => draw(11)],
  ['AGE2', (draw) => (draw(3) === 0 ? draw(80) : -9)],
  ['SEX2', (draw) => pick(draw, ['M', 'F', ''])],
  ['ECSTAT2', (draw) => draw(11)],
  ['AGE3', (draw) => (draw(4) === 0 ? draw(60) : -9)],
  ['SEX3', (draw) => pick(draw, ['M', 'F', ''])],
  ['HHMEMB', (draw) => 1 + draw(6)],
  ['HHTYPE', (draw) => pick(draw, [1, 2, 3, 4, 5, 6, 9])],
  ['PREVTEN', (draw) => pick(draw, [3, 4, 6, 7, 10, 28, 29, 30, 31])],
  ['REFERRAL', (draw) => pick(draw, [1, 2, 3, 4, 7, 8, 9, 10, 12, 13, 14, 15])],
  ['REASON', (draw) => pick(draw, [1, 2, 8, 9, 17, 28, 31, 45, 46])],
  ['ILLNESS', (draw) => 1 + draw(3)],
  ['PREG_OCC', (draw) => 1 + draw(3)],
  ['BEDS', (draw) => 1 + draw(5)],
  ['PROPERTY_RELET', (draw) => draw(2)],
  ['STARTDATE', (draw) => 42461 + draw(365)],
  ['VOIDDATE', (draw) => 42400 + draw(365)],
  ['EARNINGS', (draw) => 40 + draw(600)],
  ['HB', (draw) => pick(draw, [1, 3, 6, 9])],
  ['BRENT', (draw) => (6000 + draw(14_000)) / 100],
  ['SCHARGE', (draw) => draw(2500) / 100],
  ['WRENT', (draw) => (6000 + draw(16_000)) / 100],
  ['LA', (draw) => `E0700${String(8 + draw(180)).padStart(4, '0')}`],
];

function pick<T extends Cell>(draw: Draw, from: readonly T[]): Cell {
  return from[draw(from.length)] ?? '';
}

function letter(draw: Draw): string {
  const letters = 'ABDEFGHJLNPQRSTUWXYZ';
  return letters.charAt(draw(letters.length));
}

/** Park–Miller: good enough for made-up rows, and the same everywhere. */
function drawFrom(seed: number): Draw {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function* sheetXml(rows: number, seed: number): Iterable<string> {
  const draw = drawFrom(seed);
  yield `<worksheet xmlns="${OOXML}/spreadsheetml/2006/main"><sheetData>`;
  yield rowXml(
    1,
    COLUMNS.map(([name]) => name),
  );
  for (let row = 1; row <= rows; row += 1)
    yield rowXml(
      row + 1,
      COLUMNS.map(([, cell]) => cell(draw, row)),
    );
  yield '</sheetData></worksheet>';
}

function rowXml(number: number, cells: readonly Cell[]): string {
  const inner = cells.map((cell) =>
    typeof cell === 'number' ? `<c><v>${cell}</v></c>` : `<c t="inlineStr"><is><t>${cell}</t></is></c>`,
  );
  return `<row r="${number}">${inner.join('')}</row>`;
}
