import type { Instant } from '../core/entry.ts';

const ISO_WITH_OFFSET =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:[Zz]|([+-])(\d{2}):?(\d{2})?)$/;

/**
 * Reads an ISO 8601 instant that carries its offset; null for anything else.
 *
 * A time without an offset would mean another instant on another machine, and a day that does not exist would
 * silently become the next one: both are refused.
 */
export function parseInstant(text: string): Instant | null {
  const match = ISO_WITH_OFFSET.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour, minute, second = '0', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const fields = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const local = Date.UTC(...fields);
  const back = new Date(local);
  const exists =
    back.getUTCMonth() === fields[1] &&
    back.getUTCDate() === fields[2] &&
    fields[3] < 24 &&
    fields[4] < 60 &&
    fields[5] < 60;
  if (!exists || Number(offsetHours) > 18 || Number(offsetMinutes) > 59) return null;
  const fraction = /\.(\d{1,3})/.exec(text)?.[1];
  const milliseconds = fraction === undefined ? 0 : Number(fraction.padEnd(3, '0'));
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return local + milliseconds - offset;
}
