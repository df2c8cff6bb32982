import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../core/entry.ts';
import type { Result } from '../core/result.ts';
import { quote } from '../text/explain-issue.ts';
import { nearestName } from '../text/nearest-name.ts';

/** `2016-01-20T09:30`, seconds optional; no offset, since the entry's zone says it. */
export const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::[0-5]\d)?$/;

/** Which of its two instants a local time means that the autumn clock change repeats. */
export type Repeated = 'earlier' | 'later';

/**
 * The instant of a local time in an IANA zone, by the zone's rules for that day.
 *
 * A time that the spring clock change skips is refused, and so is a day that no calendar has.
 */
export function resolveLocalTime(text: string, zone: string, repeated: Repeated): Result<Instant, string> {
  if (!LOCAL_TIME.test(text)) {
    return { ok: false, error: 'expected a local time as "2016-01-20T09:30", in quotes and without an offset' };
  }
  let local: Temporal.PlainDateTime;
  try {
    local = Temporal.PlainDateTime.from(text, { overflow: 'reject' });
  } catch {
    return { ok: false, error: `${quote(text)} is no day and time of the calendar, correct it` };
  }
  const meant = local.toZonedDateTime(zone, { disambiguation: repeated });
  if (meant.toPlainDateTime().equals(local)) return { ok: true, value: meant.epochMilliseconds };
  const next = local.toZonedDateTime(zone, { disambiguation: 'later' }).toPlainDateTime();
  return {
    ok: false,
    error: `${quote(text)} does not exist in ${zone}, the clocks skip it that day, write ${quote(next.toString({ smallestUnit: 'minute' }))}`,
  };
}

const knownZones = new Set<string>();

/** Null for a zone that is known, else what to write. Offsets are refused: they do not know when the clocks change. */
export function faultOfZone(zone: string): string | null {
  if (knownZones.has(zone)) return null;
  if (/^[+-]\d/.test(zone)) return 'an offset is no time zone, write a name as Europe/London';
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    knownZones.add(zone);
    return null;
  } catch {
    const near = nearestName(zone, Intl.supportedValuesOf('timeZone'));
    return `${quote(zone)} is no time zone, ${near === null ? 'write an IANA name as Europe/London' : `did you mean "${near}"?`}`;
  }
}

/** An instant as local time of a zone, as register files write it: minutes, and seconds where there are any. */
export function formatLocalTime(at: Instant, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
  return local.toString({ smallestUnit: local.second === 0 ? 'minute' : 'second' });
}
