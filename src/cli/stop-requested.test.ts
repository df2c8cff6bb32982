import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));
const MODULE = join(import.meta.dirname, 'stop-requested.ts');

/** A process that is asked to stop, and then does as told; its exit status and what it said. */
async function endOf(ms: number, then: string): Promise<readonly [number | null, string]> {
  const code = `const { stopRequested } = await import(${JSON.stringify(MODULE)});
    const stop = stopRequested({ ms: ${ms}, tell: () => console.log('late') });
    const work = setInterval(() => {}, 1000);
    console.log('ready');
    await stop;
    ${then}`;
  const child = spawn(NODE, ['--no-warnings', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [status] = await once(child, 'close');
  return [status, said];
}

it.each<[string, number, string, readonly [number, string]]>([
  ['ends what never finishes, as where the database is gone for good', 200, '', [1, 'ready\nlate\n']],
  ['lets what finishes in time end as it ends', 60_000, 'clearInterval(work);', [0, 'ready\n']],
])('%s', async (_, ms, then, end) => {
  expect(await endOf(ms, then)).toEqual(end);
});
