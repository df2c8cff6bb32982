import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Runs every bench in this folder, or those named, one after the other; each prints its own ratios. */
const folder = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const benches = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && name !== 'run.ts')
  .filter((name) => wanted.length === 0 || wanted.includes(name.replace(/\.ts$/, '')))
  .sort();

console.log(
  `${cpus().length} cores (${cpus()[0]?.model}), ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.version}`,
);
for (const bench of benches) {
  console.log(`\n== ${bench}`);
  const ran = spawnSync(
    process.execPath,
    ['--no-warnings', '--expose-gc', '--max-semi-space-size=64', join(folder, bench)],
    { stdio: 'inherit' },
  );
  if (ran.status !== 0) process.exitCode = 1;
}
