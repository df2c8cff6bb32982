import { z } from 'zod';
import { LOCAL_TIME } from './local-time.ts';

const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?';
const DOMAIN = `(?:(?:${LABEL}\\.)+${LABEL}|localhost)`;
const LOCAL_PART = '[^\\s@<>()\\[\\]:;,"\\\\*]+';

/** One mailbox; RFC 6531 letters are allowed, quoted local parts are not: nobody is listed by one. */
const ADDRESS = new RegExp(`^${LOCAL_PART}@${DOMAIN}$`, 'u');
const ADDRESS_PATTERN = new RegExp(`^(?:${LOCAL_PART}|\\*)@${DOMAIN}$`, 'u');

export const Id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'is no id, use letters, digits, dots, hyphens and underscores (at most 100)',
  );

export const Text = z.string().trim().min(1).max(500);

export const Address = z.string().max(320).regex(ADDRESS, 'is no e-mail address, write it as name@domain.example');

export const AddressPattern = z
  .string()
  .max(320)
  .regex(ADDRESS_PATTERN, 'is no e-mail address or domain, write name@domain.example or "*@domain.example"');

export const LocalTime = z
  .string()
  .regex(LOCAL_TIME, 'is no local time, write it as "2016-01-20T09:30", in quotes and without an offset');

export const IsoDate = z.string().refine(isCalendarDate, 'is no day of the calendar, write it as "2016-01-12"');

export const Page = z
  .string()
  .max(2000)
  .refine(
    (text) => /^https?:\/\/[^\s/]/.test(text) && URL.canParse(text),
    'is no web address, write it as https://...',
  );

export const UnitName = z.enum([
  'percent',
  'percentage-points',
  'count',
  'thousand',
  'million',
  'billion',
  'gbp',
  'gbp-thousand',
  'gbp-million',
  'gbp-billion',
  'index',
  'ratio',
]);

function isCalendarDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
