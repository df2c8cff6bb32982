#!/usr/bin/env node
// Builds `dist` for `bin` and the image. A packed tarball has no TypeScript and already carries `dist`.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
if (existsSync(tsc)) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const built = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
  process.exitCode = built.status ?? 1;
  // What the pages read at run time and the compiler does not see.
  for (const folder of ['templates', 'public']) {
    cpSync(join(root, 'src', 'web', folder), join(root, 'dist', 'web', folder), { recursive: true });
  }
  cpSync(join(root, 'src', 'store', 'migrations'), join(root, 'dist', 'store', 'migrations'), { recursive: true });
  // Proven once here, so that no short command has to; rules that fail are named, and refused when they are loaded.
  const packaged = join(root, 'node_modules', 'node', 'bin', 'node');
  const node = existsSync(packaged) ? packaged : process.execPath;
  spawnSync(node, [join(root, 'bin', 'prove-rules.js')], { stdio: 'inherit' });
  // npm links a package's own bin nowhere; with the link `npx holdfast` finds it at once.
  const link = join(root, 'node_modules', '.bin', 'holdfast');
  rmSync(link, { force: true });
  if (process.platform !== 'win32') symlinkSync(join('..', '..', 'bin', 'holdfast.js'), link);
}
