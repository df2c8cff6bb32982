import { type HiddenState, hiddenStateLines } from './hidden-state.ts';

const seen: HiddenState = {
  name: 'Raw',
  sheet: null,
  columns: new Uint8Array(16_384),
  rows: [],
  rowsByDefault: false,
  invisibleCells: 0,
};
const columns = (...places: readonly number[]): Uint8Array => {
  const made = new Uint8Array(16_384);
  for (const place of places) made[place] = 1;
  return made;
};

describe('the hidden state of a sheet in words', () => {
  it.each<[string, Partial<HiddenState>, readonly string[]]>([
    ['is nothing where all is seen', {}, []],
    ['names the sheet and how it is hidden', { sheet: 'very hidden' }, ["sheet 'Raw' (very hidden)"]],
    ['names columns by letters, neighbours together', { columns: columns(3, 4, 5, 27) }, ['columns D:F, AB hidden']],
    ['names the last column', { columns: columns(16_383) }, ['columns XFD hidden']],
    ['names rows by numbers', { rows: [2, 3, 9] }, ['rows 2:3, 9 hidden']],
    ['says when rows hide by default', { rowsByDefault: true }, ['rows hidden unless they say otherwise']],
    ['counts cells that show nothing', { invisibleCells: 2 }, ['2 cells whose format shows nothing']],
  ])('%s', (_, state, lines) => {
    expect(hiddenStateLines({ ...seen, ...state })).toEqual(lines);
  });

  it('is no longer than a reader reads', () => {
    const rows = Array.from({ length: 500 }, (_, at) => at * 2 + 1);
    expect(hiddenStateLines({ ...seen, rows })[0]?.length).toBeLessThan(300);
  });
});
