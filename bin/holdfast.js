#!/usr/bin/env node
// Starts the built product on a Node that can run it: this one, or the one that the `node` package brings.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist', 'main.js');
const entry = existsSync(built) ? built : join(root, 'src', 'main.ts');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const packaged = join(root, 'node_modules', 'node', 'bin', 'node');

if (major > 22 || (major === 22 && minor >= 18)) {
  module.enableCompileCache?.();
  await import(entry);
} else if (existsSync(packaged)) {
  const child = spawn(packaged, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 2);
  });
} else {
  process.stderr.write(`holdfast: Node ${process.versions.node} is too old, install Node 22.18 or later\n`);
  process.exitCode = 2;
}
