import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));
const MODULE = join(import.meta.dirname, 'stop-requested.ts');

/** A process that is asked to stop, and then does as told; its exit status. */
async function statusOf(argument: string, then: string): Promise<number | null> {
  const code = `const { stopRequested } = await import(${JSON.stringify(MODULE)});
    const stop = stopRequested(${argument});
    const work = setInterval(() => {}, 1000);
    console.log('ready');
    await stop;
    ${then}`;
  const child = spawn(NODE, ['--no-warnings', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [status] = await once(child, 'close');
  return status;
}

it.each([
  ['ends what never finishes, as where the database is gone for good', '200', '', 1],
  ['lets what finishes in time end as it ends', '60_000', 'clearInterval(work);', 0],
])('%s', async (_, argument, then, status) => {
  expect(await statusOf(argument, then)).toBe(status);
});
