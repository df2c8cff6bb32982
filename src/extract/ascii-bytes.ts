export const QUOTE = 0x22;
export const LESS = 0x3c;
export const MORE = 0x3e;
export const SLASH = 0x2f;
export const SPACE = 0x20;
export const EQUALS = 0x3d;
export const DOT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;

/** Whether a byte ends an XML name. */
export function isNameEnd(byte: number): boolean {
  return byte === SPACE || byte === MORE || byte === SLASH || (byte >= 0x09 && byte <= 0x0d);
}

/** The offset of the next `>` before `end`, or `end`. Tags are short: a loop beats the call into native code. */
export function indexOfMore(input: Uint8Array, at: number, end: number): number {
  let each = at;
  while (each < end && input[each] !== MORE) each += 1;
  return each;
}

/** The offset of the next `<` before `end`, or `end`. */
export function indexOfLess(input: Uint8Array, at: number, end: number): number {
  let each = at;
  while (each < end && input[each] !== LESS) each += 1;
  return each;
}
