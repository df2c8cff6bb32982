import type { EmbargoEntry, Instant } from './entry.ts';

/** `quiet`: published, but no comment until `quietUntil`. */
export type WindowState = 'before' | 'embargoed' | 'quiet' | 'lifted';

/**
 * Where an entry's embargo stands at an instant.
 *
 * The lift itself is public. A postponed or cancelled release does not lift; a published one is lifted whatever its `until`.
 */
export function windowState(entry: EmbargoEntry, at: Instant): WindowState {
  if (entry.status === 'published') return quietOr(entry, at);
  if (at < entry.from) return 'before';
  if (entry.status === 'postponed' || entry.status === 'cancelled') return 'embargoed';
  return at < entry.until ? 'embargoed' : quietOr(entry, at);
}

/** The instant the entry's hold ends by itself: the lift, or the end of the quiet period after it; null where none is known. */
export function liftOf(entry: EmbargoEntry, at: Instant): Instant | null {
  switch (windowState(entry, at)) {
    case 'embargoed':
      if (entry.status !== 'scheduled') return null;
      return entry.until;
    case 'quiet':
      return entry.quietUntil;
    default:
      return null;
  }
}

function quietOr(entry: EmbargoEntry, at: Instant): WindowState {
  return entry.quietUntil !== null && at < entry.quietUntil ? 'quiet' : 'lifted';
}

/** The instant content may count as visible: a past effective time is now. */
export function effectiveTime(now: Instant, publishAt: Instant | null): Instant {
  return publishAt === null ? now : Math.max(now, publishAt);
}
