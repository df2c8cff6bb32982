import type { ServerReply } from './smtp-reply-reader.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

/**
 * Signs in to a server (RFC 4954) by PLAIN, or by LOGIN where only that is offered; answers what went wrong, null where nothing did.
 *
 * `offered` are the mechanisms of EHLO. The caller answers for the connection being a verified one.
 */
export async function signIn(
  { user, password }: Credentials,
  offered: string | undefined,
  command: (line: string) => Promise<ServerReply>,
): Promise<string | null> {
  const mechanisms = (offered ?? '').toUpperCase().split(/\s+/);
  if (mechanisms.includes('PLAIN')) {
    const answer = await command(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`);
    return answer.code === 235 ? null : refused(answer);
  }
  if (!mechanisms.includes('LOGIN')) return 'server offers neither AUTH PLAIN nor AUTH LOGIN';
  for (const line of ['AUTH LOGIN', base64(user)]) {
    const answer = await command(line);
    if (answer.code !== 334) return refused(answer);
  }
  const last = await command(base64(password));
  return last.code === 235 ? null : refused(last);
}

function refused({ code, text }: ServerReply): string {
  return `AUTH was answered ${code} ${text}`;
}
