import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { rules } from './judge-words.ts';
import { slowRepeats } from './slow-repeats.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What reads the words of a message: patterns in these run over whatever a stranger wrote. */
const FOLDERS = ['src/text', 'src/detect', 'src/rules'];

function regexesOf(file: string): readonly string[] {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('type' in node && node.type === 'RegExpLiteral' && 'pattern' in node) found.push(String(node.pattern));
    for (const child of Object.values(node)) walk(child);
  };
  walk(parseSync(readFileSync(join(ROOT, file), 'utf8'), { syntax: 'typescript', target: 'es2024' }));
  return found;
}

const patterns = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => regexesOf(`${folder}/${name}`).map((pattern) => [`${folder}/${name}`, pattern] as const)),
);

it('finds the patterns of the source', () => {
  expect(patterns.length).toBeGreaterThan(100);
});

it.each(patterns)('%s: /%s/ takes linear time to fail', (_, pattern) => {
  expect(slowRepeats(pattern)).toEqual([]);
});

it.each(rules.markings.flatMap(({ id, patterns: sources }) => sources.map((source) => [id, source] as const)))(
  'the marking %s: /%s/ takes linear time to fail',
  (_, pattern) => {
    expect(slowRepeats(pattern)).toEqual([]);
  },
);

it.each([
  ['a repeat within a repeat', '(a+)+$'],
  ['a repeat within a repeated alternative', '(?:x|[a-z]*)*y'],
  ['two repeats of one kind in a row', '\\s*\\s+x'],
  ['two repeats that share a letter, with something optional between', '\\w+-?[a-f]*x'],
  ['a bounded repeat that is as good as endless', '(?:[a-z]+,?){1,5000}x'],
])('names %s', (_, pattern) => {
  expect(slowRepeats(pattern)).not.toEqual([]);
});

it.each([
  ['repeats of other kinds', '\\d+[a-z]+'],
  ['repeats parted by what neither may be', '[a-z]+-[a-z]+'],
  ['a short bounded repeat', '(?:[a-z]{1,4} ){0,3}x'],
])('leaves %s alone', (_, pattern) => {
  expect(slowRepeats(pattern)).toEqual([]);
});
