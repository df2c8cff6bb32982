import { memorySource, readAll } from '../core/byte-source.ts';
import { type CompoundEntry, readCompoundFile } from './compound-file.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from './extractor.ts';
import { BUILT_IN_PASSWORDS, readOfficeLock } from './office-crypto.ts';
import { tryPasswords } from './try-passwords.ts';

/** Encrypted OOXML: tried with the passwords at hand, and incomplete where none fits. Rights-managed files are always incomplete. */
export const encryptedOffice: Extractor = {
  name: 'encrypted-office',
  types: ['application/x-ole-encrypted-package'],
  async *extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> {
    const root = readCompoundFile(await readAll(part.source));
    const info = stream(root, 'EncryptionInfo');
    const encrypted = stream(root, 'EncryptedPackage');
    const lock = info === null ? null : readOfficeLock(info.read());
    if (lock !== null && encrypted !== null) {
      const bytes = encrypted.read();
      context.budget.takeBytes(bytes.length);
      const opened = await tryPasswords(context, BUILT_IN_PASSWORDS, (password) => lock.open(password, bytes));
      if (opened !== null) {
        yield { kind: 'part', step: 'decrypted', name: part.name, declaredType: null, source: memorySource(opened) };
        return;
      }
    }
    yield { kind: 'incomplete', step: null, reason: 'encrypted', detail: 'the document needs a password' };
  },
};

function stream(root: CompoundEntry, name: string): CompoundEntry | null {
  return root.children.find((entry) => entry.kind === 'stream' && entry.name === name) ?? null;
}
