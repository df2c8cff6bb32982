import type { Request, RequestHandler, Response } from 'express';
import { tooMany } from '../api/run-route.ts';
import { credentialKey } from '../identify.ts';
import { aProblem, type Problem } from '../problem.ts';
import type { RateLimiter } from '../rate-limiter.ts';
import type { BodyBudget } from '../read-body.ts';
import { comesFromElsewhere, formToken, isFormToken, readSession } from '../session-cookie.ts';
import type { WebContext } from '../web-options.ts';
import type { Assets } from './assets.ts';
import { pageFrame } from './page-frame.ts';
import type { PageCall, PageReply, PageRoute } from './page-route.ts';
import { readForm } from './read-form.ts';
import type { RenderTemplate } from './templates-environment.ts';

export interface PageMachinery {
  readonly context: WebContext;
  readonly limiter: RateLimiter;
  readonly bodies: BodyBudget;
  readonly assets: Assets;
  readonly render: RenderTemplate;
}

type Person = { readonly caller: PageCall['caller']; readonly token: string } | null;

/** Who is signed in, on a page that everybody may see. */
export async function personOf(request: Request, { accounts }: Pick<WebContext, 'accounts'>): Promise<Person> {
  const session = readSession(request);
  const caller = session === null ? null : await accounts.bySession(session);
  return session === null || caller === null ? null : { caller, token: formToken(session) };
}

/** Runs a page behind every check that all pages share: limits, session, forgery, role. */
export function runPage(route: PageRoute, machinery: PageMachinery): RequestHandler {
  return async (request, response) => {
    const { context, limiter } = machinery;
    const wait = limiter.take(credentialKey(request));
    if (wait !== null) return sendProblemPage(machinery, request, response, null, tooMany(wait));
    const session = readSession(request);
    const caller = session === null ? null : await context.accounts.bySession(session);
    if (session === null || caller === null) return askToSignIn(route, machinery, request, response);
    const person = { caller, token: formToken(session) };
    const reply = await answer(route, machinery, request, session, caller);
    if (reply.kind === 'redirect') return response.redirect(303, reply.to);
    if (reply.kind === 'file') {
      response
        .set('Content-Disposition', `attachment; filename="${reply.name}"`)
        .set('Content-Type', reply.type)
        .send(typeof reply.text === 'string' ? reply.text : Buffer.from(reply.text));
      return;
    }
    if (reply.kind === 'problem') return sendProblemPage(machinery, request, response, person, reply.problem);
    sendPage(machinery, request, response, person, reply);
  };
}

async function answer(
  route: PageRoute,
  { context, bodies }: PageMachinery,
  request: Request,
  session: string,
  caller: PageCall['caller'],
): Promise<PageReply> {
  const problem = (name: Parameters<typeof aProblem>[0], detail: string): PageReply => ({
    kind: 'problem',
    problem: aProblem(name, detail),
  });
  if (!route.roles.some((role) => caller.roles.includes(role))) {
    return problem(
      'forbidden',
      `This page is for people with the role ${route.roles.join(' or ')}. Ask an administrator.`,
    );
  }
  const id = typeof request.params['id'] === 'string' ? request.params['id'] : '';
  const query = new URL(request.originalUrl, 'http://localhost').searchParams;
  if (route.method === 'get')
    return route.handle({ caller, session, id, query, form: new URLSearchParams(), files: [] });
  if (comesFromElsewhere(request, context.publicOrigin)) {
    return problem(
      'forbidden',
      'This form was sent from another site, so nothing was done. Open the page here and try again.',
    );
  }
  const read = await readForm(request, context.limits.messageBytes, bodies);
  if (!read.ok) return { kind: 'problem', problem: read.problem };
  const { fields, files, free } = read.form;
  try {
    if (!isFormToken(session, fields.get('token'))) {
      return problem(
        'forbidden',
        'This form is out of date, so nothing was done. Go back, reload the page and try again.',
      );
    }
    fields.delete('token');
    return await route.handle({ caller, session, id, query, form: fields, files });
  } finally {
    free();
  }
}

/** Only a page that can be opened again after sign-in is remembered; a posted form is not. */
function askToSignIn(route: PageRoute, machinery: PageMachinery, request: Request, response: Response): void {
  if (route.fragment === true) {
    const problem = aProblem('unauthenticated', 'Your session has ended. Sign in again.');
    sendProblemPage(machinery, request, response, null, problem);
    return;
  }
  const next = route.method === 'get' ? `?next=${encodeURIComponent(request.originalUrl)}` : '';
  response.redirect(303, `/sign-in${next}`);
}

export function sendPage(
  { context, assets, render }: PageMachinery,
  request: Request,
  response: Response,
  person: Person,
  reply: Extract<PageReply, { readonly kind: 'page' }>,
): void {
  const origin = context.publicOrigin ?? `${request.protocol}://${request.get('host') ?? ''}`;
  const data = { ...pageFrame(context.service, assets, request.path, person), origin, ...reply.data };
  response
    .status(reply.status ?? 200)
    .type('text/html')
    .send(render(reply.template, data));
}

export function sendProblemPage(
  machinery: PageMachinery,
  request: Request,
  response: Response,
  person: Person,
  problem: Problem,
): void {
  const { 'WWW-Authenticate': _challenge, ...headers } = problem.headers ?? {};
  response.set(headers);
  const data = { title: PAGE_TITLES[problem.status] ?? problem.title, detail: problem.detail };
  sendPage(machinery, request, response, person, {
    kind: 'page',
    template: 'problem.njk',
    data,
    status: problem.status,
  });
}

const PAGE_TITLES: Readonly<Record<number, string>> = {
  401: 'You are signed out',
  403: 'You cannot do this',
  404: 'Page not found',
  409: 'This was decided already',
  413: 'That is too large',
  429: 'Too many requests',
  500: 'Something broke in Holdfast',
  503: 'Holdfast cannot judge anything at the moment',
};
