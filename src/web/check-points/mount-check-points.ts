import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Express, Request, Response } from 'express';
import type { Caller } from '../../service/ports.ts';
import { sendProblem, tooMany } from '../api/run-route.ts';
import { credentialKey } from '../identify.ts';
import { PUBLIC } from '../pages/templates-environment.ts';
import { aProblem, problemOf } from '../problem.ts';
import { createRateLimiter } from '../rate-limiter.ts';
import { type BodyBudget, readBody } from '../read-body.ts';
import type { WebContext } from '../web-options.ts';
import { CHAT_DIALECTS } from './chat-dialects.ts';
import { draftToCheck, faultOfDraft } from './draft-to-check.ts';
import { type CheckAnswer, presentCheck } from './present-check.ts';

export interface CheckPointMachinery {
  readonly context: WebContext;
  readonly bodies: BodyBudget;
}

const MOST_BYTES = 128 * 1024;
/** Calls a second of one credential: a person who types, and not somebody who tries things out by machine. */
const CALLS_PER_SECOND = 20;
const PREFLIGHT_SECONDS = '600';

/** Puts the checks from places outside our pages on an app. Each has a credential that opens nothing else. */
export function mountCheckPoints(app: Express, { context, bodies }: CheckPointMachinery): void {
  const script = readFileSync(join(PUBLIC, 'holdfast-check.js'), 'utf8');
  const limiter = createRateLimiter(CALLS_PER_SECOND, context.monotonic);

  app.get('/embed/holdfast-check.js', (_request, response) => {
    response
      .set({ 'Cross-Origin-Resource-Policy': 'cross-origin', 'Cache-Control': 'public, max-age=300' })
      .type('text/javascript')
      .send(script);
  });

  app.options('/embed/check', async (request, response) => {
    if (await allowOrigin(request, response, context)) {
      response.set({
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'authorization, content-type',
        'Access-Control-Max-Age': PREFLIGHT_SECONDS,
      });
    }
    response.status(204).end();
  });

  app.post('/embed/check', async (request, response) => {
    await allowOrigin(request, response, context);
    const wait = limiter.take(credentialKey(request));
    if (wait !== null) return sendProblem(response, tooMany(wait));
    const token = /^bearer +([\x21-\x7e]{1,200}) *$/i.exec(request.get('authorization') ?? '')?.[1];
    const opened = token === undefined ? null : await context.checkPoints.openEmbed(token, request.get('origin') ?? '');
    if (opened === null) return sendProblem(response, aProblem('unauthenticated', NOT_ALLOWED));
    const body = await readJson(request, response, bodies);
    if (body === null) return;
    const draft = draftToCheck.safeParse(body.value);
    if (!draft.success) return sendProblem(response, aProblem('invalid', faultOfDraft(draft.error)));
    const answer = await check(draft.data, opened.caller, response, context);
    if (answer !== null) response.json(answer);
  });

  app.post('/hooks/:id', async (request, response) => {
    const id = request.params.id;
    const wait = limiter.take(`hook ${id}`);
    if (wait !== null) return sendProblem(response, tooMany(wait));
    const read = await readBody(request, MOST_BYTES, bodies);
    if (!read.ok) return sendProblem(response, read.problem);
    try {
      const headers = Object.fromEntries(SIGNED_BY.map((name) => [name, request.get(name)]));
      const opening = await context.checkPoints.openChat(id, { headers, body: read.bytes });
      if (!opening.ok) return sendProblem(response, aProblem(opening.kind, `${sentence(opening.message)}.`));
      const { kind } = opening.point;
      if (kind === 'embed') throw new Error('an embedded check signs nothing');
      const dialect = CHAT_DIALECTS[kind];
      const asked = dialect.ask(read.bytes);
      if (asked.kind === 'nothing') return void response.status(200).end();
      if (asked.kind === 'fault') return void response.json(dialect.say(asked.message));
      const answer = await check(asked.draft, opening.caller, response, context);
      if (answer !== null) response.json(dialect.answer(answer));
    } finally {
      read.free();
    }
  });
}

const NOT_ALLOWED =
  'This site may not check drafts with this token. An administrator of Holdfast sets both up under Check points.';
const SIGNED_BY = [
  'authorization',
  'x-slack-signature',
  'x-slack-request-timestamp',
  'x-holdfast-signature',
  'x-holdfast-timestamp',
];

/** Lets the browser read our answers on sites of the list alone. */
async function allowOrigin(request: Request, response: Response, { checkPoints }: WebContext): Promise<boolean> {
  response.set({ Vary: 'Origin', 'Cross-Origin-Resource-Policy': 'cross-origin' });
  const origin = request.get('origin');
  if (origin === undefined || !(await checkPoints.hasOrigin(origin))) return false;
  response.set('Access-Control-Allow-Origin', origin);
  return true;
}

async function readJson(request: Request, response: Response, bodies: BodyBudget): Promise<{ value: unknown } | null> {
  const read = await readBody(request, MOST_BYTES, bodies);
  if (!read.ok) {
    sendProblem(response, read.problem);
    return null;
  }
  try {
    return { value: JSON.parse(Buffer.from(read.bytes).toString('utf8')) };
  } catch {
    sendProblem(response, aProblem('malformed-request', 'The body is not JSON; check quotes and commas.'));
    return null;
  } finally {
    read.free();
  }
}

/** Judges without keeping anything; null where the answer is a problem, which is sent. */
async function check(
  draft: { readonly text: string; readonly channel: string; readonly publishAt: number | null },
  caller: Caller,
  response: Response,
  { service }: WebContext,
): Promise<CheckAnswer | null> {
  const author = caller.address ?? caller.name;
  const outcome = await service.checkDraft({ ...draft, author, recipients: [], attachments: [] }, caller);
  if (outcome.ok) return presentCheck(outcome.value, draft.publishAt, service.clock.now());
  sendProblem(response, problemOf(outcome.refusal));
  return null;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
