import { takeTurns } from './take-turns.ts';

it('runs no more at a time than there are places, in the order they came, whatever fails', async () => {
  const inTurn = takeTurns(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const ends = await Promise.allSettled(
    [0, 1, 2, 3, 4, 5].map((number) =>
      inTurn(async () => {
        order.push(number);
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        if (number % 2 === 0) throw new Error('failed');
        return number;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  expect(ends.map(({ status }) => status === 'fulfilled')).toEqual([false, true, false, true, false, true]);
});
