import type { Instant } from '../core/entry.ts';

/** RFC 5322 date in UTC. */
export function mailDate(at: Instant): string {
  return new Date(at).toUTCString().replace(/GMT$/, '+0000');
}
