import type { Caller, Role } from '../../service/ports.ts';
import type { Outcome } from '../../service/service.ts';
import { type Problem, problemOf } from '../problem.ts';

export interface UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array;
}

/** What a browser sent: a page call by a signed-in person. */
export interface PageCall {
  readonly caller: Caller;
  /** Key of the session that asks. */
  readonly session: string;
  /** The `:id` of the path; empty where the path has none. */
  readonly id: string;
  readonly query: URLSearchParams;
  /** Fields of a posted form, without the form token; empty for a GET. */
  readonly form: URLSearchParams;
  readonly files: readonly UploadedFile[];
}

export type PageReply =
  | {
      readonly kind: 'page';
      readonly template: string;
      readonly data: Readonly<Record<string, unknown>>;
      readonly status?: number;
    }
  /** To a path of our own. */
  | { readonly kind: 'redirect'; readonly to: string }
  /** To be kept by the browser, not shown. */
  | { readonly kind: 'file'; readonly name: string; readonly type: string; readonly text: string | Uint8Array }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** One page or form as data: the router and the authorisation test both read this. */
export interface PageRoute {
  readonly method: 'get' | 'post';
  readonly path: string;
  /** Any of these roles may open it; the service decides the rest. */
  readonly roles: readonly Role[];
  /** Answers with a piece of a page to a script of ours, never with a whole one. */
  readonly fragment?: boolean;
  handle(call: PageCall): Promise<PageReply>;
}

export function page(template: string, data: Readonly<Record<string, unknown>>, status = 200): PageReply {
  return { kind: 'page', template, data, status };
}

/** A page about what an outcome of the service holds, or about why there is none. */
export async function pageOf<T>(
  outcome: Outcome<T>,
  show: (value: T) => PageReply | Promise<PageReply>,
): Promise<PageReply> {
  return outcome.ok ? show(outcome.value) : { kind: 'problem', problem: problemOf(outcome.refusal) };
}
