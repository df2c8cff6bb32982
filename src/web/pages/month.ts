import { Temporal } from 'temporal-polyfill';
import type { EmbargoEntry, Instant } from '../../core/entry.ts';
import { showTime, toLocal } from './show-time.ts';

interface CalendarEvent {
  readonly id: string;
  readonly title: string;
  readonly kind: 'from' | 'opens' | 'lift';
  readonly words: string;
}

interface CalendarDay {
  readonly day: string;
  readonly number: number;
  readonly name: string;
  readonly isToday: boolean;
  /** False for the days of the months before and after that fill the weeks. */
  readonly isInside: boolean;
  readonly events: readonly CalendarEvent[];
}

export interface CalendarMonth {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  /** From Monday. */
  readonly weeks: readonly (readonly CalendarDay[])[];
}

/** A month with what begins, opens and lifts in it; `wanted` is `2016-01`, anything else the month of today. */
export function monthOf(entries: readonly EmbargoEntry[], wanted: string | null, today: string): CalendarMonth {
  const text = /^[12]\d{3}-(0[1-9]|1[0-2])$/.test(wanted ?? '') ? (wanted ?? '') : today.slice(0, 7);
  const month = Temporal.PlainYearMonth.from(text);
  const first = month.toPlainDate({ day: 1 });
  const monday = first.subtract({ days: first.dayOfWeek - 1 });
  const count = Math.ceil((first.dayOfWeek - 1 + month.daysInMonth) / 7);
  const events = eventsByDay(entries);
  const weeks = Array.from({ length: count }, (_, week) =>
    Array.from({ length: 7 }, (_unused, weekday): CalendarDay => {
      const date = monday.add({ days: week * 7 + weekday });
      const day = date.toString();
      return {
        day,
        number: date.day,
        name: date.toLocaleString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }),
        isToday: day === today,
        isInside: date.month === month.month,
        events: events.get(day) ?? [],
      };
    }),
  );
  return {
    title: first.toLocaleString('en-GB', { month: 'long', year: 'numeric' }),
    before: month.subtract({ months: 1 }).toString(),
    after: month.add({ months: 1 }).toString(),
    weeks,
  };
}

function eventsByDay(entries: readonly EmbargoEntry[]): ReadonlyMap<string, readonly CalendarEvent[]> {
  const all = entries.flatMap((entry) => {
    const event = (kind: CalendarEvent['kind'], at: Instant, words: string) => ({
      at,
      event: { id: entry.id, title: entry.title, kind, words: `${showTime(at)} ${words}` },
    });
    const opens = entry.preRelease !== null && entry.preRelease.access.length > 0 ? entry.preRelease.opens : null;
    return [
      event('from', entry.from, 'embargo begins'),
      ...(opens === null ? [] : [event('opens', opens, 'access opens')]),
      // A postponed or cancelled release is not public at its old time.
      ...(entry.status === 'scheduled' || entry.status === 'published' ? [event('lift', entry.until, 'public')] : []),
    ];
  });
  const days = new Map<string, CalendarEvent[]>();
  for (const { at, event } of all.toSorted((one, other) => one.at - other.at)) {
    const { day } = toLocal(at);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return days;
}
