import { Budget, DEFAULT_LIMITS } from './budget.ts';
import type { ExtractContext } from './extractor.ts';
import { SaidLines } from './pdf-revisions.ts';
import { strayPieces } from './pdf-stray.ts';

const context: ExtractContext = {
  budget: new Budget(DEFAULT_LIMITS, () => 0),
  everyCell: false,
  passwords: [],
};

function damagedPages(content: string): string {
  const file = Buffer.from(
    `%PDF-1.7\n4 0 obj\n<</Length ${content.length}>>stream\n${content}\nendstream\nendobj\n%%EOF`,
    'latin1',
  );
  const [piece] = [...strayPieces(file, new SaidLines(), true, context)];
  return piece?.kind === 'text' ? piece.text : '';
}

describe('the content of a page that came out with nothing on it', () => {
  it.each([
    ['a string without its end', 'BT /F1 12 Tf (Output fell sharply.\0 Tj ET'],
    ['a string without its beginning', 'BT /F1 12 Tf \xffOutput fell sharply.) Tj ET'],
    ['a whole string', 'BT /F1 12 Tf (Output fell sharply.) Tj ET'],
  ])('gives its words: %s', (_, content) => {
    expect(damagedPages(content)).toContain('Output fell sharply.');
  });

  it('gives no operators where every string is whole', () => {
    expect(damagedPages('BT /Font ab Tf (Output (of all) fell\\) here) Tj ET')).not.toContain('Font');
  });
});
