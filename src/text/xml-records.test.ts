import { xmlRecords } from './xml-records.ts';

const form = (fields: string) => `<form id="1">${fields}</form>`;
const rowsOf = (text: string) => {
  const records = xmlRecords(text);
  return records === null ? null : [records.header, ...records.rows];
};

describe('records in XML', () => {
  it('are rows under the names of their elements, empty ones kept', () => {
    const text = `<?xml version="1.0"?>\n<forms>${form('<a>1</a><b/><c>x &amp; y</c>')}${form('<a>2</a><c>z</c><d>4</d>')}${form('<a>3</a><b>5</b><c/>')}</forms>`;
    expect(rowsOf(text)).toEqual([
      ['a', 'b', 'c', 'd'],
      ['1', '', 'x & y', ''],
      ['2', '', 'z', '4'],
      ['3', '5', '', ''],
    ]);
  });

  it('are read from a file that was cut off', () => {
    const whole = `<forms>${Array.from({ length: 5 }, (_, at) => form(`<a>${at}</a><b>1</b><c>2</c>`)).join('')}`;
    expect(rowsOf(whole.slice(0, -20))?.length).toBe(5);
  });

  it.each([
    ['two records', `<f>${form('<a>1</a><b>2</b><c>3</c>').repeat(2)}</f>`],
    ['records of two fields', `<f>${form('<a>1</a><b>2</b>').repeat(9)}</f>`],
    ['prose', 'If a < b and b > c, then <nothing> follows.'],
    ['nothing', ''],
  ])('are not seen in %s', (_, text) => {
    expect(rowsOf(text)).toBeNull();
  });
});
