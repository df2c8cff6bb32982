import { quote } from '../text/explain-issue.ts';
import type { KeyPath } from '../text/read-yaml.ts';
import type { RegisterContext } from './register-context.ts';
import { openPassword, type PasswordDocument, sealPassword } from './seal-password.ts';

export interface ReadPasswords {
  /** As they may be kept: with a key all are sealed, and without one none in the clear is left. */
  readonly kept: readonly PasswordDocument[];
  readonly open: readonly string[];
}

/** The passwords of an entry; one that cannot be opened with the keys at hand is said, and not tried. */
export function readPasswords(
  entry: { readonly id: string; readonly passwords?: readonly PasswordDocument[] | undefined },
  { key }: RegisterContext,
  fault: (path: KeyPath, message: string) => void,
  warn: (path: KeyPath, message: string) => void,
): ReadPasswords {
  const kept: PasswordDocument[] = [];
  const open: string[] = [];
  for (const [index, password] of (entry.passwords ?? []).entries()) {
    const path = ['passwords', index];
    if (typeof password === 'string') warn(path, 'is in the clear, run `holdfast registers seal` on the folder');
    const text = key === undefined ? null : openPassword(password, entry.id, key);
    if (text !== null) open.push(text);
    else if (key !== undefined && typeof password !== 'string') {
      if (key.byId.has(password.sealed.key))
        fault(path, 'was sealed for another entry, or is damaged: write the password anew');
      else
        warn(
          path,
          `needs the key ${quote(password.sealed.key)}, which the key file lacks, so this password is not tried: use the key file it was sealed with`,
        );
    }
    if (key !== undefined) kept.push(sealPassword(password, entry.id, key));
    else if (typeof password !== 'string') kept.push(password);
  }
  return { kept, open };
}
