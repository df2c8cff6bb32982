import { ChunkedMessage } from './chunked-message.ts';

test('a message in thousands of chunks leaves no listeners behind', async () => {
  const message = new ChunkedMessage(async (stream) => {
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Uint8Array>) bytes += chunk.length;
    return { code: 250, text: `${bytes}` };
  }, 1 << 30);
  const before = message.stream.listenerCount('close');
  for (let count = 0; count < 200; count += 1) await message.take(Buffer.alloc(64 * 1024));
  expect(message.stream.listenerCount('close')).toBeLessThan(before + 5);
  expect(message.stream.listenerCount('error')).toBeLessThan(before + 5);
  expect(await message.finish()).toEqual({ code: 250, text: `${200 * 64 * 1024}` });
});

test('a chunk that waits for room ends with a message that is given up', async () => {
  const message = new ChunkedMessage(() => new Promise(() => {}), 1 << 30);
  const taken = message.take(Buffer.alloc(1 << 20));
  message.giveUp();
  await expect(taken).resolves.toBeUndefined();
});
