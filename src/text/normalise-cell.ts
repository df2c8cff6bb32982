const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const PLAIN = /^[ -~]*$/;
const NUMBER = /^[-+]?[£$€]?\s?\d[\d,]*(?:\.\d+)?$/;
const ISO_DATE = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/;
const UK_DATE = /^(\d{1,2})[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ](\d{2}|\d{4})(?: \d{1,2}:.*)?$/;

/**
 * A cell in the form it is compared in, whatever file it stands in: numbers without pound signs, commas and trailing noughts, dates as
 * `20160401` (day before month), all else as capital letters and digits alone.
 */
export function normaliseCell(cell: string): string {
  const text = (PLAIN.test(cell) ? cell : cell.normalize('NFKC')).trim();
  if (text === '') return '';
  if (NUMBER.test(text)) return normaliseNumber(text);
  return normaliseDate(text) ?? text.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

function normaliseNumber(text: string): string {
  const bare = text.replace(/[£$€,\s+]/g, '');
  const negative = bare.startsWith('-');
  const [whole = '', fraction = ''] = bare.replace('-', '').split('.');
  const digits = fraction.replace(/0+$/, '');
  // A leading nought belongs to a reference, not to an amount.
  const value = digits === '' ? whole : `${whole.replace(/^0+(?=\d)/, '')}.${digits}`;
  return negative ? `-${value}` : value;
}

function normaliseDate(text: string): string | null {
  const iso = ISO_DATE.exec(text);
  if (iso !== null) return dateOf(iso[1], iso[2], iso[3]);
  const uk = UK_DATE.exec(text);
  if (uk === null) return null;
  const [, day, month = '', year = ''] = uk;
  const named = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  return dateOf(year.length === 2 ? fullYear(year) : year, named > 0 ? String(named) : month, day);
}

function fullYear(year: string): string {
  return Number(year) < 50 ? `20${year}` : `19${year}`;
}

function dateOf(year = '', month = '', day = ''): string | null {
  if (!(Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31)) return null;
  return `${year}${month.padStart(2, '0')}${day.padStart(2, '0')}`;
}
