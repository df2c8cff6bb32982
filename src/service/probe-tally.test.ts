import { MOST_TRIES, ProbeTally, WINDOW_MS } from './probe-tally.ts';

const AUTHOR = 'press@department.example';
const values = ['4.5', '4.6', '4.7', '4.8', '4.9', '5.1', '5.2', '5.3'];

/** Which of the texts, a minute apart, raised the alert. */
function alerts(
  texts: readonly (readonly string[])[],
  minute = 60_000,
  author: (index: number) => string = () => AUTHOR,
) {
  const tally = new ProbeTally();
  return texts.flatMap((figures, index) =>
    tally.note(author(index), 'labour-market', figures, index * minute) ? [index] : [],
  );
}

describe('trying out figures', () => {
  it('is told once, when one figure has taken the place of another often enough', () => {
    expect(alerts(values.map((value) => [value]))).toEqual([MOST_TRIES]);
  });

  it('is told of one figure among others that stay', () => {
    expect(alerts(values.map((value) => ['74.0', value]))).toEqual([MOST_TRIES]);
  });

  it.each([
    ['the same figure again and again', values.map(() => ['4.9'])],
    ['a text with more and more figures', values.map((_, index) => values.slice(0, index))],
    ['a figure that is being typed', ['4', '4.9', '4.9', '4', '4.9', '4.95', '4.9', '4'].map((value) => [value])],
    ['two figures to and fro', values.map((_, index) => [index % 2 === 0 ? '4.8' : '4.9'])],
  ])('is not seen in %s', (_what, texts) => {
    expect(alerts(texts)).toEqual([]);
  });

  it('is not seen over hours, or in different authors', () => {
    const texts = values.map((value) => [value]);
    expect(alerts(texts, WINDOW_MS)).toEqual([]);
    expect(alerts(texts, 60_000, (index) => `author-${index}`)).toEqual([]);
  });
});
