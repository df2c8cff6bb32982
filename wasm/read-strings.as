// AssemblyScript, not TypeScript: compiled to WebAssembly outside the tree (README.md); the tree carries the result.
//
// Reads the plain items of a workbook's shared strings, <si><t>words</t></si>, and finds out what each is. Stops at any other
// item, and leaves it to src/extract/shared-strings.ts.

import { isLetter, kindOf } from './kind-of';

// The layout of the memory; src/extract/string-reader.ts has the same numbers.
/** Items read, and bytes of their texts. */
const ITEMS: usize = 0;
const BYTES: usize = 4;
/** Items that there is room for. */
const MAX_ITEMS: usize = 8;
/** Where the texts begin among all that were read before. */
const BASE: usize = 12;
const STARTS_AT: usize = 16;
const FLAGS_AT: usize = 20;
const LENGTHS_AT: usize = 24;
const TEXTS_AT: usize = 28;

// The flags of src/extract/shared-strings.ts.
const LOOKED: u32 = 4;
const PROSE: u32 = 8;
const SENTENCE: u32 = 32;
const SENTENCE_SPACES: u32 = 5;

const OPEN: u64 = 0x3e743c3e69733c; // <si><t>
const SEVEN_BYTES: u64 = 0xffffffffffffff;
const OPEN_SPACED: u64 = 0x20743c3e69733c; // <si><t and a space
const SPACE_A: u64 = 0x6170733a6c6d7820; // ␠xml:spa
const CLOSE: u64 = 0x69732f3c3e742f3c; // </t></si, and a > after it

/** Reads from `from`, and answers where the first item stands that it did not read; eight bytes past `end` may be read. */
export function read(from: usize, end: usize): usize {
  let at = from;
  let items: usize = 0;
  let used: usize = 0;
  const maxItems = load<u32>(MAX_ITEMS) as usize;
  const base = load<u32>(BASE) as usize;
  const starts = load<u32>(STARTS_AT) as usize;
  const flags = load<u32>(FLAGS_AT) as usize;
  const lengths = load<u32>(LENGTHS_AT) as usize;
  const texts = load<u32>(TEXTS_AT) as usize;
  while (at < end && items < maxItems) {
    const start = load<u64>(at);
    let text = at;
    if ((start & SEVEN_BYTES) == OPEN) text += 7;
    else if (
      (start & SEVEN_BYTES) == OPEN_SPACED &&
      load<u64>(at + 6) == SPACE_A &&
      load<u32>(at + 14) == 0x223d6563 && // ce="
      load<u64>(at + 18) == 0x6576726573657270 && // preserve
      load<u16>(at + 26) == 0x3e22
    )
      text += 28;
    else {
      if ((start & 0xff) > 0x20) break;
      at += 1;
      continue;
    }
    let each = text;
    let units: u32 = 0;
    let spaces: u32 = 0;
    let letters: u32 = 0;
    let high: u32 = 0;
    const to = texts + used - text;
    let byte = load<u8>(each) as u32;
    while (each < end && byte != 0x3c && byte != 0x26 && byte != 0x5f) {
      store<u8>(to + each, byte as u8);
      if (byte < 0x80) {
        units += 1;
        spaces += (byte == 0x20) as u32;
        letters |= isLetter(byte) as u32;
      } else {
        high = 1;
        units += ((byte >= 0xc0) as u32) + ((byte >= 0xf0) as u32);
      }
      each += 1;
      byte = load<u8>(each) as u32;
    }
    if (each + 9 > end || load<u64>(each) != CLOSE || load<u8>(each + 8) != 0x3e) break;
    let known = LOOKED;
    if (each != text && !isLetter(load<u8>(text) as u32)) known = high != 0 ? 0 : LOOKED | kindOf(text, each);
    if (known == LOOKED && units > 3 && spaces > 0) {
      if (letters != 0) known |= spaces >= SENTENCE_SPACES ? PROSE | SENTENCE : PROSE;
      else if (high != 0) known = 0;
    }
    store<u32>(starts + (items << 2), (base + used) as u32);
    store<u8>(flags + items, known as u8);
    store<u32>(lengths + (items << 2), units);
    used += each - text;
    items += 1;
    at = each + 9;
  }
  store<u32>(ITEMS, items as u32);
  store<u32>(BYTES, used as u32);
  return at;
}
