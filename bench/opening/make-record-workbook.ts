import { writeZip } from '../../src/cli/write-zip.ts';

const OOXML = 'http://schemas.openxmlformats.org';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const COLUMNS = 120;
const WORDS = 60_000;

/**
 * Makes a record-level workbook as a spreadsheet program writes it: 120 columns, references and styles on every cell, shared
 * strings, and cells of many kinds, so that inflating it costs what it costs in an office. Equal seeds give equal bytes.
 */
export function makeRecordWorkbook(rows: number, seed: number): Promise<Buffer> {
  return writeZip(
    {
      '[Content_Types].xml': `<Types xmlns="${OOXML}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${TYPE}.sharedStrings+xml"/></Types>`,
      '_rels/.rels': `<Relationships xmlns="${OOXML}/package/2006/relationships"><Relationship Id="r1" Type="${OOXML}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      'xl/workbook.xml': `<workbook xmlns="${OOXML}/spreadsheetml/2006/main" xmlns:r="${OOXML}/officeDocument/2006/relationships"><sheets><sheet name="records" sheetId="1" r:id="r1"/></sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${OOXML}/package/2006/relationships"><Relationship Id="r1" Type="${OOXML}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${OOXML}/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
      'xl/sharedStrings.xml': strings(drawFrom(seed + 1)),
      'xl/worksheets/sheet1.xml': sheet(rows, drawFrom(seed)),
    },
    6,
  );
}

type Draw = (below: number) => number;

/** The xorshift of Marsaglia (2003), so that the bytes are the same everywhere. */
function drawFrom(seed: number): Draw {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function* strings(draw: Draw): Iterable<string> {
  yield `<sst xmlns="${OOXML}/spreadsheetml/2006/main" uniqueCount="${WORDS + COLUMNS}">`;
  for (let at = 0; at < COLUMNS; at += 1) yield `<si><t>COLUMN_${at}</t></si>`;
  for (let at = 0; at < WORDS; at += 1) yield `<si><t>${draw(1e9).toString(36)} ${draw(1e6).toString(36)}</t></si>`;
  yield '</sst>';
}

function* sheet(rows: number, draw: Draw): Iterable<string> {
  const names = Array.from({ length: COLUMNS }, (_, at) => nameOf(at));
  yield `<worksheet xmlns="${OOXML}/spreadsheetml/2006/main"><sheetData>`;
  yield `<row r="1">${names.map((name, at) => `<c r="${name}1" t="s"><v>${at}</v></c>`).join('')}</row>`;
  for (let row = 2; row <= rows + 1; row += 1) {
    const cells = names.map((name, at) => `<c r="${name}${row}" ${cell(at, draw)}</c>`);
    yield `<row r="${row}" spans="1:${COLUMNS}">${cells.join('')}</row>`;
  }
  yield '</sheetData></worksheet>';
}

/** A third each of codes, measures and words, as such files have. */
function cell(column: number, draw: Draw): string {
  if (column % 3 === 0) return `s="1"><v>${draw(12)}</v>`;
  if (column % 3 === 2) return `t="s"><v>${COLUMNS + draw(column % 2 === 0 ? 40 : WORDS)}</v>`;
  return `s="2"><v>${column % 2 === 0 ? 42_000 + draw(400) : (draw(2_000_000) / 100).toFixed(2)}</v>`;
}

function nameOf(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : nameOf(Math.floor(column / 26) - 1) + letter;
}
