import type { Express, Request, Response } from 'express';
import type { SignIn } from '../../service/accounts.ts';
import { tooMany } from '../api/run-route.ts';
import { aProblem, type ProblemName } from '../problem.ts';
import { readStep, writeStep } from '../session-cookie.ts';
import { localPath } from './local-path.ts';
import { type PageMachinery, sendProblemPage } from './run-page.ts';

const CALLBACK = '/sign-in/provider/callback';

/** Sign-in through an identity provider; there is no such page where none is set. */
export function mountProviderSignIn(
  app: Express,
  machinery: PageMachinery,
  goOn: (request: Request, response: Response, signedIn: SignIn, next: string | null) => Promise<boolean>,
): void {
  const { context, limiter } = machinery;
  const refuse = (request: Request, response: Response, name: ProblemName, detail: string) =>
    sendProblemPage(machinery, request, response, null, aProblem(name, detail));
  // Registered with the provider, so a forged Host header leads nowhere: it would not match.
  const callbackOf = (request: Request) =>
    `${context.publicOrigin ?? `${request.protocol}://${request.get('host') ?? ''}`}${CALLBACK}`;

  app.get('/sign-in/provider', async (request, response, nextHandler) => {
    const { provider } = context;
    if (provider === null) return nextHandler();
    const wait = limiter.take(`sign-in ${request.ip ?? ''}`);
    if (wait !== null) return sendProblemPage(machinery, request, response, null, tooMany(wait));
    try {
      const { url, kept } = await provider.begin(callbackOf(request));
      const detail = JSON.stringify({ kept, next: localPath(request.query['next']) });
      writeStep(request, response, await context.accounts.keepVisit(detail));
      response.redirect(303, url);
    } catch (error) {
      context.log.error({ err: error }, 'identity provider cannot be reached');
      const detail = 'The identity provider does not answer. Try again, or sign in with a password.';
      refuse(request, response, 'not-ready', detail);
    }
  });

  app.get(CALLBACK, async (request, response, nextHandler) => {
    const { provider } = context;
    if (provider === null) return nextHandler();
    const step = readStep(request);
    writeStep(request, response, null);
    const visit = step === null ? null : await context.accounts.takeVisit(step);
    if (visit === null) {
      const detail = 'This sign-in was not begun in this browser, or took too long. Sign in from the start.';
      return refuse(request, response, 'forbidden', detail);
    }
    const { kept, next } = JSON.parse(visit) as { readonly kept: string; readonly next: string | null };
    const { search } = new URL(request.originalUrl, 'http://localhost');
    const answer = await provider.finish(kept, callbackOf(request), search);
    if (answer.kind === 'refused') {
      context.log.warn({ address: request.ip, why: answer.why }, 'identity provider refused');
      const detail = 'The identity provider did not confirm who you are. Sign in from the start.';
      return refuse(request, response, 'forbidden', detail);
    }
    if (answer.kind === 'none') {
      const detail = 'You are known, but none of your groups has a role here. Ask an administrator for one.';
      return refuse(request, response, 'forbidden', detail);
    }
    const signedIn = await context.accounts.signInExternal(answer.person, request.get('user-agent'));
    if (await goOn(request, response, signedIn, localPath(next))) return;
    refuse(request, response, 'forbidden', 'Your account here is disabled. Ask an administrator.');
  });
}
