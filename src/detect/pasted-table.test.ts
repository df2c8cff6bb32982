import fc from 'fast-check';
import { pastedTables } from './pasted-table.ts';

const ROWS = [['name', 'age', 'place'], ...Array.from({ length: 6 }, (_, at) => [`n${at}`, `${20 + at}`, `p${at}`])];

function paste(separator: string, frame = (line: string) => line): string {
  return `Hello,\n\n${ROWS.map((row) => frame(row.join(separator))).join('\n')}\n\nBye, all\n`;
}

describe('tables in running text', () => {
  it.each([
    ['tabs', paste('\t')],
    ['commas', paste(',')],
    ['semicolons', paste(';')],
    ['bars', paste('|')],
    ['bars with a rule below the header', paste(' | ', (line) => `| ${line} |`).replace('| n0', '|---|---|---|\n| n0')],
    ['wide gaps', paste('   ')],
    ['tabs below quote marks', paste('\t', (line) => `> > ${line}`)],
    ['Windows line ends', paste('\t').replaceAll('\n', '\r\n')],
    ['blank lines between', paste('\t').replaceAll('\nn', '\n\nn')],
  ])('are found by %s', (_, text) => {
    const found = pastedTables(text);
    expect(found.map(({ table }) => table.sample)).toEqual([ROWS]);
    expect(text.slice(found[0]?.span.start, found[0]?.span.end)).toMatch(/^(> > )?\|? ?name.*p5/s);
  });

  it('keeps a separator inside quotes', () => {
    const text = Array.from({ length: 5 }, (_, at) => `"Example, A.",${at},x`).join('\n');
    expect(pastedTables(text)[0]?.table.sample[0]).toEqual(['Example, A.', '0', 'x']);
  });

  it.each([
    [
      'prose with commas',
      'First, some words, and more.\nThen fewer, here.\nNone\nOne, two, three, four.\nLast one, of many.\nEnd.',
    ],
    [
      'four rows',
      ROWS.slice(0, 4)
        .map((row) => row.join('\t'))
        .join('\n'),
    ],
    ['two columns', ROWS.map((row) => row.slice(0, 2).join('\t')).join('\n')],
    ['nothing', ''],
  ])('are not seen in %s', (_, text) => {
    expect(pastedTables(text)).toEqual([]);
  });

  it('have spans inside the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a\tb\tc', 'a,b,c', '> 1\t2\t3', '', 'word', 'a  b  c', '\r')), (lines) => {
        const text = lines.join('\n');
        for (const { span } of pastedTables(text)) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeLessThanOrEqual(text.length);
          expect(span.start).toBeLessThan(span.end);
        }
      }),
    );
  });
});
