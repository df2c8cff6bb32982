import { memorySource } from '../../src/core/byte-source.ts';
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
