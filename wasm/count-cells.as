// AssemblyScript, not TypeScript: compiled to WebAssembly outside the tree (README.md); the tree carries the result.
//
// Counts the cells of a worksheet from their markup as the common programs write it. Stops at the first thing that is
// anything else, or that has to be looked at, and leaves it to the general reader in src/extract/sheet-rows.ts: it may
// stop wherever it likes, and never counts what it is not sure of.

// The layout of the memory; src/extract/cell-counter.ts has the same numbers.
const COLUMN: usize = 0;
const DIGITS: usize = 4;
const ROW_FILLED: usize = 8;
const ROW_START: usize = 12;
/** Rows until the next that the sample wants. */
const ROWS_LEFT: usize = 16;
const ROWS: usize = 20;
/** Flags of a string that is asked for as prose. */
const PROSE_FLAGS: usize = 24;
const STRING_COUNT: usize = 28;
const STRING_FLAGS: usize = 32;
const STRING_LENGTHS: usize = 36;
/** UTF-16 units of prose that there is room for; how many strings were taken as prose, and where their numbers are kept. */
const PROSE_LEFT: usize = 40;
const PROSE_COUNT: usize = 44;
const PROSE_LIST: usize = 48;

/** A column: filled, integers, decimals, dates, longest, marks (1: distinct values are full, 2: hidden), values seen. */
const COLUMNS: usize = 1024;
const COLUMN_SIZE: usize = 32;
const MAX_COLUMNS: u32 = 1024;
/** By style: 0 as written, 255 leave it, else the number of a table of what whole numbers show as, from 1. */
const MODES: usize = 0x10000;
const MAX_STYLES: u32 = 0x10000;
const SEEN: usize = 0x20000;
const SEEN_BITS: u64 = 9;
const SEEN_SIZE: usize = 512;
const MAX_SEEN: u32 = 448;
/** Kinds, then lengths, of the whole numbers below 65,536. */
const SHOWN: usize = 0x420000;
const SHOWN_SIZE: usize = 0x20000;

const LOOKED: u32 = 4;
const PROSE: u32 = 8;
const USED: u32 = 16;
const TEXT: u32 = 0;
const INTEGER: u32 = 1;
const DECIMAL: u32 = 2;

const CELL: u64 = 0x223d7220633c; // <c r="
const ROW: u64 = 0x223d7220776f723c; // <row r="
const END_ROW: u64 = 0x3e776f722f3c; // </row>
const END_CELL: u64 = 0x3e632f3c3e762f3c; // </v></c>
const SIX_BYTES: u64 = 0xffffffffffff;
const FIVE_BYTES: u64 = 0xffffffffff;
const VALUE: u64 = 0x3e763c3e22; // "><v>
const STYLE: u64 = 0x223d732022; // " s="
const SHARED: u64 = 0x3e2273223d742022; // " t="s">
const NUMBER: u64 = 0x3e226e223d742022; // " t="n">
const OPEN_VALUE: u32 = 0x3e763c; // <v>
const EMPTY: u32 = 0x3e2f22; // "/>

const NUMERAL: u32 = 0;
const STRING: u32 = 1;

/** High bits of the bytes that are no digits, of eight bytes whose digits were made numbers. */
function noDigits(bytes: u64): u64 {
  return (((bytes & 0x7f7f7f7f7f7f7f7f) + 0x7676767676767676) | bytes) & 0x8080808080808080;
}

/** The number of eight digits, the first in the lowest byte. */
function numberOf(digits: u64): u64 {
  const pairs = digits * 10 + (digits >> 8);
  return (
    ((pairs & 0x000000ff000000ff) * 0x000f424000000064 + ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >>
    32
  );
}

/** Whether the column has met the value; where it had not, it has now. */
function isSeen(column: usize, number: u32, key: u64): bool {
  const table = SEEN + ((number as usize) << 12);
  let slot = ((key * 0x9e3779b97f4a7c15) >> (64 - SEEN_BITS)) as usize;
  let at = table + (slot << 3);
  let found = load<u64>(at);
  while (found != 0) {
    if (found == key) return true;
    slot = (slot + 1) & (SEEN_SIZE - 1);
    at = table + (slot << 3);
    found = load<u64>(at);
  }
  const seen = load<u32>(column, 24);
  if (seen < MAX_SEEN) {
    store<u32>(column, seen + 1, 24);
    store<u64>(at, key);
  }
  return false;
}

/**
 * Counts from `from` up to `end`, and answers where it stopped; the state in memory says what row it stands in.
 *
 * The bytes up to `end` are whole rows; eight more may be read, and mean nothing.
 */
export function count(from: usize, end: usize): usize {
  let at = from;
  let digits = load<u32>(DIGITS) as usize;
  let number = load<u32>(COLUMN);
  let filled = load<u32>(ROW_FILLED);
  let rowStart = load<u32>(ROW_START) as usize;
  let rowsLeft = load<u32>(ROWS_LEFT);
  let rows: u32 = 0;
  const proseFlags = load<u32>(PROSE_FLAGS);
  const stringCount = load<u32>(STRING_COUNT);
  const stringFlags = load<u32>(STRING_FLAGS) as usize;
  const stringLengths = load<u32>(STRING_LENGTHS) as usize;

  while (at < end) {
    const start = load<u64>(at);
    if ((start & SIX_BYTES) == CELL) {
      let reference = (load<u8>(at, 6) as u32) - 0x40;
      if (reference - 1 > 25) break;
      let to = at + 7;
      let letter = (load<u8>(to) as u32) - 0x40;
      while (letter - 1 < 26 && reference < MAX_COLUMNS) {
        reference = reference * 26 + letter;
        to += 1;
        letter = (load<u8>(to) as u32) - 0x40;
      }
      to += digits;
      if (reference > MAX_COLUMNS) break;
      const column = COLUMNS + ((reference as usize) - 1) * COLUMN_SIZE;

      let type = NUMERAL;
      let style: u32 = 0;
      let next = load<u64>(to);
      if ((next & FIVE_BYTES) == STYLE) {
        to += 5;
        let digit = (load<u8>(to) as u32) - 0x30;
        if (digit > 9) break;
        do {
          style = style * 10 + digit;
          to += 1;
          digit = (load<u8>(to) as u32) - 0x30;
        } while (digit <= 9 && style < MAX_STYLES);
        if (style >= MAX_STYLES) break;
        next = load<u64>(to);
      }
      if ((next & FIVE_BYTES) == VALUE) to += 5;
      else {
        if (next == SHARED) type = STRING;
        else if (next != NUMBER) {
          if (((next as u32) & 0xffffff) != EMPTY) break;
          number = reference - 1;
          at = to + 3;
          continue;
        }
        if ((load<u32>(to, 8) & 0xffffff) != OPEN_VALUE) break;
        to += 11;
      }
      const marks = load<u32>(column, 20);
      if ((marks & 2) != 0) break;
      const mode = load<u8>(MODES + style) as u32;

      // The digits, as many as there are, in one step.
      let minus: u32 = 0;
      if (load<u8>(to) == 0x2d) {
        minus = 1;
        to += 1;
      }
      let bytes = load<u64>(to) ^ 0x3030303030303030;
      let stops = noDigits(bytes);
      let length: u32;
      let value: u64;
      if (stops == 0) {
        value = numberOf(bytes);
        bytes = load<u64>(to, 8) ^ 0x3030303030303030;
        stops = noDigits(bytes);
        if (stops == 0) break;
        const more = (ctz(stops) >> 3) as u32;
        // The number of the leading digits, moved behind as many noughts as are missing.
        for (let each: u32 = 0; each < more; each++) value = value * 10 + ((bytes >> ((each as u64) << 3)) & 0xff);
        length = 8 + more;
      } else {
        const bits = ctz(stops) & 0x78;
        if (bits == 0) break;
        length = (bits >> 3) as u32;
        value = length == 1 ? bytes & 0xff : numberOf(bytes << (64 - bits));
      }
      if (length > 1 && (load<u8>(to) == 0x30 || length > 15)) break;
      to += length;

      let kind = INTEGER;
      let shown = length + minus;
      let key: u64;
      if (load<u64>(to) == END_CELL) {
        if (type == STRING) {
          if (minus != 0 || value >= (stringCount as u64) || mode == 255) break;
          const flagsAt = stringFlags + (value as usize);
          let flags = load<u8>(flagsAt) as u32;
          if ((flags & LOOKED) == 0) break;
          shown = load<u32>(stringLengths + ((value as usize) << 2));
          if ((flags & proseFlags) == proseFlags) {
            const left = load<i32>(PROSE_LEFT);
            if (left <= 0) break;
            store<i32>(PROSE_LEFT, left - (shown as i32));
            const taken = load<u32>(PROSE_COUNT) as usize;
            store<u32>((load<u32>(PROSE_LIST) as usize) + (taken << 2), value as u32);
            store<u32>(PROSE_COUNT, (taken + 1) as u32);
            flags &= ~PROSE;
          }
          store<u8>(flagsAt, (flags | USED) as u8);
          if (shown == 0) {
            number = reference - 1;
            at = to + 8;
            continue;
          }
          kind = flags & 3;
          key = ((value + 1) << 5) | 2;
        } else if (mode == 0) {
          if (minus != 0 && value == 0) break;
          key = ((value + 1) << 5) | (minus as u64);
        } else {
          if (mode == 255 || minus != 0 || value > 0xffff) break;
          const table = SHOWN + ((mode as usize) - 1) * SHOWN_SIZE + (value as usize);
          const known = load<u8>(table) as u32;
          if (known < 4) break;
          kind = known - 4;
          shown = load<u8>(table, 0x10000) as u32;
          key = ((((mode as u64) << 17) | (value + 1)) << 5) | 3;
        }
        to += 8;
      } else {
        if (load<u8>(to) != 0x2e || type == STRING || mode != 0) break;
        bytes = load<u64>(to, 1) ^ 0x3030303030303030;
        stops = noDigits(bytes);
        if (stops == 0) break;
        let places = (ctz(stops) >> 3) as u32;
        if (places == 0 || length + places > 10 || load<u64>(to + 1 + places) != END_CELL) break;
        const after = to + 9 + places;
        while (places > 0 && load<u8>(to + places) == 0x30) places -= 1;
        if (minus != 0 && (value == 0 || length + places > 9)) break;
        for (let each: u32 = 0; each < places; each++) value = value * 10 + ((bytes >> ((each as u64) << 3)) & 0xff);
        if (places > 0) {
          kind = DECIMAL;
          shown = length + 1 + places + minus;
          key = ((value + 1) << 5) | (8 + places + (minus << 3));
        } else key = ((value + 1) << 5) | (minus as u64);
        to = after;
      }
      if ((marks & 1) == 0 && !isSeen(column, reference - 1, key)) break;
      store<u32>(column, load<u32>(column) + 1);
      if (kind != TEXT) {
        const tally = column + ((kind as usize) << 2);
        store<u32>(tally, load<u32>(tally) + 1);
      }
      if (shown > load<u32>(column, 16)) store<u32>(column, shown, 16);
      filled = 1;
      number = reference - 1;
      at = to;
      continue;
    }
    if ((start & SIX_BYTES) == END_ROW) {
      if (filled != 0) {
        if (rowsLeft <= 1) break;
        rowsLeft -= 1;
        rows += 1;
        filled = 0;
      }
      at += 6;
      continue;
    }
    if (start == ROW) {
      let to = at + 8;
      while ((load<u8>(to) as u32) - 0x30 <= 9) to += 1;
      const found = to - at - 8;
      // What may hide a row has this letter; most rows say only their number and their span.
      let byte = load<u8>(to);
      while (to < end && byte != 0x3e && byte != 0x68) {
        to += 1;
        byte = load<u8>(to);
      }
      if (byte != 0x3e || found == 0 || found > 15) break;
      digits = found;
      rowStart = at;
      filled = 0;
      number = 0xffffffff;
      at = to + 1;
      continue;
    }
    if ((start & 0xff) > 0x20) break;
    at += 1;
  }
  store<u32>(DIGITS, digits as u32);
  store<u32>(COLUMN, number);
  store<u32>(ROW_FILLED, filled);
  store<u32>(ROW_START, rowStart as u32);
  store<u32>(ROWS_LEFT, rowsLeft);
  store<u32>(ROWS, load<u32>(ROWS) + rows);
  return at;
}
