/** What an RTF file is made of, in order; `bytes` are text in the charset of the current font. */
export type RtfToken =
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'word'; readonly word: string; readonly value: number | null }
  | { readonly kind: 'bytes'; readonly start: number; readonly end: number }
  | { readonly kind: 'byte'; readonly value: number }
  | { readonly kind: 'binary'; readonly start: number; readonly end: number };

/** Splits RTF into tokens. Word 2007 RTF Specification 1.9.1, "RTF Syntax". */
export function* rtfTokens(file: Buffer): Iterable<RtfToken> {
  let at = 0;
  while (at < file.length) {
    const byte = file[at] as number;
    if (byte === 123) {
      yield { kind: 'open' };
      at += 1;
    } else if (byte === 125) {
      yield { kind: 'close' };
      at += 1;
    } else if (byte === 92) {
      const next = file[at + 1] ?? 0;
      if (isLetter(next)) {
        let end = at + 1;
        while (isLetter(file[end] ?? 0)) end += 1;
        const word = file.toString('latin1', at + 1, end);
        let value: number | null = null;
        const digits = file[end] === 45 ? end + 1 : end;
        let stop = digits;
        while (isDigit(file[stop] ?? 0) && stop - digits < 10) stop += 1;
        if (stop > digits) {
          value = Number(file.toString('latin1', end, stop));
          end = stop;
        }
        if (file[end] === 32) end += 1;
        at = end;
        if (word === 'bin' && value !== null && value > 0) {
          const last = Math.min(file.length, at + value);
          yield { kind: 'binary', start: at, end: last };
          at = last;
        } else yield { kind: 'word', word, value };
      } else if (next === 39) {
        const value = Number.parseInt(file.toString('latin1', at + 2, at + 4), 16);
        if (!Number.isNaN(value)) yield { kind: 'byte', value };
        // What are no digits are letters that damage put there.
        at += Number.isNaN(value) ? 2 : 4;
      } else {
        yield { kind: 'word', word: String.fromCharCode(next), value: null };
        at += 2;
      }
    } else if (byte === 10 || byte === 13 || byte === 0) at += 1;
    else {
      let end = at + 1;
      while (end < file.length && !isSpecial(file[end] as number)) end += 1;
      yield { kind: 'bytes', start: at, end };
      at = end;
    }
  }
}

function isSpecial(byte: number): boolean {
  return byte === 92 || byte === 123 || byte === 125 || byte === 10 || byte === 13 || byte === 0;
}

function isLetter(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90);
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}
