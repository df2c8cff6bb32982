import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-folder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('making a folder', () => {
  it('makes those above it too, private where that is asked for, and a second time changes nothing', () => {
    const deep = join(folder, 'a', 'b', 'c');
    makeFolder(deep, 0o700);
    makeFolder(deep, 0o700);
    expect(statSync(deep).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['is a file', () => join(folder, 'file'), 'EEXIST'],
    ['lies below a file', () => join(folder, 'file', 'a'), /ENOTDIR|EEXIST/],
    ['lies where nothing can be made', () => '/proc/holdfast/data', 'ENOENT'],
  ])('fails, and returns, when it %s', (_what, path, code) => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolder(path())).toThrow(code);
  });
});
