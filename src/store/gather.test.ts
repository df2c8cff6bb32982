import { gather } from './gather.ts';

test('calls made together share a batch, and each gets its own answer', async () => {
  const batches: number[][] = [];
  const double = gather(async (batch: readonly number[]) => {
    batches.push([...batch]);
    return batch.map((one) => one * 2);
  });
  expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6]);
  expect(await double(4)).toBe(8);
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

test('what is called while a batch runs goes in the next', async () => {
  const sizes: number[] = [];
  const slow = gather(async (batch: readonly number[]) => {
    sizes.push(batch.length);
    await new Promise((resolve) => setTimeout(resolve, 20));
    return batch;
  });
  const first = slow(0);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([first, ...Array.from({ length: 100 }, (_, index) => slow(index))]);
  expect(sizes).toEqual([1, 64, 36]);
});

test('one bad call fails nobody else', async () => {
  const picky = gather(async (batch: readonly number[]) => {
    if (batch.includes(13)) throw new Error('13 is bad');
    return batch;
  });
  const settled = await Promise.allSettled([1, 13, 2].map(picky));
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
