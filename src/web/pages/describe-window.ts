import type { EmbargoEntry, Instant } from '../../core/entry.ts';
import { plural, showInstant, showShort } from './show-time.ts';

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

const NUMBERS = [
  'nobody',
  'one person',
  'two people',
  'three people',
  'four people',
  'five people',
  'six people',
  'seven people',
  'eight people',
  'nine people',
  'ten people',
];

/** The whole window in one breath: `From Tue 19 Jan 09:30 two people may see this; public Wed 20 Jan 09:30`. */
export function sayWindow(entry: DescribedEntry, now: Instant): string {
  const { preRelease } = entry;
  const count = preRelease?.access.length ?? 0;
  const who = NUMBERS[count] ?? plural(count, 'person', 'people');
  const before =
    preRelease === null || count === 0
      ? 'Nobody outside the producer may see this before'
      : `From ${showShort(preRelease.opens, now)} ${who} may see this`;
  return `${before}; ${sayLift(entry, now)}.`;
}

function sayLift(entry: DescribedEntry, now: Instant): string {
  switch (entry.status) {
    case 'scheduled':
      return `public ${showShort(entry.until, now)}`;
    case 'published':
      return 'it is published';
    case 'postponed':
      return 'postponed, so no time is known when it becomes public';
    case 'cancelled':
      return 'cancelled, so it never becomes public';
  }
}
