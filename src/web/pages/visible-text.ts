/**
 * Characters that change how others are shown without being seen: controls, bidirectional overrides, zero widths, and tags
 * outside a flag. A name like `report<U+202E>fdp.exe` would read as a PDF. ZWJ and ZWNJ stay: emoji and many scripts need them.
 */
const INVISIBLE =
  /(?![\t\n\r\u200c\u200d])(?<!\u{1f3f4}[\u{e0020}-\u{e007e}]*(?=[\u{e0020}-\u{e007f}]))[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with every character that hides or reorders others named in place. */
export function visibleText(text: string): string {
  return text
    .replaceAll(INVISIBLE, (one) => `[U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`)
    .toWellFormed();
}
