import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../core/entry.ts';

/** The zone that pages show and take times in; releases of other zones are shown in it too. */
export const PAGE_ZONE = 'Europe/London';

const MINUTE = 60_000;

/** `9:30am`, `midday`, `midnight`, as GOV.UK writes times. */
export function showTime(instant: Instant): string {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(PAGE_ZONE);
  if (minute === 0 && hour === 0) return 'midnight';
  if (minute === 0 && hour === 12) return 'midday';
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  return `${twelve}${minute === 0 ? '' : `:${String(minute).padStart(2, '0')}`}${hour < 12 ? 'am' : 'pm'}`;
}

/** `Wednesday 20 January 2016`. */
export function showDay(instant: Instant): string {
  return LONG_DAY.format(instant).replace(',', '');
}

// Made once: making one costs more than judging a tweet.
const LONG_DAY = new Intl.DateTimeFormat('en-GB', {
  timeZone: PAGE_ZONE,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** `9:30am on Wednesday 20 January 2016`. */
export function showInstant(instant: Instant): string {
  return `${showTime(instant)} on ${showDay(instant)}`;
}

/** `9:30am today`, `9:30am tomorrow` where that is clearer than the day. */
export function showNear(instant: Instant, now: Instant): string {
  if (showDay(instant) === showDay(now)) return `${showTime(instant)} today`;
  const tomorrow = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(PAGE_ZONE).add({ days: 1 });
  if (showDay(instant) === showDay(tomorrow.epochMilliseconds)) return `${showTime(instant)} tomorrow`;
  return showInstant(instant);
}

/** `Tue 19 Jan 09:30`, with the year where it is another than that of `now`. */
export function showShort(instant: Instant, now: Instant): string {
  const parts = (at: Instant, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: PAGE_ZONE, ...options }).format(at);
  const year = parts(instant, { year: 'numeric' });
  const day = parts(instant, { weekday: 'short', day: 'numeric', month: 'short' })
    .replace(',', '')
    .replace('Sept', 'Sep');
  const time = parts(instant, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return `${day}${year === parts(now, { year: 'numeric' }) ? '' : ` ${year}`} ${time}`;
}

/** `8 minutes`, `3 hours`, `2 days`: the largest unit that fits, rounded down. */
export function showDuration(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / MINUTE);
  if (minutes < 1) return 'under a minute';
  if (minutes < 120) return plural(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? plural(hours, 'hour') : plural(Math.floor(hours / 24), 'day');
}

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? noun : many}`;
}

/** The instant of a local day and time; null where it does not exist (a spring clock change) or is no time at all. */
export function readLocal(day: string, time: string, zone = PAGE_ZONE): Instant | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !/^\d{2}:\d{2}(:\d{2})?$/.test(time)) return null;
  try {
    const local = Temporal.PlainDateTime.from(`${day}T${time}`, { overflow: 'reject' });
    // In autumn an hour comes twice: the earlier is the one that holds longer.
    const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
    return earlier.toPlainDateTime().equals(local) ? earlier.epochMilliseconds : null;
  } catch {
    return null;
  }
}

/** `2016-01-20` and `09:30`, as date and time inputs take them. */
export function toLocal(instant: Instant): { readonly day: string; readonly time: string } {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(PAGE_ZONE);
  return { day: local.toPlainDate().toString(), time: local.toPlainTime().toString().slice(0, 5) };
}
