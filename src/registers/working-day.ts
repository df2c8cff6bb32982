import type { Temporal } from 'temporal-polyfill';

/** The first working day of England and Wales after a day. */
export function nextWorkingDay(day: Temporal.PlainDate): Temporal.PlainDate {
  let next = day.add({ days: 1 });
  while (!isWorkingDay(next)) next = next.add({ days: 1 });
  return next;
}

/** The last working day of England and Wales up to a day, itself included. */
export function lastWorkingDay(day: Temporal.PlainDate): Temporal.PlainDate {
  let last = day;
  while (!isWorkingDay(last)) last = last.subtract({ days: 1 });
  return last;
}

/** Monday to Friday without bank holidays (Banking and Financial Dealings Act 1971); holidays proclaimed for one year are not known. */
export function isWorkingDay(day: Temporal.PlainDate): boolean {
  return day.dayOfWeek <= 5 && !bankHolidays(day.with({ month: 1, day: 1 })).some((holiday) => holiday.equals(day));
}

function bankHolidays(newYear: Temporal.PlainDate): readonly Temporal.PlainDate[] {
  const on = (month: number, day: number) => newYear.with({ month, day });
  const easter = easterSunday(newYear);
  const christmas = weekdayFrom(on(12, 25));
  return [
    weekdayFrom(newYear),
    easter.subtract({ days: 2 }),
    easter.add({ days: 1 }),
    firstMonday(on(5, 1)),
    lastMonday(on(5, 31)),
    lastMonday(on(8, 31)),
    christmas,
    // Boxing Day gives way to a substitute for Christmas Day.
    weekdayFrom(later(on(12, 26), christmas.add({ days: 1 }))),
  ];
}

function weekdayFrom(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.dayOfWeek <= 5 ? day : day.add({ days: 8 - day.dayOfWeek });
}

function firstMonday(from: Temporal.PlainDate): Temporal.PlainDate {
  return from.add({ days: (8 - from.dayOfWeek) % 7 });
}

function lastMonday(to: Temporal.PlainDate): Temporal.PlainDate {
  return to.subtract({ days: to.dayOfWeek - 1 });
}

function later(one: Temporal.PlainDate, other: Temporal.PlainDate): Temporal.PlainDate {
  return one.until(other).sign > 0 ? other : one;
}

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature, 20 April 1876). */
function easterSunday(newYear: Temporal.PlainDate): Temporal.PlainDate {
  const { year } = newYear;
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  return newYear.with({ month, day: (h + l - 7 * m + 33 * month + 19) % 32 });
}
