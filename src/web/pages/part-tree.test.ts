import type { OpenedPart } from '../../core/part.ts';
import { partTree } from './part-tree.ts';

const part = (path: string): OpenedPart => ({ path, type: 'x', bytes: 1, content: { kind: 'container' } });

it('names each part below the one that it is in', () => {
  const paths = ['m.eml', 'header › To', 'a.zip', 'a.zip › b.xlsx', 'a.zip › b.xlsx › Sheet1', 'a.zip › c › d.txt'];
  const rows = partTree({ headers: null, parts: paths.map(part) });
  expect(rows.map(({ name, depth }) => [name, depth])).toEqual([
    ['m.eml', 0],
    ['header › To', 0],
    ['a.zip', 0],
    ['b.xlsx', 1],
    ['Sheet1', 2],
    ['c › d.txt', 1],
  ]);
});
