import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const text = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => /^\| (?:\*\*)?[STRIDE](?:\*\*)? \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

it('has a threat and an answer for each letter of STRIDE', () => {
  expect([...new Set(rows.map(([, letter]) => letter?.replaceAll('*', '')))].join('')).toBe('STRIDE');
});

it.each(rows.map(([, , threat, answer, test]) => [threat ?? '', answer ?? '', test ?? '']))(
  '"%s" is covered by a test that is there',
  (_threat, answer, test) => {
    expect(answer).not.toBe('');
    const [, file] = /^`([^`]+\.test\.ts)`$/.exec(test) ?? [];
    if (file === undefined) throw new Error(`${test} names no test`);
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(/\b(?:it|test)(?:\.each)?\s*\(/);
  },
);

it.each(['data-protection.md', 'dpia.md', 'threat-model.md'])('%s leads nowhere that is not there', (name) => {
  const page = readFileSync(join(ROOT, 'docs', name), 'utf8');
  for (const [, target = ''] of page.matchAll(/\]\(([^)#]+)/g)) {
    if (!target.startsWith('http'))
      expect([name, target, existsSync(join(ROOT, 'docs', target))]).toEqual([name, target, true]);
  }
});

it('has a term of retention, with its setting, for what is kept of a message', () => {
  const page = readFileSync(join(ROOT, 'docs/data-protection.md'), 'utf8');
  const settings = readFileSync(join(ROOT, 'src/config.ts'), 'utf8').match(/HOLDFAST_KEEP_\w+(?=: days)/g) ?? [];
  expect(settings.length).toBeGreaterThan(4);
  const inPage = [...new Set(page.match(/HOLDFAST_KEEP_\w+/g))].sort();
  // How long a hold may wait is no term of what is kept, but begins one.
  expect(inPage).toEqual(settings.filter((name) => name !== 'HOLDFAST_KEEP_HELD_DAYS').sort());
});
