import type { Caller } from './ports.ts';

/** An answer as it was given, to be given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: unknown;
}

export type BegunRequest =
  /** Nobody asked this before: run it, then `finish` or `forget` it. */
  | { readonly kind: 'new'; readonly ticket: string }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  /** The first one is still at work. */
  | { readonly kind: 'running' }
  /** The key was used for another request. */
  | { readonly kind: 'other' };

/** Remembers, for a day, what was answered to requests with an `Idempotency-Key`. */
export interface IdempotencyRecord {
  /** `request` is what makes it the same request: method, address and body. */
  begin(caller: Caller, key: string, request: readonly (string | Uint8Array)[]): Promise<BegunRequest>;
  finish(ticket: string, answer: KeptAnswer): Promise<void>;
  /** It failed in a way that may be better next time. */
  forget(ticket: string): Promise<void>;
}
