import type { EmbargoEntry, Instant } from '../../core/entry.ts';
import { plural, showInstant } from './show-time.ts';

/** What of an entry its words are made from. */
export type DescribedEntry = Pick<EmbargoEntry, 'from' | 'until' | 'preRelease' | 'status' | 'quietUntil'>;

/** An embargo entry in plain words, so that whoever wrote it can see whether it says what was meant. */
export function describeWindow(entry: DescribedEntry, now: Instant): readonly string[] {
  const begins = entry.from <= now ? 'Under embargo since' : 'Under embargo from';
  const quiet = entry.quietUntil === null ? [] : [`No comment before ${showInstant(entry.quietUntil)}.`];
  return [`${begins} ${showInstant(entry.from)}.`, describeAccess(entry), describeLift(entry, now), ...quiet];
}

function describeAccess({ preRelease }: DescribedEntry): string {
  if (preRelease === null || preRelease.access.length === 0) return 'Nobody outside the producer may see it before.';
  return `${plural(preRelease.access.length, 'person', 'people')} may see it from ${showInstant(preRelease.opens)}.`;
}

function describeLift(entry: DescribedEntry, now: Instant): string {
  switch (entry.status) {
    case 'scheduled':
      return `${entry.until <= now ? 'Public since' : 'Public from'} ${showInstant(entry.until)}.`;
    case 'published':
      return 'It is published.';
    case 'postponed':
      return 'It is postponed: it stays under embargo, and no new time is known.';
    case 'cancelled':
      return 'It is cancelled: it will not be published, so the embargo does not end.';
  }
}
