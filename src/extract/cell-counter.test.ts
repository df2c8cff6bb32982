import fc from 'fast-check';
import { Budget, DEFAULT_LIMITS } from './budget.ts';
import { CellCounter } from './cell-counter.ts';
import { cellStylesReader } from './cell-styles.ts';
import { SharedStrings } from './shared-strings.ts';
import { readSheet, type SheetContent } from './xlsx-sheet.ts';
import { XmlReader } from './xml-reader.ts';

const STRINGS = [
  '',
  'London',
  'Employment rose in all the regions',
  '00123',
  '2016-01-20',
  'Größe',
  '12.50',
  '😀 x',
  '7',
];
const STYLES =
  '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="0.0%"/><numFmt numFmtId="171" formatCode=";;;"/></numFmts>' +
  '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="2"/><xf numFmtId="171"/></cellXfs></styleSheet>';

/** Cells as programs write them, and as none should; `R` is the reference. */
const CELLS = [
  '<c r="R"><v>0</v></c>',
  '<c r="R"><v>7</v></c>',
  '<c r="R"><v>1023</v></c>',
  '<c r="R"><v>12345678</v></c>',
  '<c r="R"><v>123456789012345</v></c>',
  '<c r="R"><v>1234567890123456</v></c>',
  '<c r="R"><v>007</v></c>',
  '<c r="R"><v>-9</v></c>',
  '<c r="R"><v>-0</v></c>',
  '<c r="R"><v>84.0</v></c>',
  '<c r="R"><v>84.10</v></c>',
  '<c r="R"><v>-3.50</v></c>',
  '<c r="R"><v>-0.5</v></c>',
  '<c r="R"><v>0.00</v></c>',
  '<c r="R"><v>.5</v></c>',
  '<c r="R"><v>5.</v></c>',
  '<c r="R"><v>0.30000000000000004</v></c>',
  '<c r="R"><v>123456.7891</v></c>',
  '<c r="R"><v>-12345.6789</v></c>',
  '<c r="R"><v>1E-3</v></c>',
  '<c r="R"><v> 5 </v></c>',
  '<c r="R"><v></v></c>',
  '<c r="R"/>',
  '<c r="R" s="3"/>',
  '<c r="R"></c>',
  '<c r="R" t="n"><v>4</v></c>',
  '<c r="R" s="0" t="n"><v>4</v></c>',
  '<c r="R" s="1"><v>42389</v></c>',
  '<c r="R" s="1"><v>42389.5</v></c>',
  '<c r="R" s="1"><v>99999</v></c>',
  '<c r="R" s="2"><v>0.74</v></c>',
  '<c r="R" s="3"><v>5</v></c>',
  '<c r="R" s="4"><v>5</v></c>',
  '<c r="R" s="4" t="s"><v>1</v></c>',
  '<c r="R" s="99"><v>5</v></c>',
  '<c r="R" s="1" t="s"><v>2</v></c>',
  '<c r="R" t="s"><v>0</v></c>',
  '<c r="R" t="s"><v>1</v></c>',
  '<c r="R" t="s"><v>2</v></c>',
  '<c r="R" t="s"><v>3</v></c>',
  '<c r="R" t="s"><v>4</v></c>',
  '<c r="R" t="s"><v>5</v></c>',
  '<c r="R" t="s"><v>7</v></c>',
  '<c r="R" t="s"><v>8</v></c>',
  '<c r="R" t="s"><v>99</v></c>',
  '<c r="R" t="s"><v>-1</v></c>',
  '<c r="R" t="b"><v>1</v></c>',
  '<c r="R" t="e"><v>#N/A</v></c>',
  '<c r="R" t="str"><f>A1&amp;"if late"</f><v>made &amp; kept</v></c>',
  '<c r="R" t="str"><v>10</v></c>',
  '<c r="R"><f>SUM(A1:A2)</f><v>11</v></c>',
  '<c r="R" t="inlineStr"><is><r><t>two </t></r><r><t>runs here</t></r></is></c>',
  '<c r="R" t="d"><v>2016-04-01T00:00:00Z</v></c>',
  '<c r="R"><v><![CDATA[12]]></v></c>',
  '<c r="R"><!-- said --><v>12</v></c>',
  '<!-- between -->',
  '<c><v>3</v></c>',
  '<c t="s"><v>1</v></c>',
  "<c r='R'><v>6</v></c>",
  '<c\n r="R"\r\n s="0">\n<v>6</v>\n</c>\n',
  '<c s="0" r="R"><v>6</v></c>',
  '<c r="R" s="1" cm="1"><v>42389</v></c>',
  '<c r="ATZR"><v>6</v></c>',
  '<c r="XFDR"><v>6</v></c>',
  '<x/>',
  'stray words',
  '\r\n  ',
] as const;
const ROWS = [
  '<row r="N">',
  '<row r="N">',
  '<row r="N" spans="1:5" x14ac:dyDescent="0.25">',
  '<row r="N" ht="15" customHeight="1">',
  '<row r="N" hidden="1">',
  '<row>',
  "<row r='N'>",
  '<row r="N" s="1">\r\n',
] as const;

const anyRow = fc.record({
  open: fc.constantFrom(...ROWS),
  cells: fc.array(fc.record({ cell: fc.constantFrom(...CELLS), gap: fc.nat({ max: 2 }) }), { maxLength: 9 }),
});
type Row = typeof anyRow extends fc.Arbitrary<infer Value> ? Value : never;

/** A first cell longer than a small table's text, so that rows are counted in bulk as soon as the first ones are kept. */
const LONG = 'word '.repeat(230_000);
const HEAD = `<worksheet><cols><col min="5" max="5" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="str"><v>${LONG}</v></c></row>`;

function sheetXml(pattern: readonly Row[], count: number): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const { open, cells } = pattern[at % pattern.length] as Row;
    let column = 0;
    const xml = cells.map(({ cell, gap }) => {
      column += gap + 1;
      const name = String.fromCharCode(64 + column);
      return cell
        .replace('"R"', `"${name}${at + 2}"`)
        .replace("'R'", `'${name}${at + 2}'`)
        .replace('R"', `${at + 2}"`);
    });
    return `${open.replace('N', String(at + 2))}${xml.join('')}</row>`;
  });
  return `${HEAD}${rows.join('')}</sheetData></worksheet>`;
}

async function read(xml: string, chunk: number, bulk: boolean): Promise<SheetContent & { readonly unused: string[] }> {
  const strings = new SharedStrings();
  for (const text of STRINGS) strings.add(Buffer.from(text));
  const { handler, finish } = cellStylesReader(false);
  const reader = new XmlReader(handler);
  reader.write(STYLES);
  const styles = finish();
  const bytes = Buffer.from(xml);
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  })();
  const budget = new Budget(DEFAULT_LIMITS, () => 0);
  const makeCounter = bulk ? () => new CellCounter(strings, styles) : null;
  const content = await readSheet({
    name: 'S',
    isHidden: false,
    chunks,
    strings,
    styles,
    budget,
    everyCell: false,
    isLong: false,
    makeCounter,
  });
  return { ...content, unused: [...strings.unused()] };
}

/** Everything the reading found, with what is long cut short so that a difference can be read. */
function findings({ table, text, notes, fault, frame, unused }: Awaited<ReturnType<typeof read>>) {
  const lines = text.split('\n').map((line) => (line.length > 200 ? `${line.length} characters` : line));
  const sample = table.sample.slice(1);
  const formulas = [...notes.formulaTexts];
  return { ...table, sample, lines, notes, formulas, fault: fault?.message, words: frame.words, unused };
}

async function expectSame(xml: string, chunk: number): Promise<void> {
  const bulk = findings(await read(xml, chunk, true));
  const single = findings(await read(xml, chunk, false));
  // Comparing two texts takes a hundredth of comparing a thousand rows.
  if (JSON.stringify(bulk) !== JSON.stringify(single)) expect(bulk).toEqual(single);
}

describe('counting cells in bulk', () => {
  it('finds what the reading cell by cell finds, whatever stands in the rows and wherever the chunks break', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRow, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 60_000, max: 2_000_000 }),
        async (pattern, chunk) => {
          const xml = sheetXml(pattern, 900);
          await expectSame(xml, chunk);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('finds the same in damaged sheets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRow, { minLength: 1, maxLength: 6 }),
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('<', '>', '"', '/', '', 'c', '0')),
          {
            maxLength: 20,
          },
        ),
        fc.double({ min: 0.5, max: 1, noNaN: true }),
        async (pattern, damages, kept) => {
          let xml = sheetXml(pattern, 700);
          for (const [where, what] of damages) {
            const at = HEAD.length + Math.floor(where * (xml.length - HEAD.length));
            xml = xml.slice(0, at) + what + xml.slice(at + 1);
          }
          xml = xml.slice(0, Math.max(HEAD.length, Math.floor(xml.length * kept)));
          await expectSame(xml, 65_536);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('tells more values of a column apart than are counted, and columns of few values', async () => {
    const rows = Array.from(
      { length: 5000 },
      (_, at) =>
        `<row r="${at + 2}"><c r="A${at + 2}"><v>${at}</v></c><c r="B${at + 2}"><v>${at % 200}.${at % 3}</v></c><c r="C${at + 2}" s="1"><v>${42_000 + (at % 90)}</v></c></row>`,
    );
    const xml = `${HEAD}${rows.join('')}</sheetData></worksheet>`;
    const { table } = await read(xml, 100_000, true);
    expect(table.rows).toBe(5001);
    expect(table.profiles.map((column) => column.distinct)).toEqual([256, 256, 90]);
    expect(table.profiles[2]).toMatchObject({ filled: 5000, dates: 5000, maxLength: 10 });
  });
});
