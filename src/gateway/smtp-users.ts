import { createHmac, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import argon2 from 'argon2';
import type { SMTPServerSession } from 'smtp-server';

export interface SmtpUser {
  readonly name: string;
  /** Addresses, lower case, that the user may send from; `*@domain` is all of a domain, null any. */
  readonly senders: readonly string[] | null;
}

interface KnownUser extends SmtpUser {
  readonly hash: string;
}

export type UsersReading =
  | { readonly ok: true; readonly value: ReadonlyMap<string, KnownUser> }
  | { readonly ok: false; readonly line: number; readonly fault: string };

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane. */
const ARGON2 = { type: argon2.argon2id, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
const EXAMPLE = 'expected name:$argon2id$... or name:$argon2id$...:sender@department.example,*@other.example';

/** Reads the users: a line each, `name:hash` or `name:hash:senders`; `#` begins a remark. */
export function parseSmtpUsers(text: string): UsersReading {
  const users = new Map<string, KnownUser>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const fault = (what: string): UsersReading => ({ ok: false, line: index + 1, fault: what });
    const [name = '', hash = '', senders, ...more] = line.trim().split(':');
    if (name === '' || /\p{Cc}/u.test(name) || more.length > 0) return fault(`is no user, ${EXAMPLE}`);
    if (!/^\$argon2id\$v=\d+\$[\w=,]+\$[\w+/]+\$[\w+/]+$/.test(hash)) {
      return fault('has no argon2id hash, make the line by `holdfast smtp-user NAME`');
    }
    if (users.has(name)) return fault('names a user for the second time, leave one of the lines');
    const addresses = senders?.split(',').map((one) => one.trim().toLowerCase());
    if (addresses?.some((one) => !/^[^\s@*]+@[^\s@*]+$|^\*@[^\s@*]+$/.test(one)) === true) {
      return fault(`has a sender that is no address, ${EXAMPLE}`);
    }
    users.set(name, { name, hash, senders: addresses ?? null });
  }
  return { ok: true, value: users };
}

/** A line of the users file. */
export async function makeSmtpUser(name: string, password: string, senders: string | null): Promise<string> {
  const hash = await argon2.hash(password, ARGON2);
  return [name, hash, ...(senders === null ? [] : [senders])].join(':');
}

/** Who may sign in to the gateway. */
export interface SmtpUsers {
  /** Null on a wrong name or password, after the same time. Rejects where the users cannot be read. */
  signIn(name: string, password: string): Promise<SmtpUser | null>;
}

/** A client that signs in for every message pays for its hash once in this time. */
const REMEMBERED_MS = 300_000;
const REMEMBERED = 1000;

/** The users of a file; changes to it count from the next one to sign in. Call `signIn` only under TLS. */
export function createSmtpUsers(path: string, now: () => number): SmtpUsers {
  const remembered = new Map<string, number>();
  const secret = randomBytes(32);
  let read: { readonly stamp: string; readonly users: ReadonlyMap<string, KnownUser> } | null = null;
  let nobody: Promise<string> | null = null;

  async function users(): Promise<ReadonlyMap<string, KnownUser>> {
    const { mtimeMs, size, ino } = await stat(path);
    const stamp = `${mtimeMs} ${size} ${ino}`;
    if (read?.stamp === stamp) return read.users;
    const reading = parseSmtpUsers(await readFile(path, 'utf8'));
    if (!reading.ok) throw new Error(`${path}:${reading.line}: ${reading.fault}`);
    remembered.clear();
    read = { stamp, users: reading.value };
    return reading.value;
  }

  return {
    async signIn(name, password) {
      const user = (await users()).get(name);
      const mark = createHmac('sha256', secret).update(`${name}\0${password}`).digest('base64');
      const until = remembered.get(mark);
      if (user !== undefined && until !== undefined && until > now()) return user;
      nobody ??= argon2.hash(randomBytes(16), ARGON2);
      const matches = await argon2.verify(user?.hash ?? (await nobody), password);
      if (user === undefined || !matches) return null;
      if (remembered.size >= REMEMBERED) remembered.clear();
      remembered.set(mark, now() + REMEMBERED_MS);
      return user;
    },
  };
}

/** Who signed in to a session; null: nobody. */
export function userOf(session: SMTPServerSession): SmtpUser | null {
  const user: unknown = session.user;
  return isUser(user) ? user : null;
}

function isUser(value: unknown): value is SmtpUser {
  return typeof value === 'object' && value !== null && 'name' in value && 'senders' in value;
}
