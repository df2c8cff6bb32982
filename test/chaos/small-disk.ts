import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** False where this machine lets nobody mount: then it is a folder as any other. */
export function mountDisk(folder: string, size: string): boolean {
  mkdirSync(folder, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'holdfast-chaos', folder]).status === 0;
}

export function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr ?? error?.message}`);
}
