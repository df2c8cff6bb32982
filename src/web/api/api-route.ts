import type { z } from 'zod';
import type { Caller, Role } from '../../service/ports.ts';
import type { Outcome } from '../../service/service.ts';
import { type Problem, problemOf } from '../problem.ts';

export interface ApiCall<Query, Body> {
  readonly caller: Caller;
  /** The `:id` of the path; empty where the path has none. */
  readonly id: string;
  readonly query: Query;
  readonly body: Body;
}

export type ApiReply =
  | { readonly ok: true; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: Problem };

export type BodySpec<Body> =
  /** `documented`: what the service checks the body by, where the edge lets it through whole. */
  | { readonly type: 'application/json'; readonly schema: z.ZodType<Body>; readonly documented?: z.ZodType }
  /** The bytes as they are. */
  | { readonly type: 'message/rfc822' };

/** One call of the API as data: the router, the OpenAPI document and the authorisation test all read this. */
export interface ApiRoute<Query = unknown, Body = unknown> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Express path; `:id` is its only parameter. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Any of these roles may call it; the service decides the rest. */
  readonly roles: readonly Role[];
  readonly query: z.ZodType<Query> | null;
  readonly body: BodySpec<Body> | null;
  readonly answer: z.ZodType;
  handle(call: ApiCall<Query, Body>): Promise<ApiReply>;
}

/** Checks a route's handler against its own schemas, then forgets them, so that routes make one list. */
export function apiRoute<Query, Body>(route: ApiRoute<Query, Body>): ApiRoute {
  return route as ApiRoute;
}

/** The reply to an outcome of the service. */
export function reply<T>(outcome: Outcome<T>, show: (value: T) => unknown): ApiReply {
  return outcome.ok ? { ok: true, body: show(outcome.value) } : { ok: false, problem: problemOf(outcome.refusal) };
}
