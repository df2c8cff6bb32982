import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds; throws after `limitMs`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  limitMs = 10_000,
  what = 'the condition',
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what} did not come true in ${limitMs} ms`);
    await sleep(20);
  }
}
