/** Characters 0x40 and up of code page 37 (IBM, "CPGID 00037"). */
const LETTERS =
  ' \u00a0âäàáãåçñ¢.<(+|&éêëèíîïìß!$*);¬-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@\'="Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤µ~stuvwxyz¡¿ÐÝÞ®^£¥·©§¶¼½¾[]¯¨´×{ABCDEFGHI\u00adôöòóõ}JKLMNOPQR¹ûüùúÿ\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\u009f';
/** Where the other Latin code pages of mainframes differ. */
const DIFFERENT: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'ebcdic-037': {},
  'ebcdic-500': { 74: '[', 79: '!', 90: ']', 95: '^', 176: '¢', 186: '¬', 187: '|' },
  'ebcdic-1047': { 95: '^', 173: '[', 176: '¬', 186: 'Ý', 187: '¨', 189: ']' },
};
const CONTROLS: Readonly<Record<number, string>> = { 5: '\t', 13: '\r', 21: '\n', 37: '\n' };

/** Text in a Latin code page of IBM mainframes; `charset` as `charsetName` gives it, null for none of them. */
export function decodeEbcdic(bytes: Uint8Array, charset: string): string | null {
  const different = DIFFERENT[charset];
  if (different === undefined) return null;
  let text = '';
  for (const byte of bytes)
    text += different[byte] ?? CONTROLS[byte] ?? (byte < 0x40 ? ' ' : LETTERS.charAt(byte - 0x40));
  return text;
}
