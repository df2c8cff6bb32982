import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchFolder } from './watch-folder.ts';

const POLL = 20;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-watch-'));
  mkdirSync(join(folder, 'subjects'));
  writeFileSync(join(folder, 'subjects', 'a.yaml'), 'id: a\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('watching a folder', () => {
  it.each<[string, () => void]>([
    ['a file that was written', () => writeFileSync(join(folder, 'subjects', 'a.yaml'), 'id: aa\n')],
    ['a new file', () => writeFileSync(join(folder, 'subjects', 'b.yaml'), '')],
    ['a file that went', () => rmSync(join(folder, 'subjects', 'a.yaml'))],
    [
      'a file of the same size and name put in its place',
      () => {
        writeFileSync(join(folder, 'new'), 'id: b\n');
        renameSync(join(folder, 'new'), join(folder, 'subjects', 'a.yaml'));
      },
    ],
    ['the folder itself going', () => rmSync(folder, { recursive: true })],
  ])('tells of %s, once', async (_what, change) => {
    let told = 0;
    const watch = watchFolder(
      folder,
      () => {
        told += 1;
      },
      POLL,
    );
    await sleep(5 * POLL);
    expect(told).toBe(0);
    change();
    await until(() => told > 0);
    await sleep(5 * POLL);
    await watch.stop();
    expect(told).toBe(1);
  });

  it('waits while a file is being written', async () => {
    let told = 0;
    const watch = watchFolder(
      folder,
      () => {
        told += 1;
      },
      400,
    );
    await sleep(50);
    for (let round = 0; round < 60; round += 1) {
      writeFileSync(join(folder, 'subjects', 'a.yaml'), 'x'.repeat(round + 10));
      await sleep(20);
      expect(told).toBe(0);
    }
    await until(() => told > 0);
    await watch.stop();
    expect(told).toBe(1);
  });

  it('tells nothing more once stopped', async () => {
    let told = 0;
    const watch = watchFolder(
      folder,
      () => {
        told += 1;
      },
      POLL,
    );
    await watch.stop();
    writeFileSync(join(folder, 'subjects', 'b.yaml'), '');
    await sleep(5 * POLL);
    expect(told).toBe(0);
  });
});

async function until(met: () => boolean): Promise<void> {
  for (let waited = 0; !met(); waited += 10) {
    if (waited > 10_000) throw new Error('nothing was told in 10 s');
    await sleep(10);
  }
}
