import type { Refusal } from './service.ts';

/** A refused outcome; the message says what to do. */
export function refusal(kind: Refusal['kind'], message: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { kind, message } };
}
