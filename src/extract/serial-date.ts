const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const DAY_MS = 86_400_000;
/** Serial number of 1 January 1970 in the two date systems. */
const EPOCH_1900 = 25_569;
const EPOCH_1904 = 24_107;
/** 31 December 9999; nothing later is a date. */
const LAST_SERIAL = 2_958_465;

const TOKEN =
  /"[^"]*"?|\\.|_.|\*.|\[(?:h+|m+|s+)\]|AM\/PM|A\/P|上午\/下午|y+|b+|m+|d+|h+|s+(?:\.0+)?|e+|g+|a{3,4}|\.0+|./gi;

/**
 * Reads a date format code once, for many values.
 *
 * Days count from 1900 with its false 29 February, or from 1904; what is no date (negative, past 9999) shows as the number itself.
 */
export function readDateFormat(code: string, date1904: boolean): (serial: number) => string {
  const tokens = [...code.matchAll(TOKEN)].map((match) => match[0]);
  const twelve = tokens.some((token) => /^(AM\/PM|A\/P)$/i.test(token));
  const fraction = tokens.find((token) => /^(s+)?\.0+$/i.test(token));
  const places = fraction === undefined ? 0 : Math.min(3, fraction.length - fraction.indexOf('.') - 1);
  // Rounded to what is shown, else 23:59:59.9999 of one day shows as 23:59:59 and its date as the next.
  const unit = 86_400 * 10 ** places;
  const parts = tokens.map((token, at) => ({ token, lower: token.toLowerCase(), isMinute: isMinute(tokens, at) }));
  return (serial) => {
    if (!Number.isFinite(serial) || serial < 0 || serial > LAST_SERIAL + 1) return String(serial);
    const exact = Math.round(serial * unit) / unit;
    const days = Math.floor(exact);
    const seconds = Math.round((exact - days) * unit) / 10 ** places;
    const date = new Date(dayNumber(days, date1904) * DAY_MS);
    const moment: Moment = { date, days, seconds, twelve, exact, places, date1904 };
    let shown = '';
    for (const { token, lower, isMinute: minutes } of parts) {
      if (!/^m+$/.test(lower)) shown += showToken(token, lower, moment);
      else shown += minutes ? pad(Math.floor(seconds / 60) % 60, lower.length) : showMonth(date, lower.length);
    }
    return shown.trim();
  };
}

/** `m` means minutes after an hour or before a second, else months. */
function isMinute(tokens: readonly string[], at: number): boolean {
  if (!/^m{1,2}$/i.test(tokens[at] ?? '')) return false;
  const before = tokens.slice(0, at).findLast((token) => /^\[?[hmsdy]/i.test(token));
  return (before !== undefined && /^\[?h/i.test(before)) || nextIsSeconds(tokens, at);
}

interface Moment {
  readonly date: Date;
  readonly days: number;
  readonly seconds: number;
  readonly twelve: boolean;
  readonly exact: number;
  readonly places: number;
  readonly date1904: boolean;
}

function showToken(token: string, lower: string, moment: Moment): string {
  const { date, seconds } = moment;
  const hour = Math.floor(seconds / 3600);
  if (token.startsWith('"')) return token.replaceAll('"', '');
  if (token.startsWith('\\')) return token.slice(1);
  if (token.startsWith('_') || token.startsWith('*')) return '';
  if (lower === 'am/pm') return hour < 12 ? 'AM' : 'PM';
  if (lower === 'a/p') return hour < 12 ? 'A' : 'P';
  if (lower.startsWith('[h')) return pad(Math.floor(moment.exact * 24 + 1e-9), lower.length - 2);
  if (lower.startsWith('[m')) return pad(Math.floor(moment.exact * 1440 + 1e-9), lower.length - 2);
  if (lower.startsWith('[s')) return pad(Math.floor(moment.exact * 86_400 + 1e-6), lower.length - 2);
  if (/^y+$/.test(lower))
    return lower.length <= 2 ? pad(date.getUTCFullYear() % 100, 2) : String(date.getUTCFullYear());
  if (/^e+$/.test(lower)) return String(date.getUTCFullYear());
  if (/^b+$/.test(lower)) return String(date.getUTCFullYear() + 543);
  if (/^d+$/.test(lower)) {
    if (lower.length <= 2) return pad(moment.days === 60 && !moment.date1904 ? 29 : date.getUTCDate(), lower.length);
    return nameOf(DAYS, weekday(moment), lower.length === 3 ? 3 : 99);
  }
  if (/^a{3,4}$/.test(lower)) return nameOf(DAYS, weekday(moment), lower.length === 3 ? 3 : 99);
  if (/^h+$/.test(lower)) return pad(moment.twelve ? hour % 12 || 12 : hour, lower.length);
  if (/^s/.test(lower)) {
    const width = lower.split('.')[0]?.length ?? 1;
    const whole = pad(Math.floor(seconds) % 60, width);
    return lower.includes('.') ? `${whole}${(seconds % 1).toFixed(moment.places).slice(1)}` : whole;
  }
  if (/^\.0+$/.test(lower)) return (seconds % 1).toFixed(moment.places).slice(1);
  return /^g+$/.test(lower) ? '' : token;
}

/** In the 1900 system every day before March 1900 has the name of the day before it. */
function weekday({ date, days, date1904 }: Moment): number {
  return date1904 ? date.getUTCDay() : (((days - 1) % 7) + 7) % 7;
}

function showMonth(date: Date, length: number): string {
  if (length <= 2) return pad(date.getUTCMonth() + 1, length);
  return nameOf(MONTHS, date.getUTCMonth(), length === 3 ? 3 : length === 5 ? 1 : 99);
}

function nextIsSeconds(tokens: readonly string[], at: number): boolean {
  const next = tokens.slice(at + 1).find((token) => /^\[?[a-z]/i.test(token));
  return next !== undefined && /^\[?s/i.test(next);
}

/** Days since 1970; the 1900 system counts a 29 February 1900 that never was. */
function dayNumber(serial: number, date1904: boolean): number {
  if (date1904) return serial - EPOCH_1904;
  return serial - EPOCH_1900 + (serial < 60 ? 1 : 0);
}

function nameOf(names: readonly string[], at: number, length: number): string {
  return (names[at] ?? '').slice(0, length);
}

function pad(value: number, length: number): string {
  return String(value).padStart(Math.min(length, 2), '0');
}
