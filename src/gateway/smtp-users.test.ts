import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSmtpUsers, makeSmtpUser, parseSmtpUsers } from './smtp-users.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-users-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HASH = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g';

test('reads a user a line, with the addresses it may send from', () => {
  const reading = parseSmtpUsers(
    `# mail systems\n\nmta:${HASH}\nforms:${HASH}:Forms@Department.example, *@forms.example\n`,
  );
  expect(reading.ok ? [...reading.value.values()].map(({ name, senders }) => ({ name, senders })) : reading).toEqual([
    { name: 'mta', senders: null },
    { name: 'forms', senders: ['forms@department.example', '*@forms.example'] },
  ]);
});

test.each([
  ['a password in the clear', 'mta:secret', /argon2id/],
  ['no name', `:${HASH}`, /is no user/],
  ['too many fields', `mta:${HASH}:a@b.example:x`, /is no user/],
  ['a sender that is none', `mta:${HASH}:everybody`, /sender that is no address/],
  ['a user twice', `mta:${HASH}\nmta:${HASH}`, /second time/],
])('names the line with %s', (_, text, fault) => {
  const lines = text.split('\n').length;
  const reading = parseSmtpUsers(text);
  expect(reading).toMatchObject({ ok: false, line: lines });
  expect(reading.ok ? '' : reading.fault).toMatch(fault);
});

test('lets in who knows the password, nobody else, and sees at once that the file has changed', async () => {
  const path = join(folder, 'users');
  writeFileSync(path, `${await makeSmtpUser('mta', 'correct horse', null)}\n`);
  const users = createSmtpUsers(path, () => 0);
  expect(await users.signIn('mta', 'correct horse')).toMatchObject({ name: 'mta', senders: null });
  expect(await users.signIn('mta', 'correct horse')).toMatchObject({ name: 'mta' });
  expect(await users.signIn('mta', 'wrong')).toBeNull();
  expect(await users.signIn('nobody', 'correct horse')).toBeNull();
  writeFileSync(path, `${await makeSmtpUser('mta', 'battery staple', 'a@b.example')}\n`);
  expect(await users.signIn('mta', 'correct horse')).toBeNull();
  expect(await users.signIn('mta', 'battery staple')).toMatchObject({ senders: ['a@b.example'] });
  rmSync(path);
  await expect(users.signIn('mta', 'battery staple')).rejects.toThrow('ENOENT');
});
