import type { Refusal } from '../service/service.ts';

/** RFC 9457 problem details. The `type` URIs are stable: clients may compare them. */
export interface Problem {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  /** One sentence: what is wrong and what to do. */
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Faults of a request body, each with its JSON pointer. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** Every problem the API can answer with, by the last step of its type URI; the first of a status gives its title in the description. */
export const PROBLEMS = {
  'malformed-request': { status: 400, title: 'The request could not be read' },
  unauthenticated: { status: 401, title: 'The caller is not known' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The resource does not have this method' },
  conflict: { status: 409, title: 'The state does not allow it' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is of another type than expected' },
  invalid: { status: 422, title: 'The request breaks a rule' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'internal-error': { status: 500, title: 'A defect in Holdfast' },
  'not-ready': { status: 503, title: 'Nothing can be judged now' },
  'request-in-progress': { status: 409, title: 'The same request is still at work' },
  'idempotency-key-reused': { status: 422, title: 'The key came with another request' },
} as const;

export type ProblemName = keyof typeof PROBLEMS;

/** Types are addresses on the same server, of pages that say what to do. */
export const PROBLEM_TYPE_PREFIX = '/docs/problems/';

export function aProblem(name: ProblemName, detail: string, more: Pick<Problem, 'headers' | 'errors'> = {}): Problem {
  return { ...PROBLEMS[name], type: `${PROBLEM_TYPE_PREFIX}${name}`, detail, ...more };
}

export function problemOf(refusal: Refusal): Problem {
  if (refusal.kind === 'invalid') {
    const errors = faultsOf(refusal.message);
    return aProblem('invalid', sentence(refusal.message), errors.length > 0 ? { errors } : {});
  }
  return refusal.kind === 'not-ready'
    ? aProblem('not-ready', sentence(refusal.message), { headers: { 'Retry-After': '5' } })
    : aProblem(refusal.kind, sentence(refusal.message));
}

/** As a person reads it; a message that begins with a key, as `title: is missing`, stays as it is. */
function sentence(message: string): string {
  if (/^[\w.[\]-]+:/.test(message)) return message;
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}

/** The JSON body of a problem. */
export function problemBody(problem: Problem): Readonly<Record<string, unknown>> {
  const { headers: _headers, ...body } = problem;
  return body;
}

const KEYED = /^([A-Za-z][\w.[\]-]*): (.+)$/s;

/** `embargo.from: does not exist; subjects[0]: is unknown` as a list with JSON pointers; empty for any other message. */
export function faultsOf(message: string): readonly { readonly pointer: string; readonly detail: string }[] {
  const faults = message.split(/; (?=[A-Za-z][\w.[\]-]*: )/).map((one) => KEYED.exec(one));
  return faults.flatMap((match) => {
    if (match === null) return [];
    const [, key = '', detail = ''] = match;
    return [{ pointer: `/${key.replaceAll('[', '.').replaceAll(']', '').split('.').join('/')}`, detail }];
  });
}
