import { createHash, randomBytes } from 'node:crypto';
import type { Express, Request, Response } from 'express';
import type { SignIn } from '../../service/accounts.ts';
import { tooMany } from '../api/run-route.ts';
import { aProblem } from '../problem.ts';
import {
  comesFromElsewhere,
  formToken,
  isFormToken,
  readSession,
  readStep,
  readVisit,
  writeSession,
  writeStep,
  writeVisit,
} from '../session-cookie.ts';
import { createSignInGuard, signInKeys } from '../sign-in-guard.ts';
import { localPath } from './local-path.ts';
import { placesOf } from './page-frame.ts';
import { readForm } from './read-form.ts';
import { type PageMachinery, sendPage, sendProblemPage } from './run-page.ts';
import { mountProviderSignIn } from './sign-in-provider.ts';

const MAX_FORM_BYTES = 16 * 1024;
const OUT_OF_DATE = 'The form was out of date. Enter your name and password again.';

type More = Readonly<Record<string, unknown>>;
type Place = '/sign-in' | '/sign-in/code' | '/sign-in/new-password';
const TEMPLATES: Readonly<Record<Place, string>> = {
  '/sign-in': 'sign-in.njk',
  '/sign-in/code': 'sign-in-code.njk',
  '/sign-in/new-password': 'sign-in-new-password.njk',
};

/** Sign-in in its steps, sign-out and the way from `/` to where a person works. */
export function mountSignIn(app: Express, machinery: PageMachinery): void {
  const { context, bodies, limiter } = machinery;
  const { accounts } = context;
  const guard = createSignInGuard(context.limits, context.monotonic);

  const show = (place: Place, request: Request, response: Response, more: More = {}, status = 200) => {
    const visit = readVisit(request) ?? randomBytes(24).toString('base64url');
    writeVisit(request, response, visit);
    const data = {
      next: localPath(request.query['next']),
      visitToken: formToken(visit),
      hasProvider: context.provider !== null,
      name: '',
      error: null,
      ...more,
    };
    sendPage(machinery, request, response, null, { kind: 'page', template: TEMPLATES[place], data, status });
  };

  /** The fields of a form of ours; null where it was answered already. */
  const take = async (place: Place, request: Request, response: Response): Promise<URLSearchParams | null> => {
    const wait = limiter.take(`sign-in ${request.ip ?? ''}`);
    if (wait !== null) {
      sendProblemPage(machinery, request, response, null, tooMany(wait));
      return null;
    }
    const read = await readForm(request, MAX_FORM_BYTES, bodies);
    if (!read.ok) {
      sendProblemPage(machinery, request, response, null, read.problem);
      return null;
    }
    const { fields, free } = read.form;
    free();
    const visit = readVisit(request);
    const isOurs =
      !comesFromElsewhere(request, context.publicOrigin) && visit !== null && isFormToken(visit, fields.get('token'));
    if (isOurs) return fields;
    show(place, request, response, { next: localPath(fields.get('next')), error: OUT_OF_DATE }, 403);
    return null;
  };

  /** Where a sign-in goes on; false where it did not get further. */
  const goOn = async (request: Request, response: Response, signedIn: SignIn, next: string | null) => {
    if (signedIn.kind === 'open') {
      const before = readSession(request);
      if (before !== null) await accounts.signOut(before);
      writeSession(request, response, signedIn.session);
      writeVisit(request, response, null);
      writeStep(request, response, null);
      response.redirect(303, next ?? placesOf(signedIn.caller)[0]?.href ?? '/');
      return true;
    }
    if (signedIn.kind !== 'code' && signedIn.kind !== 'new-password') return false;
    writeStep(request, response, signedIn.step);
    const query = next === null ? '' : `?next=${encodeURIComponent(next)}`;
    response.redirect(303, `/sign-in/${signedIn.kind}${query}`);
    return true;
  };

  const pausedFor = (response: Response, seconds: number) => {
    response.set('Retry-After', String(seconds));
    const minutes = Math.ceil(seconds / 60);
    return `Too many wrong passwords. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
  };

  app.get('/sign-in', (request, response) => show('/sign-in', request, response));

  app.post('/sign-in', async (request, response) => {
    const fields = await take('/sign-in', request, response);
    if (fields === null) return;
    const next = localPath(fields.get('next'));
    const name = fields.get('name')?.trim() ?? '';
    const password = fields.get('password') ?? '';
    const again = (error: string, status: number) => show('/sign-in', request, response, { next, name, error }, status);
    if (name === '' || password === '') return again('Enter your name and your password.', 422);
    const keys = signInKeys(digest(name.toLowerCase()), request.ip ?? '');
    const pause = guard.pauseFor(keys);
    if (pause !== null) return again(pausedFor(response, pause), 429);
    const signedIn = await accounts.signIn(name, password, request.get('user-agent'));
    if (signedIn.kind === 'locked') return again(pausedFor(response, signedIn.seconds), 429);
    if (await goOn(request, response, signedIn, next)) return guard.succeeded(keys);
    guard.failed(keys);
    // The name is not logged: people type passwords into the wrong box.
    context.log.warn({ address: request.ip }, 'sign-in refused');
    again('The name or the password is not right.', 401);
  });

  for (const place of ['/sign-in/code', '/sign-in/new-password'] as const) {
    app.get(place, (request, response) => {
      if (readStep(request) === null) return response.redirect(303, '/sign-in');
      show(place, request, response);
    });
  }

  app.post('/sign-in/code', async (request, response) => {
    const fields = await take('/sign-in/code', request, response);
    if (fields === null) return;
    const next = localPath(fields.get('next'));
    const again = (error: string, status: number) => show('/sign-in/code', request, response, { next, error }, status);
    const code = fields.get('code')?.trim() ?? '';
    if (code === '') return again('Enter the code that your app shows.', 422);
    const keys = signInKeys('code', request.ip ?? '').slice(2);
    const pause = guard.pauseFor(keys);
    if (pause !== null) return again(pausedFor(response, pause), 429);
    const signedIn = await accounts.signInWithCode(
      readStep(request) ?? '',
      code.slice(0, 100),
      request.get('user-agent'),
    );
    if (signedIn.kind === 'locked') return again(pausedFor(response, signedIn.seconds), 429);
    if (await goOn(request, response, signedIn, next)) return;
    guard.failed(keys);
    context.log.warn({ address: request.ip }, 'second factor refused');
    again('That code is not right, or it was used already. Wait for the next one, or sign in from the start.', 401);
  });

  app.post('/sign-in/new-password', async (request, response) => {
    const fields = await take('/sign-in/new-password', request, response);
    if (fields === null) return;
    const next = localPath(fields.get('next'));
    const again = (error: string, status: number) =>
      show('/sign-in/new-password', request, response, { next, error }, status);
    const password = fields.get('password') ?? '';
    if (password !== fields.get('again')) return again('The two are not the same. Enter the new password twice.', 422);
    const step = readStep(request) ?? '';
    const signedIn = await accounts.signInWithNewPassword(step, password, request.get('user-agent'));
    if (signedIn.kind === 'weak') return again(`The password ${signedIn.message}.`, 422);
    if (await goOn(request, response, signedIn, next)) return;
    again('This took too long. Sign in from the start.', 401);
  });

  mountProviderSignIn(app, machinery, goOn);

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
    await accounts.signOut(session);
    writeSession(request, response, null);
    response.redirect(303, '/sign-in');
  });

  app.get('/', async (request, response) => {
    const session = readSession(request);
    const caller = session === null ? null : await accounts.bySession(session);
    if (session === null || caller === null) return response.redirect(303, '/sign-in');
    const place = placesOf(caller)[0];
    if (place !== undefined) return response.redirect(303, place.href);
    const detail = 'You have no role yet, so there is nothing to show. Ask an administrator.';
    sendProblemPage(machinery, request, response, { caller, token: formToken(session) }, aProblem('forbidden', detail));
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
