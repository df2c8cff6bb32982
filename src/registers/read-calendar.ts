import { z } from 'zod';
import { resolveLocalTime } from './local-time.ts';

/** A release as a release calendar announces it. */
export interface AnnouncedRelease {
  readonly title: string;
  /** Local day and time of the lift in `zone`; the time is 09:30 where the calendar names a day alone. */
  readonly day: string;
  readonly time: string;
  readonly zone: string;
  readonly page: string | null;
  readonly isCancelled: boolean;
}

export interface ReadCalendar {
  readonly releases: readonly AnnouncedRelease[];
  /** One line for each event that could not be read. */
  readonly faults: readonly string[];
}

const ZONE = 'Europe/London';
const USUAL_TIME = '09:30';
const MOST = 500;

/** Reads a release calendar, iCalendar (RFC 5545) or JSON, whichever the text is. */
export function readCalendar(text: string): ReadCalendar {
  const plain = text.replace(/^\uFEFF/, '').trim();
  if (/^BEGIN:VCALENDAR/i.test(plain)) return readEvents(plain);
  if (/^[[{]/.test(plain)) return readJson(plain);
  return { releases: [], faults: ['is neither an iCalendar file (.ics) nor JSON, export the calendar as one of them'] };
}

function readEvents(text: string): ReadCalendar {
  // Long lines go on after a line break and one blank (section 3.1).
  const lines = text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const events: Map<string, { readonly value: string; readonly zone: string | null }>[] = [];
  let event: (typeof events)[number] | null = null;
  let inside = 0;
  for (const line of lines) {
    const [, name = '', parameters = '', value = ''] =
      /^([A-Za-z0-9-]+)((?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):(.*)$/.exec(line) ?? [];
    const key = name.toUpperCase();
    if (key === 'BEGIN' && value.toUpperCase() === 'VEVENT') event = new Map();
    else if (key === 'END' && value.toUpperCase() === 'VEVENT' && event !== null) {
      events.push(event);
      event = null;
    } else if (key === 'BEGIN') inside += 1;
    else if (key === 'END') inside -= 1;
    // An alarm within an event has a summary of its own.
    else if (event !== null && inside <= 1 && !event.has(key)) {
      event.set(key, { value, zone: /;TZID="?([^";:]+)/i.exec(parameters)?.[1] ?? null });
    }
  }
  const releases: AnnouncedRelease[] = [];
  const faults: string[] = [];
  for (const [index, one] of events.slice(0, MOST).entries()) {
    const title = plainText(one.get('SUMMARY')?.value ?? '');
    const start = one.get('DTSTART');
    const when = start === undefined ? null : readMoment(start.value, start.zone);
    if (title === '' || when === null) {
      faults.push(
        `event ${index + 1}${title === '' ? '' : `, ${title}`}: has no ${title === '' ? 'summary' : 'start that can be read'}`,
      );
      continue;
    }
    releases.push({
      title,
      ...when,
      page: webAddress(one.get('URL')?.value),
      isCancelled: one.get('STATUS')?.value.toUpperCase() === 'CANCELLED',
    });
  }
  if (events.length === 0) faults.push('has no event in it');
  if (events.length > MOST) faults.push(`has more than ${MOST} events, only the first ${MOST} are read`);
  return { releases, faults };
}

const text = z.string().trim().min(1).max(500);
const Release = z
  .looseObject({
    title: text.optional(),
    name: text.optional(),
    summary: text.optional(),
    release_date: text.optional(),
    releaseDate: text.optional(),
    date: text.optional(),
    start: text.optional(),
    time: text.optional(),
    zone: text.optional(),
    url: z.string().optional(),
    page: z.string().optional(),
    uri: z.string().optional(),
    status: z.string().optional(),
    cancelled: z.boolean().optional(),
  })
  .transform((one) => ({
    title: one.title ?? one.name ?? one.summary ?? '',
    date: one.release_date ?? one.releaseDate ?? one.date ?? one.start ?? '',
    time: one.time,
    zone: one.zone ?? null,
    page: one.url ?? one.page ?? one.uri,
    isCancelled: one.cancelled === true || /^cancel/i.test(one.status ?? ''),
  }));

function readJson(text: string): ReadCalendar {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { releases: [], faults: ['is not JSON, check its quotes and commas'] };
  }
  const lists = Array.isArray(value) ? [value] : Object.values(value as object).filter((one) => Array.isArray(one));
  const rows = (lists[0] ?? []) as readonly unknown[];
  const releases: AnnouncedRelease[] = [];
  const faults: string[] = [];
  for (const [index, row] of rows.slice(0, MOST).entries()) {
    const read = Release.safeParse(row);
    const moment = read.success ? readMoment(read.data.date, read.data.zone, read.data.time) : null;
    if (!read.success || read.data.title === '' || moment === null) {
      faults.push(`release ${index + 1}: has no title or no date that can be read`);
      continue;
    }
    const { title, page, isCancelled } = read.data;
    releases.push({ title, ...moment, page: webAddress(page), isCancelled });
  }
  if (rows.length === 0) faults.push('has no list of releases in it');
  return { releases, faults };
}

/** `20160120T093000Z`, `2016-01-20T09:30:00+00:00`, local with or without a zone, or a day alone. */
function readMoment(
  value: string,
  zone: string | null,
  time?: string,
): Pick<AnnouncedRelease, 'day' | 'time' | 'zone'> | null {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    value.trim(),
  );
  if (match === null) return null;
  const [, year, month, date, hour, minute, offset] = match;
  const day = `${year}-${month}-${date}`;
  if (offset !== undefined) {
    const instant = Date.parse(
      `${day}T${hour}:${minute}:00${offset === 'Z' ? 'Z' : offset.replace(/^(...):?/, '$1:')}`,
    );
    return Number.isNaN(instant) ? null : inZone(instant);
  }
  const own = zone ?? ZONE;
  const clock =
    hour === undefined ? (/^\d{2}:\d{2}$/.test(time ?? '') ? (time ?? '') : USUAL_TIME) : `${hour}:${minute}`;
  try {
    return resolveLocalTime(`${day}T${clock}`, own, 'later').ok ? { day, time: clock, zone: own } : null;
  } catch {
    // A zone that nobody knows, as some programs write them.
    return resolveLocalTime(`${day}T${clock}`, ZONE, 'later').ok ? { day, time: clock, zone: ZONE } : null;
  }
}

function inZone(instant: number): Pick<AnnouncedRelease, 'day' | 'time' | 'zone'> {
  const [day = '', time = ''] = new Intl.DateTimeFormat('sv-SE', {
    timeZone: ZONE,
    dateStyle: 'short',
    timeStyle: 'short',
  })
    .format(instant)
    .split(' ');
  return { day, time, zone: ZONE };
}

function plainText(value: string): string {
  return value
    .replaceAll(/\\n/gi, ' ')
    .replaceAll(/\\([\\;,])/g, '$1')
    .trim()
    .slice(0, 500);
}

function webAddress(value: string | undefined): string | null {
  return value !== undefined && /^https?:\/\//i.test(value) && URL.canParse(value) ? value.slice(0, 2000) : null;
}
