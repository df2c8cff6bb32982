// AssemblyScript, not TypeScript: compiled to WebAssembly outside the tree (README.md); the tree carries the result.
//
// Counts the cells of delimited rows from their bytes. Stops at a row that is wanted as text, at a cell that has to be looked at,
// and at quoting it does not know, and leaves those to src/extract/delimited-rows.ts.

import { DATE, DECIMAL, INTEGER, isLetter, kindOf, TEXT } from './kind-of';

// The layout of the memory; src/extract/delimited-counter.ts has the same numbers.
/** Column of the next cell; whether its row has a filled cell so far. */
const COLUMN: usize = 0;
const ROW_FILLED: usize = 4;
/** Rows until the next that is wanted as text. */
const ROWS_LEFT: usize = 8;
const ROWS: usize = 12;
const DELIMITER: usize = 16;
/** The cell that is left to the caller: where it is, its column, where what is known of it goes, whether the value is new.
 * `CELL_KEPT`: whether its words are kept already. */
const CELL_START: usize = 20;
const CELL_END: usize = 24;
const CELL_COLUMN: usize = 28;
const CELL_KNOWN: usize = 32;
const CELL_NEW: usize = 36;
/** Spaces a cell must have to be kept as prose; prose that may be kept; bytes of it that are waiting. */
const PROSE_SPACES: usize = 40;
const PROSE_LEFT: usize = 44;
const PROSE_BYTES: usize = 48;
const PROSE_MARKS: usize = 52;
const WHY: usize = 56;
const CELL_KEPT: usize = 60;

/** Why it stopped: the bytes end, a cell is to be looked at, a row is wanted, quoting or a width it does not know. */
const ENDED: u32 = 0;
const CELL: u32 = 1;
const WANTED: u32 = 2;
const ODD: u32 = 3;

/** A column: filled, integers, decimals, dates, longest, marks (1: distinct values are full), values seen, distinct values. */
const COLUMNS: usize = 1024;
const COLUMN_SIZE: usize = 32;
const MAX_COLUMNS: u32 = 1024;
/** What is known of values beyond ASCII, whatever their column: key, kind and length. */
const REMEMBERED: usize = 0x10000;
const REMEMBERED_BITS: u64 = 12;
/**
 * The values that a column has met, up to `MAX_SEEN`: key, times it was met, its kind and length. A slot's number is the hash of its
 * key; the first is for no value at all. Most columns are codes, and most cells are met again.
 */
const SEEN: usize = 0x110000;
const SEEN_BITS: u64 = 9;
const SEEN_SIZE: usize = 512;
const MAX_SEEN: u32 = 448;
/** `DISTINCT_LIMIT`, which must be less than `MAX_SEEN`. */
const MAX_DISTINCT: u32 = 256;
/** Longer values are told apart by the caller. */
const MAX_VALUE: usize = 0x10000;
const PROSE_KEYS: usize = 0x910000;
const PROSE_KEY_BITS: u64 = 18;
const MAX_PROSE_MARKS: u32 = 200_000;
const PROSE: usize = 0xb10000;
const PROSE_SIZE: u32 = 0x100000;

const FACTOR: u64 = 0x9e3779b97f4a7c15;
const OTHER_FACTOR: u64 = 0xd6e8feb86659fd93;
const LONG: u64 = 0x8000000000000000;
/** Makes other keys of values beyond ASCII: what a slot tells is for ASCII alone. */
const BEYOND: u64 = 0x2545f4914f6cdd1d;

/** Stands for the bytes of a cell of seven at most: they themselves. */
@inline
function codeOf(start: usize, length: u64): u64 {
  return (load<u64>(start) & ((1 << (length << 3)) - 1)) | (length << 56);
}

/** Stands for the bytes of a cell of eight to sixteen: a hash of 63 bits. */
@inline
function markOf(start: usize, length: u64): u64 {
  let key = (load<u64>(start) ^ (length * FACTOR)) * FACTOR;
  key ^= key >> 32;
  key = (key ^ load<u64>(start + (length as usize) - 8)) * OTHER_FACTOR;
  return key ^ (key >> 29) | LONG;
}

/** Stands for a cell's bytes: they themselves where they are few, else a hash of 63 bits. */
function keyOf(start: usize, end: usize): u64 {
  const length = end - start;
  if (length < 8) return codeOf(start, length as u64);
  if (length <= 16) return markOf(start, length as u64);
  let key = (length as u64) * FACTOR;
  let at = start;
  while (at + 8 <= end) {
    key = (key ^ load<u64>(at)) * FACTOR;
    key ^= key >> 29;
    at += 8;
  }
  key = (key ^ load<u64>(end - 8)) * FACTOR;
  return key ^ (key >> 32) | LONG;
}

@inline
function slotOf(number: u32, key: u64): usize {
  return SEEN + ((number as usize) << 13) + ((((key * FACTOR) >> (64 - SEEN_BITS)) as usize) << 4);
}

/** The slot of a value in its column's table, or the empty one that it would take. */
function findSlot(number: u32, key: u64): usize {
  const table = SEEN + ((number as usize) << 13);
  let at = slotOf(number, key);
  let found = load<u64>(at);
  while (at == table || (found != key && found != 0)) {
    at = table + ((at + 16 - table) & ((SEEN_SIZE << 4) - 1));
    found = load<u64>(at);
  }
  return at;
}

/** Whether the column has met the value; where it had not, it has now. */
function isSeen(number: u32, column: usize, key: u64): bool {
  const slot = findSlot(number, key);
  if (load<u64>(slot) == key) return true;
  const seen = load<u32>(column, 24);
  if (seen < MAX_SEEN) {
    store<u32>(column, seen + 1, 24);
    store<u64>(slot, key);
  }
  return false;
}

/** Meets a value of ASCII, and counts it where it is new to its column. */
function meet(number: u32, column: usize, key: u64): void {
  if (isSeen(number, column, key)) return;
  const distinct = load<u32>(column, 28) + 1;
  store<u32>(column, distinct, 28);
  if (distinct >= MAX_DISTINCT) store<u32>(column, load<u32>(column, 20) | 1, 20);
}

/** Meets a value that the caller read as text: ASCII of no more than `MAX_VALUE` bytes. */
export function see(number: u32, start: usize, end: usize): void {
  const column = COLUMNS + (number as usize) * COLUMN_SIZE;
  if ((load<u32>(column, 20) & 1) != 0) return;
  const key = keyOf(start, end);
  meet(number, column, key);
  const slot = findSlot(number, key);
  if (load<u64>(slot) == key) store<u32>(slot, (((end - start) as u32) << 2) | kindOf(start, end), 12);
}

/** Keeps a cell of words, once; false where the room is gone. */
function keepProse(start: usize, end: usize, key: u64): bool {
  const length = (end - start) as u32;
  const left = load<i32>(PROSE_LEFT);
  const used = load<u32>(PROSE_BYTES);
  if (left <= 0 || used + length + 1 > PROSE_SIZE) return false;
  const marks = load<u32>(PROSE_MARKS);
  if (marks < MAX_PROSE_MARKS) {
    let slot = ((key * FACTOR) >> (64 - PROSE_KEY_BITS)) as usize;
    let found = load<u64>(PROSE_KEYS + (slot << 3));
    while (found != 0) {
      if (found == key) return true;
      slot = (slot + 1) & ((1 << (PROSE_KEY_BITS as usize)) - 1);
      found = load<u64>(PROSE_KEYS + (slot << 3));
    }
    store<u64>(PROSE_KEYS + (slot << 3), key);
    store<u32>(PROSE_MARKS, marks + 1);
  }
  memory.copy(PROSE + used, start, length);
  store<u8>(PROSE + used + length, 10);
  store<u32>(PROSE_BYTES, used + length + 1);
  store<i32>(PROSE_LEFT, left - (length as i32));
  return true;
}

/** Leaves a cell to the caller; `slot`: where its kind and length go, 0 where they were counted. */
function leave(number: u32, start: usize, end: usize, slot: usize, isNew: bool, isKept: bool): void {
  store<u32>(CELL_START, start as u32);
  store<u32>(CELL_END, end as u32);
  store<u32>(CELL_COLUMN, number);
  store<u32>(CELL_KNOWN, slot as u32);
  store<u32>(CELL_NEW, isNew as u32);
  store<u32>(CELL_KEPT, isKept as u32);
}

/** Counts a cell beyond ASCII; false where the caller has to. */
function addHigh(number: u32, column: usize, start: usize, end: usize): bool {
  const key = (keyOf(start, end) ^ BEYOND) | LONG;
  const slot = REMEMBERED + ((((key * FACTOR) >> (64 - REMEMBERED_BITS)) as usize) << 4);
  const isKnown = load<u64>(slot) == key;
  const isNew = (load<u32>(column, 20) & 1) == 0 && !isSeen(number, column, key);
  if (!isKnown) {
    store<u64>(slot, key);
    store<u32>(slot, 0, 8);
  }
  const known = load<u32>(slot, 8);
  if (known == 0 || isNew) {
    leave(number, start, end, slot + 8, isNew, known != 0);
    return false;
  }
  tally(column, known & 3, known >> 2);
  return true;
}

@inline
function tally(column: usize, kind: u32, length: u32): void {
  store<u32>(column, load<u32>(column) + 1);
  if (kind != TEXT) {
    const at = column + ((kind as usize) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  if (length > load<u32>(column, 16)) store<u32>(column, length, 16);
}

/** Counts a cell longer than sixteen bytes; false where the caller has to look at it. */
function addLong(number: u32, column: usize, start: usize, end: usize): bool {
  let high: u32 = 0;
  let letters: u32 = 0;
  let spaces: u32 = 0;
  for (let at = start; at < end; at++) {
    const byte = load<u8>(at) as u32;
    high |= byte;
    letters |= isLetter(byte) as u32;
    spaces += (byte == 0x20) as u32;
  }
  if (high >= 0x80) return addHigh(number, column, start, end);
  const kind = kindOf(start, end);
  tally(column, kind, (end - start) as u32);
  const isFull = (load<u32>(column, 20) & 1) != 0;
  const isWords = kind == TEXT && letters != 0 && spaces >= load<u32>(PROSE_SPACES);
  if (isFull && !isWords) return true;
  const isOver = end - start > MAX_VALUE;
  const key = keyOf(start, end);
  if (!isFull && !isOver) meet(number, column, key);
  const isNew = !isFull && isOver;
  const isKept = !isWords || keepProse(start, end, key);
  if (!isNew && isKept) return true;
  leave(number, start, end, 0, isNew, isKept);
  return false;
}

/** Whether a letter is among the bytes. */
function hasLetter(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) if (isLetter(load<u8>(at))) return true;
  return false;
}

/** Whether ten bytes are 2016-04-01 or 01/04/2016; `digits` says which of them are digits. */
@inline
function isPlainDate(start: usize, digits: i32): bool {
  if (digits == 0x36f)
    return (load<u8>(start, 4) as u32) - 0x2d <= 2 && (load<u8>(start, 7) as u32) - 0x2d <= 2;
  return digits == 0x3db && (load<u8>(start, 2) as u32) - 0x2d <= 2 && (load<u8>(start, 5) as u32) - 0x2d <= 2;
}

/** Counts a cell of sixteen bytes at most; false where the caller has to look at it. */
@inline
function addShort(number: u32, column: usize, start: usize, end: usize, proseSpaces: u32): bool {
  const length = (end - start) as u32;
  const bytes = v128.load(start);
  const all = (1 << length) - 1;
  const digits = i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10))) & all;
  let kind = TEXT;
  let isWords = false;
  if (digits == all) kind = INTEGER;
  else {
    if ((i8x16.bitmask(bytes) & all) != 0) return addHigh(number, column, start, end);
    if (digits != 0) {
      const points = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x2e))) & all;
      const first = load<u8>(start) as u32;
      if ((digits | points) == all && popcnt(points) == 1) kind = DECIMAL;
      // Whatever begins otherwise is no number and no date.
      else if (length == 10 && isPlainDate(start, digits)) kind = DATE;
      else if (first - 0x30 <= 9 || first == 0x2d || first == 0x2e || first == 0x2b || first == 0x24)
        kind = kindOf(start, end);
    }
    if (kind == TEXT && length > 3) {
      const spaces = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x20))) & all;
      isWords = (popcnt(spaces) as u32) >= proseSpaces && hasLetter(start, end);
    }
  }
  tally(column, kind, length);
  const isFull = (load<u32>(column, 20) & 1) != 0;
  if (isFull && !isWords) return true;
  const key = keyOf(start, end);
  if (!isFull) meet(number, column, key);
  if (!isWords || keepProse(start, end, key)) return true;
  leave(number, start, end, 0, false, false);
  return false;
}

/** Whether one of the bytes, sixteen at most, is beyond ASCII. */
@inline
function isHigh(start: usize, length: u32): bool {
  return (i8x16.bitmask(v128.load(start)) & ((1 << length) - 1)) != 0;
}

/** Counts a cell of sixteen bytes at most that its column's first place did not tell; false where the caller has to look at it. */
function addCode(number: u32, key: u64, start: usize, end: usize, proseSpaces: u32): bool {
  const column = COLUMNS + (number as usize) * COLUMN_SIZE;
  const length = (end - start) as u32;
  // A full table is not searched: its values are told by their first places, and all others one by one.
  if (load<u32>(column, 24) >= MAX_SEEN || isHigh(start, length)) return addShort(number, column, start, end, proseSpaces);
  const slot = findSlot(number, key);
  if (load<u64>(slot) == key) {
    // A value in another's place.
    store<u32>(slot, load<u32>(slot, 8) + 1, 8);
    return true;
  }
  // The first sight is counted here, the others by the slot.
  const isDone = addShort(number, column, start, end, proseSpaces);
  if (load<u64>(slot) != key) {
    store<u32>(column, load<u32>(column, 24) + 1, 24);
    store<u64>(slot, key);
  }
  store<u32>(slot, (length << 2) | kindOf(start, end), 12);
  return isDone;
}

/** High bits of the bytes of a word that are a stop. */
@inline
function stopsIn(at: usize, delimiters: v128, newlines: v128, returns: v128): u64 {
  const bytes = v128.load(at);
  return i8x16.bitmask(
    v128.or(v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, newlines)), i8x16.eq(bytes, returns)),
  ) as u64;
}

/**
 * Counts from `from`, where a cell begins, up to `end`; answers where the first cell stands that is not whole, or that it leaves.
 * 64 bytes past `end` may be read, and mean nothing. With `skips` the row that is wanted is counted all the same.
 */
export function count(from: usize, end: usize, skips: bool): usize {
  let at = from;
  let number = load<u32>(COLUMN);
  let filled = load<u32>(ROW_FILLED);
  let rowsLeft = load<u32>(ROWS_LEFT);
  if (skips) rowsLeft += 1;
  let rows: u32 = 0;
  let why = ENDED;
  const proseSpaces = load<u32>(PROSE_SPACES);
  const delimiter = load<u32>(DELIMITER);
  const delimiters = i8x16.splat(delimiter as i8);
  const newlines = i8x16.splat(10);
  const returns = i8x16.splat(13);
  while (at < end) {
    if ((number | filled) == 0 && rowsLeft <= 1) {
      why = WANTED;
      break;
    }
    let looks = false;
    let start = at;
    let stop: usize;
    let next: usize;
    if (load<u8>(at) == 0x22) {
      // A quoted cell without quotes inside: any other is left to the caller.
      start = at + 1;
      stop = start;
      let found: i32 = 0;
      while (stop < end) {
        found = i8x16.bitmask(i8x16.eq(v128.load(stop), i8x16.splat(0x22)));
        if (found != 0) break;
        stop += 16;
      }
      stop += ctz(found) & 15;
      next = stop + 1;
      if (found == 0 || next >= end) break;
    } else {
      // The cells that end among the next 64 bytes, as long as they are plain and their row goes on.
      const base = at;
      let stops =
        stopsIn(base, delimiters, newlines, returns) |
        (stopsIn(base + 16, delimiters, newlines, returns) << 16) |
        (stopsIn(base + 32, delimiters, newlines, returns) << 32) |
        (stopsIn(base + 48, delimiters, newlines, returns) << 48);
      if (end - base < 64) stops &= ((1 as u64) << ((end - base) as u64)) - 1;
      if (stops == 0) {
        // A cell longer than that.
        next = at;
        let found: u64 = 0;
        while (next < end) {
          found = stopsIn(next, delimiters, newlines, returns);
          if (found != 0) break;
          next += 16;
        }
        next += (ctz(found) & 15) as usize;
        if (found == 0 || next >= end) break;
        stop = next;
      } else {
        next = base + (ctz(stops) as usize);
        while (number < MAX_COLUMNS && (load<u8>(next) as u32) == delimiter) {
          const length = (next - at) as u64;
          filled |= length as u32;
          if (length <= 16) {
            const key = length < 8 ? codeOf(at, length) : markOf(at, length);
            const slot = slotOf(number, key);
            if (load<u64>(slot) == key) store<u32>(slot, load<u32>(slot, 8) + 1, 8);
            else looks = !addCode(number, key, at, next, proseSpaces);
          } else looks = !addLong(number, COLUMNS + (number as usize) * COLUMN_SIZE, at, next);
          number += 1;
          at = next + 1;
          stops &= stops - 1;
          next = base + (ctz(stops) as usize);
          if (looks || stops == 0 || load<u8>(at) == 0x22) break;
        }
        if (looks) {
          why = CELL;
          break;
        }
        if (at != base && (stops == 0 || load<u8>(at) == 0x22)) continue;
        start = at;
        stop = next;
      }
    }
    // Behind a cell stands a delimiter or the end of its row.
    const after = load<u8>(next) as u32;
    if (after != delimiter) {
      if (after == 13) {
        if (next + 1 >= end) break;
        if (load<u8>(next, 1) == 10) next++;
      } else if (after != 10) {
        why = ODD;
        break;
      }
    }
    if (number >= MAX_COLUMNS) {
      why = ODD;
      break;
    }
    at = next + 1;
    const length = (stop - start) as u64;
    if (length != 0) {
      filled = 1;
      if (length <= 16) {
        const key = length < 8 ? codeOf(start, length) : markOf(start, length);
        const slot = slotOf(number, key);
        if (load<u64>(slot) == key) store<u32>(slot, load<u32>(slot, 8) + 1, 8);
        else looks = !addCode(number, key, start, stop, proseSpaces);
      } else looks = !addLong(number, COLUMNS + (number as usize) * COLUMN_SIZE, start, stop);
    }
    if (after == delimiter) number += 1;
    else {
      number = 0;
      if (filled != 0) {
        rows += 1;
        rowsLeft -= 1;
      }
      filled = 0;
    }
    if (looks) {
      why = CELL;
      break;
    }
  }
  store<u32>(COLUMN, number);
  store<u32>(ROW_FILLED, (filled != 0) as u32);
  store<u32>(ROWS_LEFT, rowsLeft);
  store<u32>(ROWS, load<u32>(ROWS) + rows);
  store<u32>(WHY, why);
  return at;
}

/** Adds what the slots counted to the columns' tallies. */
export function flush(): void {
  for (let number: u32 = 0; number < MAX_COLUMNS; number++) {
    const column = COLUMNS + (number as usize) * COLUMN_SIZE;
    if (load<u32>(column, 24) == 0) continue;
    const table = SEEN + ((number as usize) << 13);
    for (let slot = table + 16; slot < table + (SEEN_SIZE << 4); slot += 16) {
      const times = load<u32>(slot, 8);
      if (times == 0) continue;
      store<u32>(slot, 0, 8);
      const kind = load<u32>(slot, 12) & 3;
      store<u32>(column, load<u32>(column) + times);
      if (kind != TEXT) {
        const at = column + ((kind as usize) << 2);
        store<u32>(at, load<u32>(at) + times);
      }
    }
  }
}
