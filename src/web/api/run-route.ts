import { isUtf8 } from 'node:buffer';
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { credentialKey, identify } from '../identify.ts';
import { aProblem, type Problem, problemBody } from '../problem.ts';
import type { RateLimiter } from '../rate-limiter.ts';
import { type BodyBudget, readBody } from '../read-body.ts';
import { comesFromElsewhere } from '../session-cookie.ts';
import type { WebContext } from '../web-options.ts';
import type { ApiReply, ApiRoute } from './api-route.ts';
import { runOnce } from './idempotency.ts';

export interface ApiMachinery {
  readonly context: WebContext;
  readonly limiter: RateLimiter;
  readonly bodies: BodyBudget;
}

/** Runs a route behind every check that all routes share, cheapest first. */
export function runRoute(route: ApiRoute, machinery: ApiMachinery): RequestHandler {
  return async (request, response) => {
    const reply = await answer(route, machinery, request);
    if (reply.ok) response.set(reply.headers ?? {}).json(reply.body);
    else sendProblem(response, reply.problem);
  };
}

async function answer(
  route: ApiRoute,
  { context, limiter, bodies }: ApiMachinery,
  request: Request,
): Promise<ApiReply> {
  const wait = limiter.take(credentialKey(request));
  if (wait !== null) return { ok: false, problem: tooMany(wait) };
  const identity = await identify(request, context);
  if (!identity.ok) return identity;
  const { caller, via } = identity.value;
  if (via === 'session' && route.method !== 'get' && comesFromElsewhere(request, context.publicOrigin)) {
    return refuse('forbidden', 'The request comes from a page of another site; send it from Holdfast or with a token.');
  }
  if (!route.roles.some((role) => caller.roles.includes(role))) {
    const has = caller.roles.length === 0 ? 'none' : caller.roles.join(', ');
    const detail = `This needs the role ${route.roles.join(' or ')}; the caller has ${has}. Ask an administrator.`;
    return refuse('forbidden', detail);
  }
  if (caller.isReadOnly === true && route.method !== 'get') {
    return refuse('forbidden', 'This token may only look; make one that may also change things.');
  }
  if (route.body !== null && mediaType(request) !== route.body.type) {
    return refuse('unsupported-media-type', `Send the body as Content-Type: ${route.body.type}.`);
  }
  const query = parse(route.query, request.query, 'query');
  if (!query.ok) return query;
  const id = typeof request.params['id'] === 'string' ? request.params['id'] : '';
  const once = (content: Uint8Array, run: () => Promise<ApiReply>) =>
    route.method === 'post' ? runOnce(request, caller, content, context.idempotency, run) : run();
  if (route.body === null) {
    return once(new Uint8Array(), () => route.handle({ caller, id, query: query.value, body: undefined }));
  }
  // Base64 takes four bytes for three.
  const { messageBytes } = context.limits;
  const limit = route.body.type === 'application/json' ? Math.ceil(messageBytes * 1.4) : messageBytes;
  const read = await readBody(request, limit, bodies);
  if (!read.ok) return read;
  try {
    if (route.body.type === 'message/rfc822') {
      if (read.bytes.length === 0) return refuse('invalid', 'The body is empty; send the e-mail as it is.');
      return await once(read.bytes, () => route.handle({ caller, id, query: query.value, body: read.bytes }));
    }
    const body = parseJson(route.body.schema, read.bytes);
    if (!body.ok) return body;
    return await once(read.bytes, () => route.handle({ caller, id, query: query.value, body: body.value }));
  } finally {
    read.free();
  }
}

export function tooMany(seconds: number): Problem {
  const detail = `Too many requests; wait ${seconds} s and send fewer a second.`;
  return aProblem('too-many-requests', detail, { headers: { 'Retry-After': String(seconds) } });
}

export function sendProblem(response: Response, problem: Problem): void {
  response
    .status(problem.status)
    .set(problem.headers ?? {})
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem)));
}

function refuse(name: Parameters<typeof aProblem>[0], detail: string): ApiReply & { readonly ok: false } {
  return { ok: false, problem: aProblem(name, detail) };
}

function mediaType(request: Request): string {
  return (request.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: Problem };

function parseJson(schema: z.ZodType, bytes: Uint8Array): Parsed {
  if (!isUtf8(bytes)) return refuse('malformed-request', 'The body is not UTF-8; send JSON in UTF-8.');
  try {
    return parse(
      schema,
      JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')),
      'body',
    );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse('malformed-request', 'The body is not JSON; check quotes and commas.');
  }
}

function parse(schema: z.ZodType | null, value: unknown, where: 'query' | 'body'): Parsed {
  if (schema === null) return { ok: true, value: undefined };
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const errors = result.error.issues.slice(0, 20).map((issue) => ({
    pointer: `/${issue.path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`,
    detail: issue.message,
  }));
  const first = result.error.issues[0];
  const key = first === undefined || first.path.length === 0 ? `The ${where}` : first.path.map(String).join('.');
  return { ok: false, problem: aProblem('invalid', `${key}: ${first?.message ?? 'is not valid'}`, { errors }) };
}
