import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src');

/** Who may import whom (docs/architecture.md): a folder sees itself and the folders named here. */
const PURE_BASE = ['core', 'text'];
const RULES = [...PURE_BASE, 'registers', 'rules'];
const SCAN = [...RULES, 'extract', 'detect', 'scan'];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  text: ['core'],
  registers: PURE_BASE,
  rules: [...PURE_BASE, 'registers'],
  extract: RULES,
  detect: RULES,
  scan: [...RULES, 'extract', 'detect'],
  service: SCAN,
  store: [...SCAN, 'service'],
  queue: [...SCAN, 'service'],
  gateway: [...SCAN, 'service'],
  web: [...SCAN, 'service'],
  cli: [...SCAN, 'service', 'store', 'queue', 'gateway', 'web', 'config.ts'],
  'main.ts': ['cli', 'config.ts'],
  'config.ts': ['core', 'text', 'extract', 'service'],
};

/** Folders that take time, randomness and bytes as arguments. `scan` runs the children that open, so it may fork. */
const PURE = ['core', 'text', 'registers', 'rules', 'extract', 'detect'];
const PURE_BUILTINS = [
  'url',
  'zlib',
  'crypto',
  'buffer',
  'stream',
  'stream/promises',
  'util',
  'events',
  'string_decoder',
  'path',
];
const IMPURE_GLOBALS =
  /\b(?:Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|process\.(?:env|cwd|argv|hrtime)|setTimeout\(|setInterval\(|fetch\()/;

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function importsOf({ text }: SourceFile): readonly string[] {
  const specifiers = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g);
  return [...specifiers].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));
}

/** Everything in the sources that breaks the table above, a line each. */
function violations(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const folder = folderOf(file.path);
    const allowed = MAY_IMPORT[folder];
    if (allowed === undefined) return [`${file.path}: ${folder} is not a folder of the layout`];
    const tests = file.path.endsWith('.test.ts');
    const wrongImports = importsOf(file).flatMap((specifier) => {
      if (specifier.startsWith('.')) {
        const target = folderOf(relative('/', resolve('/', dirname(file.path), specifier)));
        if (specifier.includes('../test/') || target === folder || allowed.includes(target)) return [];
        return tests && PURE.includes(target)
          ? []
          : [`${file.path}: ${folder} may not import ${target} (${specifier})`];
      }
      const builtin = specifier.replace(/^node:/, '');
      const impure = PURE.includes(folder) && builtinModules.includes(builtin) && !PURE_BUILTINS.includes(builtin);
      return impure && !tests ? [`${file.path}: ${folder} is pure and may not import ${specifier}`] : [];
    });
    const global = tests || !PURE.includes(folder) ? null : IMPURE_GLOBALS.exec(withoutComments(file.text));
    const environment =
      !tests &&
      file.path !== 'config.ts' &&
      file.path !== 'main.ts' &&
      /process\.env\b/.test(withoutComments(file.text));
    return [
      ...wrongImports,
      ...(global === null ? [] : [`${file.path}: ${folder} is pure and may not use ${global[0]}`]),
      ...(environment ? [`${file.path}: only config.ts reads the environment`] : []),
    ];
  });
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

function sources(): readonly SourceFile[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(join(SOURCE, path), 'utf8') }));
}

describe('the layout of the house', () => {
  it('holds: every file imports only what its folder may', () => {
    expect(violations(sources())).toEqual([]);
  });

  it.each([
    ['core imports text', 'core/x.ts', "import { a } from '../text/a.ts';", 'core may not import text'],
    ['extract imports detect', 'extract/x.ts', "import { a } from '../detect/a.ts';", 'extract may not import detect'],
    ['detect imports extract', 'detect/x.ts', "import { a } from '../extract/a.ts';", 'detect may not import extract'],
    [
      'service imports store',
      'service/x.ts',
      "import type { A } from '../store/a.ts';",
      'service may not import store',
    ],
    ['gateway imports web', 'gateway/x.ts', "const a = await import('../web/a.ts');", 'gateway may not import web'],
    ['a detector reads a file', 'detect/x.ts', "import { readFileSync } from 'node:fs';", 'may not import node:fs'],
    ['core asks the clock', 'core/x.ts', 'export const now = () => Date.now();', 'may not use Date.now('],
    [
      'a store reads the environment',
      'store/x.ts',
      'export const url = process.env.DATABASE_URL;',
      'only config.ts reads',
    ],
    ['a folder of nobody appears', 'util/x.ts', '', 'not a folder of the layout'],
  ])('is guarded: a seeded fault is found when %s', (_what, path, text, expected) => {
    expect(violations([{ path, text }]).join('\n')).toContain(expected);
  });

  it('has no test file that the test runner would miss', () => {
    const stray = sources().filter(
      ({ path, text }) => !path.endsWith('.test.ts') && /^\s*(?:describe|it)\(/m.test(text),
    );
    expect(stray.map(({ path }) => path)).toEqual([]);
  });

  it('keeps every source file under 300 lines', () => {
    const long = sources().filter(({ text }) => text.split('\n').length > 300);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('names files in kebab-case', () => {
    const odd = sources().filter(({ path }) => !/^[a-z0-9-]+(?:\.test)?\.ts$/.test(path.split('/').at(-1) ?? ''));
    expect(odd.map(({ path }) => path)).toEqual([]);
  });
});
