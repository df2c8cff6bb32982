import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFault } from '../core/result.ts';
import { type FolderShape, readFolder } from './read-folder.ts';

const shape: FolderShape = { folders: ['embargoes', 'sensitivity'], files: ['policy.yaml'], what: 'register' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-folder-'));
  mkdirSync(join(folder, 'embargoes'));
  writeFileSync(join(folder, 'embargoes', 'b.yaml'), 'id: b\n');
  writeFileSync(join(folder, 'embargoes', 'a.yml'), 'id: a\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function faults(at = folder): Promise<readonly string[]> {
  const read = await readFolder(at, shape);
  return read.ok ? [] : read.error.map((fault) => describeFault(fault).replaceAll(folder, 'F'));
}

async function paths(): Promise<readonly string[]> {
  const read = await readFolder(folder, shape);
  if (!read.ok) throw new Error(read.error.map(describeFault).join('\n'));
  return read.value.files.map(({ path }) => path);
}

describe('what is read', () => {
  it('is every .yaml and .yml file of the sub-folders, in order, and the files that are named', async () => {
    writeFileSync(join(folder, 'policy.yaml'), 'a: 1\n');
    writeFileSync(join(folder, 'embargoes', 'notes.txt'), 'no entry');
    writeFileSync(join(folder, 'embargoes', 'c.yaml~'), 'no entry');
    expect(await paths()).toEqual(['embargoes/a.yml', 'embargoes/b.yaml', 'policy.yaml']);
  });

  it('follows links to regular files', async () => {
    writeFileSync(join(folder, 'kept-elsewhere'), 'id: c\n');
    symlinkSync('../kept-elsewhere', join(folder, 'embargoes', 'c.yaml'));
    expect(await paths()).toContain('embargoes/c.yaml');
  });

  it('leaves a byte order mark out of the text', async () => {
    writeFileSync(join(folder, 'embargoes', 'a.yml'), '\ufeffid: a\n');
    const read = await readFolder(folder, shape);
    expect(read.ok && read.value.files[0]?.text).toBe('id: a\n');
  });
});

describe('what looks as if it were read and is not', () => {
  it.each([
    [
      'a folder inside',
      () => mkdirSync(join(folder, 'embargoes', '2016')),
      'F/embargoes/2016: is a folder and is not read, move its files one level up',
    ],
    [
      'a file beside',
      () => writeFileSync(join(folder, 'a.yaml'), 'id: a\n'),
      'F/a.yaml: is not read, move it into embargoes/, sensitivity/',
    ],
  ])('%s is warned of', async (_what, make, line) => {
    make();
    const read = await readFolder(folder, shape);
    expect(read.ok && read.value.warnings.map((fault) => describeFault(fault).replaceAll(folder, 'F'))).toEqual([line]);
  });
});

describe('what stops the reading, one line each', () => {
  const file = () => join(folder, 'embargoes', 'x.yaml');
  it.each([
    [
      'a folder of such a name',
      () => mkdirSync(file()),
      'F/embargoes/x.yaml: is a folder, and only regular files may have such a name: rename or remove it',
    ],
    [
      'a dangling link',
      () => symlinkSync('nowhere', file()),
      'F/embargoes/x.yaml: is a link that leads nowhere, mend or remove it',
    ],
    [
      'a link to itself',
      () => symlinkSync('x.yaml', file()),
      'F/embargoes/x.yaml: is a link that leads nowhere, mend or remove it',
    ],
    [
      'a link to a folder',
      () => symlinkSync('.', file()),
      'F/embargoes/x.yaml: is a folder, and only regular files may have such a name: rename or remove it',
    ],
    ['a pipe', () => execFileSync('mkfifo', [file()]), 'F/embargoes/x.yaml: is no regular file, remove it'],
    [
      'a file over 1 MB',
      () => writeFileSync(file(), `# ${'x'.repeat(1_000_000)}`),
      'F/embargoes/x.yaml: is larger than 1 MB, split it or remove what is not needed',
    ],
    [
      'a file in another encoding',
      () => writeFileSync(file(), Buffer.from('id: x\ntitle: Caf\xe9\n', 'latin1')),
      'F/embargoes/x.yaml:2: is not UTF-8, save it as UTF-8 text',
    ],
    [
      'UTF-16',
      () => writeFileSync(file(), Buffer.from('\ufeffid: x\n', 'utf16le')),
      'F/embargoes/x.yaml:1: is not UTF-8, save it as UTF-8 text',
    ],
  ])('%s', async (_what, make, line) => {
    make();
    expect(await faults()).toEqual([line]);
  });

  it('a folder that is not there', async () => {
    expect(await faults(join(folder, 'gone'))).toEqual([
      'F/gone: there is no such register folder, create it or name another',
    ]);
  });

  it('a file in place of the folder', async () => {
    writeFileSync(join(folder, 'plain'), '');
    expect(await faults(join(folder, 'plain'))).toEqual(['F/plain: is no folder, name the register folder itself']);
  });

  it('a file in place of a sub-folder', async () => {
    writeFileSync(join(folder, 'sensitivity'), '');
    expect(await faults()).toEqual(['F/sensitivity: is no folder, name the register folder itself']);
  });

  const asRoot = process.getuid?.() === 0;
  (asRoot ? it.skip : it)('a file that may not be read', async () => {
    writeFileSync(file(), 'id: x\n');
    chmodSync(file(), 0);
    expect(await faults()).toEqual([
      'F/embargoes/x.yaml: cannot be read (EACCES), let the user that runs holdfast read it',
    ]);
  });
});
