// AssemblyScript, not TypeScript (README.md). `kindOf` of src/extract/table-builder.ts, for ASCII.

export const TEXT: u32 = 0;
export const INTEGER: u32 = 1;
export const DECIMAL: u32 = 2;
export const DATE: u32 = 3;

const LONGEST_DATE: usize = 30;

export function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

function isDigit(byte: u32): bool {
  return byte - 0x30 <= 9;
}

/** How many digits stand from `at` on. */
function digitsAt(at: usize, end: usize): u32 {
  let each = at;
  while (each < end && isDigit(load<u8>(each))) each++;
  return (each - at) as u32;
}

/** The separators of a date: - / . and, where `spaces`, a space. */
function isSeparator(byte: u32, spaces: bool): bool {
  return byte - 0x2d <= 2 || (spaces && byte == 0x20);
}

/** Whether 9:30, 09:30:15 or 09:30:15.5 stands from `at` to the end, and with `zone` a Z after it. */
function isTime(from: usize, to: usize, zone: bool): bool {
  let at = from;
  let end = to;
  if (zone && end > at && load<u8>(end - 1) == 0x5a) end--;
  let count = digitsAt(at, end);
  if (count < 1 || count > 2) return false;
  at += count;
  if (at >= end || load<u8>(at) != 0x3a || digitsAt(at + 1, end) != 2) return false;
  at += 3;
  if (at == end) return true;
  if (load<u8>(at) != 0x3a || digitsAt(at + 1, end) != 2) return false;
  at += 3;
  if (at == end) return true;
  if (!zone || load<u8>(at) != 0x2e) return false;
  count = digitsAt(at + 1, end);
  return count > 0 && at + 1 + count == end;
}

/** `DATE_SHAPE` of table-builder.ts. */
function isDate(start: usize, end: usize): bool {
  let at = start;
  let count = digitsAt(at, end);
  const yearFirst = count == 4;
  if (!yearFirst && (count < 1 || count > 2)) return false;
  at += count;
  if (at >= end || !isSeparator(load<u8>(at), !yearFirst)) return false;
  at++;
  count = digitsAt(at, end);
  if (count == 0 && !yearFirst) {
    while (at + count < end && isLetter(load<u8>(at + count))) count++;
    if (count < 3 || count > 9) return false;
  } else if (count < 1 || count > 2) return false;
  at += count;
  if (at >= end || !isSeparator(load<u8>(at), !yearFirst)) return false;
  at++;
  count = digitsAt(at, end);
  if (yearFirst ? count < 1 || count > 2 : count < 2 || count > 4) return false;
  at += count;
  if (at == end) return true;
  const after = load<u8>(at);
  return (after == 0x20 || (yearFirst && after == 0x54)) && isTime(at + 1, end, yearFirst);
}

/** What a text of ASCII is. */
export function kindOf(start: usize, end: usize): u32 {
  let digits: u32 = 0;
  let points: u32 = 0;
  for (let at = start; at < end; at++) {
    const byte = load<u8>(at) as u32;
    if (isDigit(byte)) digits += 1;
    else if (byte == 0x2e) points += 1;
    else if (byte == 0x2c && digits > 0) continue;
    else if ((byte == 0x2d || byte == 0x2b || byte == 0x24) && digits == 0) continue;
    else if (byte == 0x25 && digits > 0 && at == end - 1) points += 1;
    else return digits > 0 && end - start <= LONGEST_DATE && isDate(start, end) ? DATE : TEXT;
  }
  if (digits == 0) return TEXT;
  if (points == 0) return INTEGER;
  if (points == 1 || (points == 2 && load<u8>(end - 1) == 0x25)) return DECIMAL;
  return isDate(start, end) ? DATE : TEXT;
}
