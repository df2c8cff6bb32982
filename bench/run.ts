import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLAIMS } from './table/claims.ts';
import { machineFacts, measure, tableText, withTable } from './table/table.ts';

/**
 * Runs every bench in this folder, or those named, one after the other; each prints its own ratios. At the end one table of every
 * claim goes to the terminal and to `bench/results.json`, and with `--readme` into README.
 */
const folder = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const benches = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && name !== 'run.ts')
  .filter((name) => wanted.length === 0 || wanted.includes(name.replace(/\.ts$/, '')))
  .sort();

const machine = machineFacts(new Date());
const said = new Map<string, string>();
for (const bench of benches) {
  console.log(`\n== ${bench}`);
  const { status, out } = await run(join(folder, bench));
  said.set(bench.replace(/\.ts$/, ''), out);
  if (status !== 0) process.exitCode = 1;
}
const measured = measure(CLAIMS, said);
const shown = wanted.length === 0 ? measured : measured.filter(({ ratio }) => ratio !== null);
const table = tableText(shown, machine);
console.log(`\n${table}`);
writeFileSync(join(folder, 'results.json'), `${JSON.stringify({ machine, measured }, null, 2)}\n`);
if (process.argv.includes('--readme')) {
  const readme = join(folder, '..', 'README.md');
  writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), table));
}
if (measured.some(({ holds }) => holds === false)) process.exitCode = 1;

function run(file: string): Promise<{ readonly status: number | null; readonly out: string }> {
  const flags = ['--no-warnings', '--expose-gc', '--max-semi-space-size=64'];
  const child = spawn(process.execPath, [...flags, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    out += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, out })));
}
