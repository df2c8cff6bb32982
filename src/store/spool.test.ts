import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSpools } from './spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the spool of a large message', () => {
  it.each([
    [0, 1],
    [1, 1],
    [1 << 20, 1000],
    [(1 << 20) + 1, 1 << 20],
    [3_500_000, 65_536],
    [3_500_000, 3_000_000],
  ])('gives %i bytes back that came in pieces of %i', async (bytes, piece) => {
    const content = randomBytes(bytes);
    const spool = createSpools(folder)();
    for (let at = 0; at < bytes; at += piece) await spool.append(content.subarray(at, at + piece));
    const source = await spool.finish();
    expect(source.size).toBe(bytes);
    const streamed: Uint8Array[] = [];
    for await (const chunk of source.stream()) streamed.push(chunk);
    expect(Buffer.concat(streamed).equals(content)).toBe(true);
    for (const [start, end] of [
      [0, 9],
      [(1 << 20) - 2, (1 << 20) + 2],
      [5, bytes + 5],
    ] as const)
      expect(Buffer.from(await source.read(start, end)).equals(content.subarray(start, end))).toBe(true);
    await spool.close();
  });

  it('has no name in its folder, and nothing is left of it', async () => {
    const spool = createSpools(folder)();
    await spool.append(randomBytes(2_000_000));
    expect(readdirSync(folder)).toEqual([]);
    const source = await spool.finish();
    await spool.close();
    await expect(source.read(0, 1)).rejects.toThrow('closed');
  });

  it('says nothing of the message in its bytes', async () => {
    const spool = createSpools(folder)() as unknown as {
      append(bytes: Uint8Array): Promise<void>;
      close(): Promise<void>;
      file: {
        stat(): Promise<{ size: number }>;
        read(into: Uint8Array, offset: number, length: number, at: number): Promise<unknown>;
      };
    };
    await spool.append(Buffer.alloc(1 << 20, 'record employment '));
    const { size } = await spool.file.stat();
    const bytes = Buffer.alloc(size);
    await spool.file.read(bytes, 0, size, 0);
    expect(size).toBeGreaterThan(1 << 20);
    expect(bytes.includes('employment')).toBe(false);
    await spool.close();
  });
});
