import { createHash, randomBytes } from 'node:crypto';
import type { Express, Request, Response } from 'express';
import { tooMany } from '../api/run-route.ts';
import { aProblem } from '../problem.ts';
import {
  comesFromElsewhere,
  formToken,
  isFormToken,
  readSession,
  readVisit,
  writeSession,
  writeVisit,
} from '../session-cookie.ts';
import { createSignInGuard, signInKeys } from '../sign-in-guard.ts';
import { placesOf } from './page-frame.ts';
import { readForm } from './read-form.ts';
import { type PageMachinery, sendPage, sendProblemPage } from './run-page.ts';

const MAX_FORM_BYTES = 16 * 1024;

/** Sign-in, sign-out and the way from `/` to where a person works. */
export function mountSignIn(app: Express, machinery: PageMachinery): void {
  const { context, bodies, limiter } = machinery;
  const guard = createSignInGuard(context.limits, context.monotonic);

  const show = (request: Request, response: Response, more: Readonly<Record<string, unknown>> = {}, status = 200) => {
    const visit = readVisit(request) ?? randomBytes(24).toString('base64url');
    writeVisit(request, response, visit);
    const data = {
      next: localPath(request.query['next']),
      visitToken: formToken(visit),
      name: '',
      error: null,
      ...more,
    };
    sendPage(machinery, request, response, null, { kind: 'page', template: 'sign-in.njk', data, status });
  };

  app.get('/sign-in', (request, response) => show(request, response));

  app.post('/sign-in', async (request, response) => {
    const wait = limiter.take(`sign-in ${request.ip ?? ''}`);
    if (wait !== null) return sendProblemPage(machinery, request, response, null, tooMany(wait));
    const read = await readForm(request, MAX_FORM_BYTES, bodies);
    if (!read.ok) return sendProblemPage(machinery, request, response, null, read.problem);
    const { fields, free } = read.form;
    free();
    const visit = readVisit(request);
    const next = localPath(fields.get('next'));
    if (
      comesFromElsewhere(request, context.publicOrigin) ||
      visit === null ||
      !isFormToken(visit, fields.get('token'))
    ) {
      return show(
        request,
        response,
        { next, error: 'The form was out of date. Enter your name and password again.' },
        403,
      );
    }
    const name = fields.get('name')?.trim() ?? '';
    const password = fields.get('password') ?? '';
    if (name === '' || password === '') {
      return show(request, response, { next, name, error: 'Enter your name and your password.' }, 422);
    }
    const keys = signInKeys(digest(name.toLowerCase()), request.ip ?? '');
    const pause = guard.pauseFor(keys);
    if (pause !== null) {
      response.set('Retry-After', String(pause));
      const minutes = Math.ceil(pause / 60);
      const error = `Too many wrong passwords. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
      return show(request, response, { next, name, error }, 429);
    }
    const signedIn = await context.accounts.signIn(name, password);
    if (signedIn === null) {
      guard.failed(keys);
      // The name is not logged: people type passwords into the wrong box.
      context.log.warn({ address: request.ip }, 'sign-in refused');
      return show(request, response, { next, name, error: 'The name or the password is not right.' }, 401);
    }
    guard.succeeded(keys);
    const before = readSession(request);
    if (before !== null) await context.accounts.signOut(before);
    writeSession(request, response, signedIn.session);
    writeVisit(request, response, null);
    response.redirect(303, next ?? placesOf(signedIn.caller)[0]?.href ?? '/');
  });

  app.post('/sign-out', async (request, response) => {
    const session = readSession(request);
    if (session === null) return response.redirect(303, '/sign-in');
    const read = await readForm(request, MAX_FORM_BYTES, bodies);
    if (!read.ok) return sendProblemPage(machinery, request, response, null, read.problem);
    read.form.free();
    if (comesFromElsewhere(request, context.publicOrigin) || !isFormToken(session, read.form.fields.get('token'))) {
      const detail = 'This form is out of date. Reload the page and sign out again.';
      return sendProblemPage(machinery, request, response, null, aProblem('forbidden', detail));
    }
    await context.accounts.signOut(session);
    writeSession(request, response, null);
    response.redirect(303, '/sign-in');
  });

  app.get('/', async (request, response) => {
    const session = readSession(request);
    const caller = session === null ? null : await context.accounts.bySession(session);
    if (session === null || caller === null) return response.redirect(303, '/sign-in');
    const place = placesOf(caller)[0];
    if (place !== undefined) return response.redirect(303, place.href);
    const detail = 'You have no role yet, so there is nothing to show. Ask an administrator.';
    sendProblemPage(machinery, request, response, { caller, token: formToken(session) }, aProblem('forbidden', detail));
  });
}

/** A path of ours to go on to, null for anything that could lead to another site. */
export function localPath(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\/(?![/\\])[\x20-\x5b\x5d-\x7e]*$/.test(value)) return null;
  const url = new URL(value, 'http://localhost');
  return url.origin === 'http://localhost' && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : null;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
