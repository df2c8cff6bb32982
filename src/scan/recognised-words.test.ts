import { joinReadings, readWordTable } from './recognised-words.ts';

const row = (line: number, text: string, confidence: number): string =>
  ['5', '1', '1', '1', line, '1', '0', '0', '9', '9', confidence, text].join('\t');
const reading = (text: string, ...words: readonly string[]) => readWordTable(words.join('\n'), text);

describe('readings of one picture', () => {
  const first = reading('Employment rate\n', row(1, 'Employment', 96), row(1, 'rate', 94));

  it('give the first as it is, and from the others lines with a word it did not have', () => {
    const second = reading('', row(1, 'Employment', 90), row(2, '74.0%', 91), row(2, 'up', 60));
    expect(joinReadings([first, second])).toBe('Employment rate\n74.0% up');
  });

  it.each([
    ['words that were read before, whatever stands around them', row(1, '‘employment,', 95)],
    ['words nobody is sure of', row(1, '74.0%', 40)],
    ['marks', row(1, '—', 99)],
  ])('leave out %s', (_, word) => {
    expect(joinReadings([first, reading('', word)])).toBe('Employment rate');
  });

  it('tell how sure they are on the mean, and of nothing not at all', () => {
    expect(first.confidence).toBe(95);
    expect(reading('').confidence).toBe(0);
    expect(joinReadings([])).toBe('');
  });
});
