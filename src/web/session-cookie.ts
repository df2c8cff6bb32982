import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';

const SESSION = 'holdfast';
/** Binds the sign-in form to the browser it was shown in, before there is a session. */
const VISIT = 'holdfast-visit';
/** Between password and second factor, or while an identity provider is asked: opens nothing by itself. */
const STEP = 'holdfast-step';

/** `__Host-` makes a browser refuse the cookie from another path, a subdomain or plain HTTP. */
function cookieName(request: Request, name: string): string {
  return request.secure ? `__Host-${name}` : name;
}

function readCookie(request: Request, name: string): string | null {
  const wanted = cookieName(request, name);
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === wanted) return pair.slice(at + 1).trim() || null;
  }
  return null;
}

function writeCookie(request: Request, response: Response, name: string, value: string | null): void {
  response.cookie(cookieName(request, name), value ?? '', {
    httpOnly: true,
    sameSite: 'lax',
    secure: request.secure,
    path: '/',
    encode: (text) => text,
    ...(value === null ? { maxAge: 0 } : {}),
  });
}

export const readSession = (request: Request): string | null => readCookie(request, SESSION);
export const writeSession = (request: Request, response: Response, key: string | null): void =>
  writeCookie(request, response, SESSION, key);
export const readVisit = (request: Request): string | null => readCookie(request, VISIT);
export const writeVisit = (request: Request, response: Response, key: string | null): void =>
  writeCookie(request, response, VISIT, key);
export const readStep = (request: Request): string | null => readCookie(request, STEP);
export const writeStep = (request: Request, response: Response, key: string | null): void =>
  writeCookie(request, response, STEP, key);

/** The token that a form of this session carries; nothing is stored for it, and it tells nothing about the session key. */
export function formToken(sessionKey: string): string {
  return createHmac('sha256', createSecretKey(sessionKey, 'utf8')).update('form').digest('base64url');
}

export function isFormToken(sessionKey: string, token: unknown): boolean {
  if (typeof token !== 'string') return false;
  const expected = Buffer.from(formToken(sessionKey));
  const given = Buffer.from(token);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Whether a browser says that the request comes from one of our own pages; callers that are no browser say nothing. */
export function comesFromElsewhere(request: Request, publicOrigin: string | null): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const origin = request.get('origin');
  if (origin === undefined) return false;
  if (origin === publicOrigin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== request.get('host');
}
