import { memorySource } from '../../src/core/byte-source.ts';
import { RecentPasswords } from '../../src/scan/recent-passwords.ts';
import { createScanPool } from '../../src/scan/scan-pool.ts';
import { withPasswords } from '../../src/scan/with-passwords.ts';

/** `note.txt`, "Record employment, at last.", under the password `s3cret-words`: made by 7-Zip (AES-256) and by zip (ZipCrypto). */
const LOCKED: Readonly<Record<string, string>> = {
  'note.7z':
    'N3q8ryccAAS7NRn8IAAAAAAAAABqAAAAAAAAAIREjXoDZpqk3LJ3maBRACC+MuwOTXMPm2ZrdwwjxFOeprqEMQEEBgABCSAABwsBAAIkBvEHARJTD1/AS9X9SezsFCOKBmqYT/ohIQEAAQAMIBwACAoBbn5kFgAABQEZAQAREwBuAG8AdABlAC4AdAB4AHQAAAAZABQKAQBQRxO1hHrdARUGAQAggKSBAAA=',
  'note.zip':
    'UEsDBAoACQAAAPhqdl1ufmQWKAAAABwAAAAIABwAbm90ZS50eHRVVAkAA+TsAmvk7AJrdXgLAAEEAAAAAAQAAAAAkiGy9Y+vL7t8urPb/XAeLsT0lpadwSfTXPQZOazDAspDqsSbChE5VlBLBwhufmQWKAAAABwAAABQSwECHgMKAAkAAAD4anZdbn5kFigAAAAcAAAACAAYAAAAAAABAAAApIEAAAAAbm90ZS50eHRVVAUAA+TsAmt1eAsAAQQAAAAABAAAAABQSwUGAAAAAAEAAQBOAAAAegAAAAAA',
};

const pool = createScanPool({ size: 1 });
afterAll(() => pool.close());

async function textsOf(name: string, passwords: readonly string[]) {
  const source = memorySource(Buffer.from(LOCKED[name] ?? '', 'base64'));
  const { parts } = await withPasswords(pool.open, passwords)({ kind: 'file', name, source });
  return parts.flatMap(({ content }) => {
    if (content.kind === 'incomplete') return [content.reason];
    return content.kind === 'text' && content.role !== 'name' ? [content.text.trim()] : [];
  });
}

describe('an encrypted archive, opened in a child process', () => {
  it.each(['note.7z', 'note.zip'])('%s is read with the password of a register entry', async (name) => {
    expect(await textsOf(name, ['wrong', 's3cret-words'])).toEqual(['Record employment, at last.']);
  });

  it.each(['note.7z', 'note.zip'])('%s is incomplete without it', async (name) => {
    expect(await textsOf(name, ['wrong'])).toContain('encrypted');
  });
});

describe('an encrypted archive in a mail', () => {
  const attached = (from: string, before = '', after = ''): string =>
    [
      `From: A <${from}>`,
      'To: b@example.org',
      'Subject: The note',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      ...(before === '' ? [] : ['--x', '', before]),
      '--x',
      'Content-Type: application/zip; name=note.zip',
      'Content-Transfer-Encoding: base64',
      '',
      LOCKED['note.zip'],
      ...(after === '' ? [] : ['--x', '', after]),
      '--x--',
      '',
    ].join('\r\n');
  const note = (from: string): string => `From: ${from}\r\nSubject: Password\r\n\r\nThe password is s3cret-words\r\n`;
  const recent = new RecentPasswords();
  const open = async (mail: string): Promise<string> => {
    const { parts } = await withPasswords(
      pool.open,
      [],
      recent,
    )({ kind: 'email', name: 'm.eml', source: memorySource(Buffer.from(mail)) });
    return parts
      .map(({ content }) => ('text' in content ? content.text : `!${'reason' in content ? content.reason : ''}`))
      .join();
  };

  it.each([
    ['before it', 'The password is s3cret-words.', ''],
    ['behind it', '', 'The password is s3cret-words.'],
  ])('is read with the password that stands %s', async (_, before, after) => {
    expect(await open(attached('one@example.org', before, after))).toContain('Record employment, at last.');
  });

  it('is read with the password of the same sender’s mail before it, and of nobody else’s', async () => {
    await open(note('two@example.org'));
    expect(await open(attached('Two@example.org'))).toContain('Record employment, at last.');
    expect(await open(attached('three@example.org'))).toContain('!encrypted');
  });
});
