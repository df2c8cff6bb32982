import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLAIMS } from '../bench/table/claims.ts';
import { measure, README_MARKS, tableText, withTable } from '../bench/table/table.ts';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const said = new Map([
  ['draft', '280 characters: median 1.20 ms, p99 2.10 ms of CPU, 0.21 of the limit of 10 (mean 1 ms by the clock)\n'],
  ['mail', 'mails of 4600 bytes, window open: 900/s of wall clock, 800/s of CPU; limit 1000/s: 0.8 times\n'],
  ['retro-scan', 'searched in 30.0 s (limit 60 s for 100,000), 5 of 5 found, exactly those\n'],
]);
const machine = { cores: 2, processor: 'a processor', memoryGiB: 4, node: 'v24.0.0', load: 0.1, at: '2016-01-20' };

test('every claim is of a bench that there is, and its words stand in that bench', () => {
  const benches = readdirSync(at('bench')).map((name) => name.replace(/\.ts$/, ''));
  for (const { bench, line } of CLAIMS) {
    expect(benches).toContain(bench);
    // The letters of the pattern, as they stand in the text that the bench prints.
    const words = line.source.match(/[A-Za-z]{5,}/g) ?? [];
    const source = readFileSync(at(`bench/${bench}.ts`), 'utf8');
    expect(words.filter((word) => !source.includes(word))).toEqual([]);
  }
});

test('what a bench printed becomes a ratio, and what it did not is not measured', () => {
  const measured = measure(CLAIMS, said);
  const of = (claim: string) => measured.find((one) => one.claim.startsWith(claim));
  expect(of('a post of 280')).toMatchObject({ ratio: 0.21, holds: true });
  expect(of('mails of 4.6 KB')).toMatchObject({ ratio: 0.8, holds: false });
  expect(of('what left')).toMatchObject({ ratio: 0.5, holds: true });
  expect(of('mails taken')).toMatchObject({ ratio: null, holds: null });
});

test('a claim that is missed is called so, and a machine at work too', () => {
  const table = tableText(measure(CLAIMS, said), { ...machine, load: 9 });
  expect(table).toContain('at least 1, **missed**');
  expect(table).toContain('load 9');
  expect(tableText([], machine)).not.toContain('load');
});

test('README has the place that the table goes to', () => {
  const readme = withTable(readFileSync(at('README.md'), 'utf8'), 'THE TABLE');
  expect(readme).toContain(`${README_MARKS[0]}\nTHE TABLE\n${README_MARKS[1]}`);
});
