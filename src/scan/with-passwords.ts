import type { Opener } from './engine.ts';

/** An opener that tries the register's passwords on whatever is encrypted. */
export function withPasswords(open: Opener, passwords: readonly string[]): Opener {
  return passwords.length === 0 ? open : (request) => open({ ...request, passwords });
}
