import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '../fuzz/random.ts';
import { type Mutant, mutantsOf } from './mutators.ts';

// Changes the sources in one place at a time and looks whether a test fails: npm run mutate -- --each 20 --seed 1
// A change that no test notices is either none (then it is let be) or a hole in the tests. Sampled, since each costs some seconds.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    each: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string', multiple: true, default: ['core', 'text', 'detect'] },
  },
});
/** Suites that judge without starting anything, by their place in the project. */
const NEAR =
  /^(?:src\/(?:core|text|detect|scan|registers|rules)\/|test\/(?:words|figures|protected-data|scan)\/|test\/promises\/(?:breaches-are-held\.|already|judged|no-oracle-in-words))/;
const TIMEOUT_MS = 240_000;

const copy = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-mutants-')));
for (const name of ['src', 'test', 'rules', 'fixtures', 'wasm', 'notices', 'package.json', 'jest.config.js']) {
  if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
}
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));

/** The near tests of each file that was asked for. */
const known = new Map<string, readonly string[]>();
const scores = new Map<string, { killed: number; survived: string[] }>();
try {
  for (const folder of values.folder) {
    const score = { killed: 0, survived: [] as string[] };
    scores.set(folder, score);
    for (const { file, mutant } of sample(folder, Number(values.each), Number(values.seed))) {
      const place = `src/${folder}/${file}:${mutant.line} ${mutant.what}`;
      const isKilled = await isNoticed(`src/${folder}/${file}`, mutant);
      if (isKilled) score.killed += 1;
      else score.survived.push(place);
      process.stdout.write(`${isKilled ? 'killed  ' : 'SURVIVED'} ${place}\n`);
    }
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(`\n| folder | mutants | killed | score |\n| --- | --- | --- | --- |\n`);
for (const [folder, { killed, survived }] of scores) {
  const all = killed + survived.length;
  process.stdout.write(`| \`${folder}\` | ${all} | ${killed} | ${Math.round((100 * killed) / Math.max(1, all))} % |\n`);
}

interface Chosen {
  readonly file: string;
  readonly mutant: Mutant;
}

/** Mutants of a folder, each file's in proportion to how many it has, always the same for a seed. */
function sample(folder: string, count: number, seed: number): readonly Chosen[] {
  const random = seededRandom(seed);
  const files = readdirSync(join(ROOT, 'src', folder)).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const all = files
    .toSorted()
    .flatMap((file) =>
      mutantsOf(readFileSync(join(ROOT, 'src', folder, file), 'utf8')).map((mutant) => ({ file, mutant })),
    );
  return all
    .map((chosen) => ({ chosen, order: random.below(2 ** 30) }))
    .toSorted((one, other) => one.order - other.order)
    .slice(0, count)
    .map(({ chosen }) => chosen);
}

/** The test beside it first: it is the quickest to notice. */
async function isNoticed(file: string, { mutated }: Mutant): Promise<boolean> {
  const target = join(copy, file);
  const beside = file.replace(/\.ts$/, '.test.ts');
  const near = (await testsOf(file)).filter((one) => one !== beside);
  const original = readFileSync(target, 'utf8');
  writeFileSync(target, mutated);
  try {
    if (existsSync(join(copy, beside)) && !(await pass([beside]))) return true;
    return near.length > 0 && !(await pass(near));
  } finally {
    writeFileSync(target, original);
  }
}

/** The near tests that reach a file. @throws Error where they fail as it is: then nothing could be told from a failure. */
async function testsOf(file: string): Promise<readonly string[]> {
  const before = known.get(file);
  if (before !== undefined) return before;
  const { out } = await jest(['--listTests', '--findRelatedTests', file]);
  const near = out
    .split('\n')
    .map((line) => relative(copy, line.trim()))
    .filter((path) => NEAR.test(path));
  if (near.length > 0 && !(await pass(near)))
    throw new Error(`tests of ${file} fail without a mutant; make them pass first`);
  known.set(file, near);
  return near;
}

async function pass(tests: readonly string[]): Promise<boolean> {
  return (await jest(['--bail', '--silent', '--maxWorkers=2', '--runTestsByPath', ...tests])).status === 0;
}

function jest(args: readonly string[]): Promise<{ readonly status: number | null; readonly out: string }> {
  const program = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...args];
  const child = spawn(process.execPath, program, { cwd: copy, stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  // One that never ends is noticed too.
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  return new Promise((resolve) =>
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve({ status, out });
    }),
  );
}
