import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../core/entry.ts';
import { PAGE_ZONE, showInstant } from './show-time.ts';

/** Zones that the page offers; any other that the platform knows may be sent as well. */
export const ZONES = [
  { value: 'Europe/London', text: 'London' },
  { value: 'UTC', text: 'UTC' },
  { value: 'Europe/Paris', text: 'Brussels, Paris, Berlin' },
  { value: 'Europe/Athens', text: 'Athens, Helsinki' },
  { value: 'America/New_York', text: 'New York, Washington' },
  { value: 'America/Los_Angeles', text: 'Los Angeles' },
  { value: 'Asia/Kolkata', text: 'Delhi' },
  { value: 'Asia/Tokyo', text: 'Tokyo' },
  { value: 'Australia/Sydney', text: 'Sydney' },
] as const;

export type PlannedTime =
  /** No time was given: it goes out at once. */
  | { readonly kind: 'none' }
  /** `note`: what a reader would not expect of this time; null where there is nothing. */
  | { readonly kind: 'at'; readonly instant: Instant; readonly note: string | null }
  | { readonly kind: 'fault'; readonly message: string };

/**
 * The instant of a day and a time in a zone, as date and time inputs write them.
 *
 * A time that the spring clock change leaves out is a fault that says what to enter instead; one that the autumn change
 * brings twice is the first of both, which holds longer.
 */
export function readPlannedTime(day: string, time: string, zone: string): PlannedTime {
  if (day === '' && time === '') return { kind: 'none' };
  const clock = startOf(zone);
  if (clock === null) return fault('Choose a time zone from the list');
  if (day === '') return fault('Enter the day as well, like 20 January 2016');
  if (time === '') return fault('Enter the time as well, like 09:30');
  const local = readLocalTime(day, time);
  if (local === null) return fault('Enter a day and a time that exist, like 20 January 2016 and 09:30');
  const earlier = local.toZonedDateTime(clock.timeZoneId, { disambiguation: 'earlier' });
  const later = local.toZonedDateTime(clock.timeZoneId, { disambiguation: 'later' });
  if (!later.toPlainDateTime().equals(local)) return fault(leftOut(local, later));
  const instant = earlier.epochMilliseconds;
  const notes = [
    ...(later.epochMilliseconds === instant ? [] : [broughtTwice(local, earlier)]),
    ...(clock.timeZoneId === PAGE_ZONE ? [] : [`That is ${showInstant(instant)} in London.`]),
  ];
  return { kind: 'at', instant, note: notes.length === 0 ? null : notes.join(' ') };
}

function fault(message: string): PlannedTime {
  return { kind: 'fault', message };
}

function startOf(zone: string): Temporal.ZonedDateTime | null {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone || PAGE_ZONE);
  } catch {
    return null;
  }
}

function readLocalTime(day: string, time: string): Temporal.PlainDateTime | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !/^\d{2}:\d{2}(:\d{2})?$/.test(time)) return null;
  try {
    return Temporal.PlainDateTime.from(`${day}T${time}`, { overflow: 'reject' });
  } catch {
    return null;
  }
}

function leftOut(local: Temporal.PlainDateTime, later: Temporal.ZonedDateTime): string {
  return `${clockTime(local)} does not exist on that day: the clocks in ${placeOf(later)} go forward over it. Enter ${clockTime(later)}, or a time before the change`;
}

function broughtTwice(local: Temporal.PlainDateTime, first: Temporal.ZonedDateTime): string {
  return `${clockTime(local)} comes twice on that day, because the clocks in ${placeOf(first)} go back. Holdfast takes the first, which waits longer.`;
}

/** `01:30`, as time inputs show it. */
function clockTime({ hour, minute }: { readonly hour: number; readonly minute: number }): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function placeOf({ timeZoneId }: Temporal.ZonedDateTime): string {
  return (timeZoneId.split('/').at(-1) ?? timeZoneId).replaceAll('_', ' ');
}
