import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addMasterKey } from '../registers/keys.ts';
import { changeKeyFile } from './key-file.ts';
import { openLiveKeys } from './live-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-live-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('asks whatever gives the key-encryption key once, and follows the file without it', async () => {
  const asked = join(folder, 'asked');
  writeFileSync(asked, '');
  const key = Buffer.alloc(32, 7).toString('base64');
  const command = `echo asked >> '${asked}'; printf %s '${key}'`;
  const place = { keyFile: join(folder, 'keys.json'), kek: { kind: 'command', command } } as const;
  const first = await openLiveKeys(place, 0);
  if (!first.ok) throw new Error(JSON.stringify(first.error));
  writeFileSync(asked, '');
  const opened = await openLiveKeys(place, 0);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  expect(readFileSync(asked, 'utf8')).toBe('asked\n');
  expect(opened.value.ring.current.id).toBe(first.value.ring.current.id);
  const added = await changeKeyFile(place, (content) =>
    addMasterKey(content, new Uint8Array(32).fill(9), '2016-01-01T00:00:00Z'),
  );
  if (!added.ok) throw new Error(JSON.stringify(added.error));
  writeFileSync(asked, '');
  opened.value.reread();
  expect(readFileSync(asked, 'utf8')).toBe('');
  expect([...opened.value.ring.byId.keys()]).toEqual(added.value.keys.map(({ id }) => id));
});
