import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFault } from '../core/result.ts';
import { openKeyFile, readKeyFile } from './key-file.ts';
import { storeKeys } from './store-keys.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-keys-'));
  file = join(folder, 'data', 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = Date.UTC(2026, 0, 31, 9, 30);

async function opened() {
  const result = await openKeyFile({ keyFile: file, kek: null }, now);
  if (!result.ok) throw new Error(result.error.map(describeFault).join('\n'));
  return result.value;
}

describe('the key file', () => {
  it('is made once, private, and read the same afterwards', async () => {
    const first = await opened();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'data'))).toEqual(['keys.json']);
    const again = await readKeyFile({ keyFile: file, kek: null });
    expect(again.ok && again.value?.current).toEqual(first.current);
  });

  it('is one file for processes that start at once', async () => {
    const rings = await Promise.all(Array.from({ length: 8 }, opened));
    expect(new Set(rings.map((ring) => ring.current.id)).size).toBe(1);
  });

  it('is not made by reading', async () => {
    expect(await readKeyFile({ keyFile: file, kek: null })).toEqual({ ok: true, value: null });
  });

  it('gives the store its keys', async () => {
    const ring = await opened();
    const keys = storeKeys(ring);
    expect(keys.all).toEqual([keys.current]);
    expect(keys.current.key).toEqual(ring.current.content);
  });

  it.each([
    [
      'read by everybody',
      () => chmodSync(file, 0o644),
      'FILE: can be read by everybody, make it private: chmod 600 "FILE"',
    ],
    [
      'cut short',
      () => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40)),
      'FILE: is not valid JSON, restore it from its backup',
    ],
    [
      'a key too short',
      () => writeFileSync(file, readFileSync(file, 'utf8').replace(/"secret": "[^"]*"/, '"secret": "AAAA"')),
      'FILE: keys[0].secret: is no key, 32 bytes in base64 are needed: restore the file from its backup',
    ],
    [
      'without keys',
      () => writeFileSync(file, '{"version":1,"keys":[]}'),
      'FILE: keys: has too few items, at least 1 needed',
    ],
  ])('is refused where it is %s, and never replaced', async (_what, damage, line) => {
    await opened();
    damage();
    const before = readFileSync(file);
    const result = await openKeyFile({ keyFile: file, kek: null }, now);
    expect(result.ok ? [] : result.error.map((fault) => describeFault(fault).replaceAll(file, 'FILE'))).toEqual([line]);
    expect(readFileSync(file)).toEqual(before);
  });

  it('says where its folder cannot be made', async () => {
    writeFileSync(join(folder, 'data'), '');
    const result = await openKeyFile({ keyFile: file, kek: null }, now);
    expect(result.ok ? '' : describeFault(result.error[0] as never)).toMatch(
      /keys\.json: cannot be (read|written) \(ENOTDIR\), let /,
    );
  });
});
