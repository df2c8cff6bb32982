import { readFileSync } from 'node:fs';
import type { SmtpNextHopSettings } from '../gateway/smtp-next-hop.ts';
import type { MailSettings } from '../service/mail-settings.ts';
import { CannotRun } from './command.ts';

/** The servers that cleared mail goes to, with the password for them where one is set. */
export function nextHops({ nextHops, nextHopAuth }: MailSettings, name: string): readonly SmtpNextHopSettings[] {
  const secret = nextHopAuth === null ? {} : { credentials: readCredentials(nextHopAuth) };
  return nextHops.map((hop) => ({ ...hop, name, ...secret }));
}

function readCredentials(path: string): { readonly user: string; readonly password: string } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new CannotRun(`HOLDFAST_NEXT_HOP_AUTH: ${path} cannot be read, name a file that this user may read`);
  }
  const line = text.split(/\r?\n/)[0] ?? '';
  const colon = line.indexOf(':');
  if (colon < 1 || colon === line.length - 1) {
    throw new CannotRun(`${path}:1: is not user:password, write the user, a colon and the password in one line`);
  }
  return { user: line.slice(0, colon), password: line.slice(colon + 1) };
}
