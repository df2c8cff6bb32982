import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describeWithPostfix } from './services/real-servers.ts';

// A few of the faults that `npm run chaos` strikes (docs/chaos.md), at each change.

describeWithPostfix('while things break', () => {
  test('nothing is lost, nothing leaks, and nothing is repeated but from the window that cannot be closed', async () => {
    const child = spawn(
      process.execPath,
      ['--no-warnings', join(import.meta.dirname, 'chaos/run.ts'), '--seed', '1', '--quick'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(said).toContain('every promise held');
    expect(code).toBe(0);
  }, 600_000);
});
