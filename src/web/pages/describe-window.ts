import type { EmbargoEntry, Instant } from '../../core/entry.ts';
import { plural, showInstant } from './show-time.ts';

/** What of an entry its words are made from. */
export type DescribedEntry = Pick<EmbargoEntry, 'from' | 'until' | 'preRelease' | 'status' | 'quietUntil'>;

/** An embargo entry in plain words, so that whoever wrote it can see whether it says what was meant. */
export function describeWindow(entry: DescribedEntry, now: Instant): readonly string[] {
  return [...opening(entry, now), ...access(entry), lift(entry), ...quiet(entry)];
}

function opening(entry: DescribedEntry, now: Instant): readonly string[] {
  const verb = entry.from <= now ? 'Embargoed' : 'Embargoed from';
  return [entry.from <= now ? `${verb} since ${showInstant(entry.from)}.` : `${verb} ${showInstant(entry.from)}.`];
}

function access({ preRelease }: DescribedEntry): readonly string[] {
  if (preRelease === null || preRelease.access.length === 0)
    return ['Nobody outside the producer has pre-release access.'];
  return [`From ${showInstant(preRelease.opens)} ${plural(preRelease.access.length, 'person', 'people')} may see it.`];
}

function lift(entry: DescribedEntry): string {
  switch (entry.status) {
    case 'scheduled':
      return `Public at ${showInstant(entry.until)}.`;
    case 'published':
      return 'Published.';
    case 'postponed':
      return 'Postponed: it stays under embargo, and no new time is known.';
    case 'cancelled':
      return 'Cancelled: it will not be published, so the embargo does not end.';
  }
}

function quiet({ quietUntil }: DescribedEntry): readonly string[] {
  return quietUntil === null ? [] : [`No comment before ${showInstant(quietUntil)}.`];
}
