import { readDateFormat } from './serial-date.ts';

/** A number format as the reader applies it; `isDate` tells that the value is a serial date or time. */
export interface NumberFormat {
  readonly isDate: boolean;
  /** A serial date as an ISO date. */
  readonly isoDate: (serial: number) => string;
  /** A serial date as an American reader's program shows it, where the format is that of the reader's own day. */
  readonly localDate?: (serial: number) => string;
  /** The value as a spreadsheet shows it; '' where the format hides it. */
  readonly show: (value: number) => string;
  /** The text as a spreadsheet shows it. */
  readonly showText: (text: string) => string;
}

/**
 * Formats every spreadsheet program knows by number (ECMA-376 part 1, 18.8.30). Those that follow the reader's locale (14, 22) are
 * shown as ISO dates, since 03/04 is two days.
 */
const BUILT_IN: Readonly<Record<number, string>> = {
  0: 'General',
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  5: '£#,##0;-£#,##0',
  6: '£#,##0;-£#,##0',
  7: '£#,##0.00;-£#,##0.00',
  8: '£#,##0.00;-£#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  37: '#,##0 ;(#,##0)',
  38: '#,##0 ;(#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;(#,##0.00)',
  41: '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-',
  42: '_-£* #,##0_-;-£* #,##0_-;_-£* "-"_-;_-@_-',
  43: '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-',
  44: '_-£* #,##0.00_-;-£* #,##0.00_-;_-£* "-"??_-;_-@_-',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
  49: '@',
};

/** Formats of the reader's own day, as the specification writes them. */
const LOCAL: Readonly<Record<number, string>> = { 14: 'm/d/yy', 22: 'm/d/yy h:mm' };

/** The format with the form of a day that Americans see, where the number is one of a format that follows the reader. */
export function withLocalDate(format: NumberFormat, id: number, date1904: boolean): NumberFormat {
  const code = LOCAL[id];
  return code === undefined ? format : { ...format, localDate: readDateFormat(code, date1904) };
}

export function builtInFormat(id: number): string {
  if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return 'yyyy-mm-dd';
  return BUILT_IN[id] ?? 'General';
}

interface Section {
  readonly code: string;
  /** Set where the section shows dates or times. */
  readonly showDate: ((serial: number) => string) | null;
  readonly condition: ((value: number) => boolean) | null;
}

const CONDITION = /\[(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\]/;
/** Quoted or escaped literals, paddings and fills: what is no code. */
const LITERALS = /"[^"]*"?|\\.|_.|\*./g;

/** Reads a format code once; the answer is cheap to apply to many values. */
export function readNumberFormat(code: string, date1904: boolean): NumberFormat {
  const sections = splitSections(code).map((section) => readSection(section, date1904));
  const textSection = sections.length > 3 ? sections[3] : sections.find((section) => bare(section.code).includes('@'));
  const isDate = sections.some((section) => section.showDate !== null);
  return {
    isDate,
    isoDate: readDateFormat('yyyy-mm-dd', date1904),
    show(value) {
      const [section, shown] = pickSection(sections, value);
      if (section === undefined) return showGeneral(value);
      return section.showDate === null
        ? showNumber(shown, stripBrackets(section.code, false))
        : section.showDate(value);
    },
    showText: (text) => (textSection === undefined ? text : showTextAs(text, textSection.code)),
  };
}

function splitSections(code: string): string[] {
  const sections = [''];
  for (let at = 0; at < code.length; at++) {
    const letter = code.charAt(at);
    let taken = letter;
    if (letter === '\\' || letter === '_' || letter === '*') taken = code.slice(at, at + 2);
    else if (letter === '"') {
      const close = code.indexOf('"', at + 1);
      taken = code.slice(at, close < 0 ? code.length : close + 1);
    } else if (letter === ';') {
      sections.push('');
      continue;
    }
    sections[sections.length - 1] += taken;
    at += taken.length - 1;
  }
  return sections;
}

function readSection(code: string, date1904: boolean): Section {
  const showDate = isDateCode(code) ? readDateFormat(stripBrackets(code.replace(CONDITION, ''), true), date1904) : null;
  const match = CONDITION.exec(code.replace(LITERALS, ''));
  if (match === null) return { code, showDate, condition: null };
  const limit = Number(match[2]);
  const tests: Readonly<Record<string, (value: number) => boolean>> = {
    '<': (value) => value < limit,
    '>': (value) => value > limit,
    '=': (value) => value === limit,
    '<=': (value) => value <= limit,
    '>=': (value) => value >= limit,
    '<>': (value) => value !== limit,
  };
  return { code: code.replace(CONDITION, ''), showDate, condition: tests[match[1] ?? ''] ?? null };
}

/** The section for a value, and the value it shows: a section of its own for negatives shows no sign. */
function pickSection(sections: readonly Section[], value: number): readonly [Section | undefined, number] {
  const [first, second, third] = sections;
  if (sections.some((section) => section.condition !== null)) {
    const match = sections.slice(0, 3).find((section) => section.condition === null || section.condition(value));
    return [match, value];
  }
  if (value < 0 && second !== undefined && sections.length > 1) return [second, -value];
  if (value === 0 && third !== undefined && sections.length > 2) return [third, value];
  return [first, value];
}

function bare(code: string): string {
  return code.replace(LITERALS, '');
}

function isDateCode(code: string): boolean {
  const plain = bare(code).replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return (
    !/general/i.test(plain) &&
    /[dmyhse]/i.test(plain.replace(/E[+-]/gi, '')) &&
    !/[0#?](?!.*[hs])/.test(plain.replace(/s\.0+/gi, 's'))
  );
}

/** Colours, locales and currencies in brackets: `[$£-809]` shows £, the others nothing. */
function stripBrackets(code: string, keepElapsed: boolean): string {
  return code.replace(/"[^"]*"?|\[([^\]]*)\]/g, (whole, inner?: string) => {
    if (inner === undefined) return whole;
    if (keepElapsed && /^(h+|m+|s+)$/i.test(inner)) return whole;
    return inner.startsWith('$') ? `"${inner.slice(1).split('-')[0] ?? ''}"` : '';
  });
}

function showTextAs(text: string, code: string): string {
  const shown = literal(stripBrackets(code, false), (rest) => rest.replace(/@|general/i, '\u0000'));
  return shown.includes('\u0000') ? shown.replace('\u0000', () => text) : shown;
}

/** A code with its literals put in their place, and everything else handled by `code`. */
function literal(text: string, code: (rest: string) => string): string {
  let shown = '';
  let at = 0;
  for (const match of text.matchAll(LITERALS)) {
    shown += code(text.slice(at, match.index));
    const [token] = match;
    if (token.startsWith('"')) shown += token.replaceAll('"', '');
    else if (token.startsWith('\\')) shown += token.slice(1);
    at = match.index + token.length;
  }
  return shown + code(text.slice(at));
}

function showNumber(value: number, code: string): string {
  if (code.trim() === '') return code;
  const plain = bare(code);
  if (/general/i.test(plain)) return literal(code, (rest) => rest.replace(/general/i, () => showGeneral(value)));
  if (!/[0#?]/.test(plain))
    return plain.includes('@')
      ? showTextAs(showGeneral(value), code)
      : signed(
          value,
          literal(code, (rest) => rest),
        );
  if (plain.includes('/')) return showFraction(value, code, plain);
  const percents = plain.split('%').length - 1;
  const exponent = /E([+-])(0+)/i.exec(plain);
  if (exponent !== null) return showScientific(value * 100 ** percents, code, plain, exponent);
  const thousands = /[0#?],+(?=[^0#?,]*$|\.)/.exec(plain)?.[0].length ?? 1;
  const scaled = (value * 100 ** percents) / 1000 ** (thousands - 1);
  const [whole = '', decimals = ''] = plain.replace(/[^0#?.]/g, '').split('.');
  const fixed = roundTo(Math.abs(scaled), Math.min(decimals.length, 30));
  const [integer = '0', fraction = ''] = fixed.split('.');
  const minimum = whole.replace(/[#?]/g, '').length;
  let shownWhole = integer === '0' && minimum === 0 ? '' : integer.padStart(minimum, '0');
  if (/[0#?],[0#?]/.test(plain)) shownWhole = shownWhole.replace(/\B(?=(\d{3})+$)/g, ',');
  let kept = fraction.length;
  while (kept > 0 && fraction[kept - 1] === '0' && decimals[kept - 1] !== '0') kept -= 1;
  const point = plain.includes('.') ? `.${fraction.slice(0, kept)}` : '';
  const digits = `${shownWhole}${point}`;
  const isZero = !/[1-9]/.test(digits);
  return signed(isZero ? 0 : value, placeDigits(code, digits));
}

/** Puts the digits where the code has its placeholders, and keeps the literals around them. */
function placeDigits(code: string, digits: string): string {
  let placed = false;
  return literal(code, (rest) =>
    rest.replace(/[0#?][0#?.,]*|\.[0#?]+|@/g, () => {
      if (placed) return '';
      placed = true;
      return digits;
    }),
  ).trim();
}

function signed(value: number, shown: string): string {
  return value < 0 ? `-${shown}` : shown;
}

function showScientific(value: number, code: string, plain: string, exponent: RegExpExecArray): string {
  const decimals = (/\.([0#?]+)E/i.exec(plain)?.[1] ?? '').length;
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential(Math.min(decimals, 30)).split('e');
  const sign = power.startsWith('-') ? '-' : exponent[1] === '+' ? '+' : '';
  const shown = `${mantissa}E${sign}${power.replace(/[+-]/, '').padStart((exponent[2] ?? '').length, '0')}`;
  return signed(value, placeDigits(code.replace(/E[+-]0+/i, ''), shown));
}

function showFraction(value: number, code: string, plain: string): string {
  const places = /\/\s*(\?+|#+|0+|\d+)/.exec(plain)?.[1] ?? '?';
  const fixed = /^[1-9]/.test(places) ? Number(places) : null;
  const size = Math.abs(value);
  const hasWhole = /[0#?]\s+[0#?]+\s*\//.test(plain);
  const whole = hasWhole ? Math.floor(size) : 0;
  let best = { top: Math.round(size - whole), bottom: 1 };
  const limit = fixed ?? 10 ** Math.min(places.length, 4) - 1;
  for (let bottom = fixed ?? 1; bottom <= limit; bottom++) {
    const top = Math.round((size - whole) * bottom);
    if (
      fixed !== null ||
      Math.abs(top / bottom - (size - whole)) < Math.abs(best.top / best.bottom - (size - whole)) - 1e-12
    )
      best = { top, bottom };
  }
  if (best.top === best.bottom && hasWhole) return signed(value, placeDigits('0', String(whole + 1)));
  const part = best.top === 0 && hasWhole ? '' : `${best.top}/${best.bottom}`;
  void code;
  return signed(
    value,
    [hasWhole && (whole > 0 || part === '') ? String(whole) : '', part].filter((step) => step !== '').join(' '),
  );
}

/** Half away from zero on the decimal digits shown, as spreadsheets round; 1.005 is 1.01, whatever its binary form. */
function roundTo(size: number, digits: number): string {
  if (size >= 1e15 || size < 1e-15) return size >= 1e15 && size < 1e21 ? size.toFixed(digits) : (0).toFixed(digits);
  const [mantissa = '0', power = '0'] = size.toPrecision(15).split('e');
  const rounded = Math.round(Number(`${mantissa}e${Number(power) + digits}`));
  const text = Number(`${rounded}e-${digits}`);
  return text.toFixed(digits);
}

/** A number without a format: integers in full (identifiers are longer than the eleven places a column shows), decimals to eleven places. */
export function showGeneral(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const written = String(value);
  if (written.length <= 11 && !written.includes('e')) return written;
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return '#NUM!';
  if (size >= 1e11 && size < 1e15) return String(Number(value.toPrecision(15)));
  if (size >= 1e-4 && size < 1e15) {
    const before = Math.max(1, Math.floor(Math.log10(size)) + 1);
    return signed(value, roundTo(size, Math.max(0, 10 - before)).replace(/\.?0+$/, ''));
  }
  const [mantissa = '', power = ''] = size.toExponential(5).split('e');
  const shown = mantissa.replace(/\.?0+$/, '');
  return signed(value, `${shown}E${power.startsWith('-') ? '-' : '+'}${power.slice(1).padStart(2, '0')}`);
}
