import fc from 'fast-check';
import { DelimitedRows } from './delimited-rows.ts';
import { parseDelimited } from './parse-delimited.ts';
import { TableBuilder } from './table-builder.ts';

function byText(text: string, delimiter: string) {
  const table = new TableBuilder('t', false);
  parseDelimited(text, delimiter, (row) => table.addRow(row));
  return table.finish(false);
}

function byBytes(text: string, delimiter: string, chunk: number) {
  const table = new TableBuilder('t', false);
  const rows = new DelimitedRows(table, delimiter);
  const bytes = Buffer.from(text, 'utf8');
  const lent = Buffer.alloc(chunk);
  for (let at = 0; at < bytes.length; at += chunk) {
    // The memory of a chunk is the caller's again once it is fed.
    rows.feed(lent.subarray(0, bytes.copy(lent, 0, at, at + chunk)));
    lent.fill(0x78);
  }
  rows.finish();
  return table.finish(false);
}

const cell = fc.oneof(
  fc.constantFrom(
    '',
    '1',
    '12',
    '-3',
    '4.5',
    '1,234',
    '2016-01-20',
    '20/01/2016',
    '3 Jan 2016',
    'SW1A 1AA',
    'E1 6',
    '£5',
    '5.1%',
    'a "b" c',
    'two words',
    'naïve café',
    '1.2.3',
    '0 x 1',
  ),
  fc.string({ maxLength: 12 }),
);
const quote = (value: string, always: boolean): string =>
  always || /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

describe('rows read from bytes', () => {
  it('are the same as rows read from text, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 5000 }),
        (pattern, always, end, chunk) => {
          // Past the small table's 2,000 rows most are counted from their bytes alone.
          const rows = Array.from({ length: 2600 }, (_, at) => pattern[at % pattern.length] as string[]);
          const text = rows.map((row) => row.map((value) => quote(value, always)).join(',') + end).join('');
          expect(byBytes(text, ',', chunk).table).toEqual(byText(text, ',').table);
        },
      ),
      { numRuns: 12 },
    );
  });

  it.each([
    ['codes', (at: number) => `c${at % 300}`],
    ['more codes than are told apart', (at: number) => `c${at % 700}`],
    ['amounts', (at: number) => ((at * 7919) % 60_000) / 100],
    ['dates', (at: number) => `2016-${10 + (at % 3)}-${10 + (at % 20)}`],
    ['dates of a clock', (at: number) => `${1 + (at % 28)}/${1 + (at % 12)}/2016 ${at % 24}:30`],
    ['references', (at: number) => `T${1_000_000 + ((at * 7919) % 2_000_000)}`],
    ['words', (at: number) => `flat ${at % 40} north`],
    ['long names', (at: number) => `the building of number ${at % 500}`],
    ['amounts beyond ASCII', (at: number) => `£${at % 450}.50`],
    ['names beyond ASCII', (at: number) => `Zoë ${at % 30}`],
    ['longer names beyond ASCII', (at: number) => `Université de Genève ${at % 500}`],
    ['values that come late', (at: number) => (at < 2100 ? '' : `late${at % 255}`)],
    ['quotes now and then', (at: number) => (at % 97 === 0 ? `"a ""${at % 50}"""` : `a ${at % 50}`)],
    ['quoted codes', (at: number) => (at % 2 === 0 ? `"c${at % 90}"` : `c${at % 90}`)],
  ] as const)('tell kinds and distinct values as rows read from text: %s', (_, cellAt) => {
    const text = Array.from({ length: 9000 }, (_, at) => `${at % 5},${cellAt(at)},x\n`).join('');
    expect(byBytes(text, ',', 50_000).table.profiles).toEqual(byText(text, ',').table.profiles);
  });

  it('count one table after another in the same memory', () => {
    const text = (word: string) => Array.from({ length: 5000 }, (_, at) => `${word}${at % 200},${at}\n`).join('');
    byBytes(text('former'), ',', 65_536);
    expect(byBytes(text('latter'), ',', 65_536).table).toEqual(byText(text('latter'), ',').table);
  });

  it('keep a sentence of row 40,000 and the values of a code column', () => {
    const text = `id,note\n${Array.from({ length: 45_000 }, (_, at) => `${at % 7},${at === 40_000 ? 'Record employment is coming' : 'x'}\n`).join('')}`;
    const { table, text: kept } = byBytes(text, ',', 65_536);
    expect(kept).toContain('Record employment is coming');
    expect(table).toMatchObject({ rows: 45_001, columns: 2, header: ['id', 'note'] });
    expect(table.profiles[0]).toMatchObject({ integers: 45_000, distinct: 8 });
    expect(table.sample.length).toBeLessThanOrEqual(2000);
  });

  it.each([
    ['a quote never closed', 'a,b\n"x,1\n2,3\n'],
    ['a stray quote', 'a,b\nx"y,1\n'],
    ['text after a closing quote', 'a,b\n"x"y,1\n'],
    ['a line break in quotes', 'a,b\n"x\ny",1\n'],
    ['no last line break', 'a,b\n1,2'],
    ['a return alone', 'a,b\r1,2\r'],
  ])('lose nothing: %s', (_, text) => {
    const seen = byBytes(text, ',', 3).text.replace(/\s/g, '');
    for (const character of text.replace(/[\s,"]/g, '')) expect(seen).toContain(character);
  });
});
