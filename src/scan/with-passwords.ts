import type { ByteSource } from '../core/byte-source.ts';
import { parseAddresses } from '../extract/mail-address.ts';
import type { Opener } from './engine.ts';
import type { RecentPasswords } from './recent-passwords.ts';

/** Bytes in which a mail's sender stands, or is not looked for. */
const HEAD = 32 * 1024;

/**
 * An opener that tries, on whatever is encrypted, the passwords that the sender's latest mails named and then the register's.
 * What the opened mail itself names is found while it is opened.
 */
export function withPasswords(open: Opener, passwords: readonly string[], recent?: RecentPasswords): Opener {
  if (recent === undefined) return passwords.length === 0 ? open : (request) => open({ ...request, passwords });
  return async (request) => {
    const sender = request.kind === 'email' ? await senderOf(request.source) : null;
    const named = sender === null ? [] : recent.of(sender);
    const opened = await open({ ...request, passwords: [...new Set([...named, ...passwords])] });
    if (request.kind === 'email') recent.learn(opened);
    return opened;
  };
}

async function senderOf(source: ByteSource): Promise<string | null> {
  const bytes = await source.read(0, HEAD);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const end = /\r?\n\r?\n/.exec(head)?.index ?? head.length;
  const from = /^from:((?:.|\r?\n[ \t])*)/im.exec(head.slice(0, end))?.[1];
  return from === undefined ? null : (parseAddresses(from)[0]?.toLowerCase() ?? null);
}
