import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Caller } from '../service/ports.ts';
import { aProblem, type Problem } from './problem.ts';
import { readSession } from './session-cookie.ts';
import type { WebContext } from './web-options.ts';

export type Identity = { readonly via: 'token' | 'session'; readonly caller: Caller };

const CHALLENGE = 'Bearer realm="holdfast"';
const BEARER = /^bearer +([\x21-\x7e]+) *$/i;

/** What a caller's requests are counted by: a digest of the credential, so that no credential stays in memory. */
export function credentialKey(request: Request): string {
  const credential = request.get('authorization') ?? readSession(request);
  if (credential === null || credential === undefined) return `address ${request.ip ?? ''}`;
  return createHash('sha256').update(credential).digest('base64');
}

/** The caller by bearer token or, without one, by session. A wrong token is never helped out by a session. */
export async function identify(
  request: Request,
  { accounts }: Pick<WebContext, 'accounts'>,
): Promise<{ readonly ok: true; readonly value: Identity } | { readonly ok: false; readonly problem: Problem }> {
  const header = request.get('authorization');
  if (header !== undefined) {
    const token = BEARER.exec(header)?.[1];
    const caller = token === undefined ? null : await accounts.byToken(token);
    if (caller !== null) return { ok: true, value: { via: 'token', caller } };
    const detail =
      token === undefined
        ? 'Authorization is not of the form `Bearer TOKEN`; send an API token that way.'
        : 'The API token is not known or has ended; ask an administrator for a new one.';
    return { ok: false, problem: unauthenticated(detail, `${CHALLENGE}, error="invalid_token"`) };
  }
  const session = readSession(request);
  const caller = session === null ? null : await accounts.bySession(session);
  if (caller !== null) return { ok: true, value: { via: 'session', caller } };
  const detail = 'Send an API token as `Authorization: Bearer TOKEN`, or sign in first.';
  return { ok: false, problem: unauthenticated(detail, CHALLENGE) };
}

function unauthenticated(detail: string, challenge: string): Problem {
  return aProblem('unauthenticated', detail, { headers: { 'WWW-Authenticate': challenge } });
}
