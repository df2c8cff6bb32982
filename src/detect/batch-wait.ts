import { threshold } from '../rules/threshold.ts';

/** How far a mail has waited for its batch. */
export interface BatchWait {
  /** Milliseconds since it was first judged. */
  readonly waitedMs: number;
  /** Mails of its batch that were judged when it was last looked at. */
  readonly seen: number;
}

/**
 * Milliseconds that a cleared mail with attachments still waits for the rest of its batch; null where it may go.
 *
 * Until no more of it came for `batchQuietSeconds`, and never longer than `batchWaitSeconds` in all. The first mail of a batch cannot know
 * that others follow, so that every mail with attachments waits `batchFirstSeconds`; 0 there lets it go at once.
 */
export function batchWait(
  now: { readonly seen: number; readonly unjudged: number },
  before: BatchWait | null,
  thresholds: Readonly<Record<string, number>>,
): number | null {
  const first = threshold(thresholds, 'batchFirstSeconds') * 1000;
  const quiet = threshold(thresholds, 'batchQuietSeconds') * 1000;
  const left = threshold(thresholds, 'batchWaitSeconds') * 1000 - (before?.waitedMs ?? 0);
  const isGoing = now.seen > (before?.seen ?? 0) || now.unjudged > 0;
  const next = isGoing ? Math.min(quiet, left) : before === null ? Math.min(first, left) : 0;
  return next <= 0 ? null : next;
}
