// AssemblyScript, not TypeScript: compiled to WebAssembly outside the tree (README.md); the tree carries the result.
//
// Counts the cells of delimited rows from their bytes. Stops at a row that is wanted as text, at a cell that has to be looked at,
// and at quoting it does not know, and leaves those to src/extract/delimited-rows.ts.

import { DECIMAL, INTEGER, isLetter, kindOf, TEXT } from './kind-of';

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

/** A column: filled, integers, decimals, dates, longest, marks (1: distinct values are full), values seen. */
const COLUMNS: usize = 1024;
const COLUMN_SIZE: usize = 32;
const MAX_COLUMNS: u32 = 1024;
/** What is known of values beyond ASCII, whatever their column: key, kind and length. */
const REMEMBERED: usize = 0x10000;
const REMEMBERED_BITS: u64 = 12;
const SEEN: usize = 0x110000;
const SEEN_BITS: u64 = 9;
const SEEN_SIZE: usize = 512;
const MAX_SEEN: u32 = 448;
const PROSE_KEYS: usize = 0x510000;
const PROSE_KEY_BITS: u64 = 18;
const MAX_PROSE_MARKS: u32 = 200_000;
const PROSE: usize = 0x710000;
const PROSE_SIZE: u32 = 0x100000;

const FACTOR: u64 = 0x9e3779b97f4a7c15;
const LONG: u64 = 0x8000000000000000;

/** Stands for a cell's bytes: they themselves where they are few, else a hash of 63 bits. */
function keyOf(start: usize, end: usize): u64 {
  const length = end - start;
  if (length < 8)
    return (load<u64>(start) & ((1 << ((length as u64) << 3)) - 1)) | ((length as u64) << 56);
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

/** Whether the column has met the value; where it had not, it has now. */
function isSeen(number: u32, column: usize, key: u64): bool {
  const table = SEEN + ((number as usize) << 12);
  let slot = ((key * FACTOR) >> (64 - SEEN_BITS)) as usize;
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
  const key = keyOf(start, end);
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
  const key = keyOf(start, end);
  const isNew = !isFull && !isSeen(number, column, key);
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
  const isNew = !isFull && !isSeen(number, column, key);
  const isKept = !isWords || keepProse(start, end, key);
  if (!isNew && isKept) return true;
  leave(number, start, end, 0, isNew, isKept);
  return false;
}

/**
 * Counts from `from`, where a cell begins, up to `end`; answers where the first cell stands that is not whole, or that it leaves.
 * Sixteen bytes past `end` may be read, and mean nothing. With `skips` the row that is wanted is counted all the same.
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
    if (number == 0 && rowsLeft <= 1 && filled == 0) {
      why = WANTED;
      break;
    }
    let start = at;
    let next = at;
    let stop: usize;
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
      let found: i32 = 0;
      while (next < end) {
        const bytes = v128.load(next);
        found = i8x16.bitmask(
          v128.or(v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, newlines)), i8x16.eq(bytes, returns)),
        );
        if (found != 0) break;
        next += 16;
      }
      next += ctz(found) & 15;
      if (found == 0 || next >= end) break;
      stop = next;
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
    let looks = false;
    if (stop != start) {
      filled = 1;
      const column = COLUMNS + (number as usize) * COLUMN_SIZE;
      looks =
        stop - start <= 16
          ? !addShort(number, column, start, stop, proseSpaces)
          : !addLong(number, column, start, stop);
    }
    if (after == delimiter) number += 1;
    else {
      number = 0;
      rows += filled;
      rowsLeft -= filled;
      filled = 0;
    }
    if (looks) {
      why = CELL;
      break;
    }
  }
  store<u32>(COLUMN, number);
  store<u32>(ROW_FILLED, filled);
  store<u32>(ROWS_LEFT, rowsLeft);
  store<u32>(ROWS, load<u32>(ROWS) + rows);
  store<u32>(WHY, why);
  return at;
}
