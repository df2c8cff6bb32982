import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const table = readFileSync(`${ROOT}docs/promises.md`, 'utf8');
const rows = [...table.matchAll(/^\| (.+?) \| (.+?) \| `(.+?)`(?:: (.+?))? \|$/gm)].map(
  ([, promise = '', claim = '', file = '', title]) => ({
    promise,
    claim,
    file,
    title,
  }),
);

test.each(rows)('$promise: $claim', ({ file, title }) => {
  expect([file, existsSync(ROOT + file)]).toEqual([file, true]);
  const source = readFileSync(ROOT + file, 'utf8');
  if (title === undefined) expect(source).toMatch(/^\s*(?:test|it)[.(]/m);
  else expect(source).toContain(title);
});

test('every promise of the architecture is in the table, and no suite of promises is left out', () => {
  const promised = [...readFileSync(`${ROOT}docs/architecture.md`, 'utf8').matchAll(/^(\d)\. \*\*"?(.+?)[."*,]/gm)];
  expect(promised).toHaveLength(9);
  for (const [, number] of promised)
    expect(rows.filter(({ promise }) => promise.startsWith(`${number} `)).length).toBeGreaterThan(0);
  const suites = readdirSync(`${ROOT}test/promises`).filter((name) => name.endsWith('.test.ts'));
  const named = new Set(rows.map(({ file }) => file));
  const twin = 'test/promises/breaches-are-held-in-mail.test.ts';
  expect(suites.map((name) => `test/promises/${name}`).filter((file) => !named.has(file) && file !== twin)).toEqual([]);
});
