import { NAMED_CHARACTERS } from './character-names.ts';
import { foldCharacter } from './fold-character.ts';
import { raisedNumber } from './raised-number.ts';

/**
 * - `word`: letters (and digits after a letter); `number`: digits with their separators; `symbol`: per cent, currency, signs, arrows and emoji.
 * - `mark`: punctuation inside a sentence; `end`: what closes one; `cell`, `line`, `paragraph`: the layout.
 */
export type TokenKind = 'word' | 'number' | 'symbol' | 'mark' | 'end' | 'cell' | 'line' | 'paragraph';

/** A unit of folded text, with its half-open UTF-16 range in the original. */
export interface Token {
  readonly kind: TokenKind;
  /** Folded: lower case, Latin letters, plain digits. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** No blank stands between this token and the one before. */
  readonly glued: boolean;
}

export interface TokeniseOptions {
  /** Tabs part cells and every newline parts rows. */
  readonly table?: boolean;
}

/** Abbreviations whose full stop closes no sentence. */
const ABBREVIATIONS = new Set([
  'no',
  'mr',
  'mrs',
  'ms',
  'dr',
  'st',
  'vs',
  'approx',
  'dept',
  'fig',
  'cf',
  'eg',
  'ie',
  'prof',
  'sept',
]);

/** Shortened words that stand for a word of their own: "it's", "they're", Welsh "codi'n". */
const CLITIC = /'(?:s|re|ve|ll|d|m|n|r|i|u|w)$/;

/** A line this long was wrapped by a mail program; a shorter one was ended by its writer. */
const WRAPPED_LINE = 45;

/** `&` to `;` of the longest character reference that is read. */
const LONGEST_ENTITY = 10;

/** Longest written number that is read as one. */
const LONGEST_NUMBER = 40;

/**
 * Splits text into folded tokens in one linear pass.
 *
 * Invisible characters, quoted-reply marks and wrapped lines leave no trace; offsets are those of the text given.
 */
export function tokenise(text: string, options: TokeniseOptions = {}): readonly Token[] {
  const tokens: Token[] = [];
  const length = text.length;
  let at = 0;
  let lineStart = 0;
  let gap = true;

  /** Folded character at an offset, and where the next one begins. */
  let next = 0;
  const read = (offset: number): string => {
    const code = text.charCodeAt(offset);
    next = offset + 1;
    if (code < 0x80) {
      if (code === 38) return readEntity(offset);
      return code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : (text[offset] as string);
    }
    const point = text.codePointAt(offset) as number;
    if (point > 0xffff) next = offset + 2;
    return foldCharacter(point);
  };
  const readEntity = (offset: number): string => {
    let end = offset + 1;
    while (end - offset <= LONGEST_ENTITY && isNameCode(text.charCodeAt(end))) end += 1;
    if (text[end] !== ';') return '&';
    const name = text.slice(offset + 1, end);
    const numeric = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name);
    const point =
      numeric === null ? null : numeric[1] === undefined ? Number(numeric[2]) : Number.parseInt(numeric[1], 16);
    const named = NAMED_CHARACTERS.get(name.toLowerCase());
    if (point === null ? named === undefined : point > 0x10ffff) return '&';
    next = end + 1;
    return point === null
      ? [...(named as string)].map((one) => foldCharacter(one.codePointAt(0) as number)).join('')
      : foldCharacter(point);
  };
  const push = (kind: TokenKind, folded: string, start: number, end: number): void => {
    tokens.push({ kind, text: folded, start, end, glued: !gap && tokens.length > 0 });
    gap = false;
  };

  while (at < length) {
    const start = at;
    const folded = read(at);
    at = next;
    if (folded === '') {
      const raised = gap ? raisedNumber(text, start) : null;
      if (raised !== null) {
        at = raised.end;
        push('number', raised.digits, start, at);
      }
      continue;
    }
    const first = folded.charCodeAt(0);
    if (isLetter(first)) {
      at = pushWord(folded, start, at);
    } else if (first >= 48 && first <= 57) {
      at = pushNumber(folded, start, at);
    } else if (folded === '\n') {
      at = pushNewline(start, at);
    } else if (folded === '\t' && options.table === true) {
      push('cell', '\t', start, at);
      gap = true;
    } else if (folded === ' ' || folded === '\t' || folded === '\r') {
      gap = true;
    } else if (first < 0x80 || '–…"'.includes(folded)) {
      pushPunctuation(folded, start);
    } else {
      push('symbol', folded, start, at);
    }
  }
  return tokens;

  function pushWord(firstFolded: string, start: number, from: number): number {
    const plain = plainWordEnd(start);
    if (plain > start) {
      push('word', text.slice(start, plain).toLowerCase(), start, plain);
      return plain;
    }
    let word = firstFolded;
    let end = from;
    let offset = from;
    while (offset < length) {
      const folded = read(offset);
      if (folded !== '') {
        const code = folded.charCodeAt(0);
        const inside = isLetter(code) || (code >= 48 && code <= 57);
        if (
          !inside &&
          !((folded === "'" || folded === '@' || folded === '$') && offset + 1 < length && isLetterAt(next))
        )
          break;
        word += folded;
        end = next;
      }
      offset = next;
    }
    const clitic = CLITIC.exec(word);
    if (clitic !== null && clitic.index > 0) {
      const length = word.length - clitic.index;
      push('word', word.slice(0, clitic.index), start, end - length);
      push('word', word.slice(clitic.index), end - length, end);
    } else {
      push('word', word, start, end);
    }
    return end;
  }

  /** End of a word of plain letters that a blank or full stop closes, which most words are; the start itself for any other. */
  function plainWordEnd(start: number): number {
    let end = start;
    let code = text.charCodeAt(end);
    while ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) {
      end += 1;
      code = text.charCodeAt(end);
    }
    return end === length || code === 32 || code === 10 || code === 13 || code === 9 || code === 46 || code === 44
      ? end
      : start;
  }

  function isLetterAt(offset: number): boolean {
    const saved = next;
    const folded = read(offset);
    next = saved;
    return folded !== '' && isLetter(folded.charCodeAt(0));
  }

  function pushNumber(firstFolded: string, start: number, from: number): number {
    let digits = firstFolded;
    let end = from;
    let offset = from;
    while (offset < length && digits.length < LONGEST_NUMBER) {
      const folded = read(offset);
      if (folded !== '') {
        const code = folded.charCodeAt(0);
        if (code >= 48 && code <= 57) {
          digits += folded;
        } else if (folded === '.' || folded === ',' || folded === '·' || folded === '∙' || folded === '⋅') {
          const after = next < length ? text.charCodeAt(next) : 0;
          const follows =
            after >= 0x80 ? /^[0-9]/.test(foldCharacter(text.codePointAt(next) as number)) : after >= 48 && after <= 57;
          if (!follows) break;
          digits += folded === ',' ? ',' : '.';
        } else break;
        end = next;
      }
      offset = next;
    }
    push('number', digits, start, end);
    return end;
  }

  function pushNewline(start: number, from: number): number {
    let newlines = 1;
    let offset = from;
    while (offset < length) {
      const code = text.charCodeAt(offset);
      if (code === 10) newlines += 1;
      else if (code !== 32 && code !== 13 && code !== 62 && code !== 124 && !(code === 9 && options.table !== true))
        break;
      offset += 1;
    }
    const lineLength = start - lineStart;
    lineStart = offset;
    gap = true;
    const previous = tokens.at(-1);
    if (previous === undefined || ['line', 'paragraph'].includes(previous.kind)) return offset;
    if (options.table === true || newlines > 1) push(newlines > 1 ? 'paragraph' : 'line', '\n', start, offset);
    else if (!isWrapped(previous, lineLength, offset)) push('line', '\n', start, offset);
    gap = true;
    return offset;
  }

  function isWrapped(previous: Token, lineLength: number, offset: number): boolean {
    if (previous.kind === 'end' || previous.text === ':') return false;
    const code = text.charCodeAt(offset);
    if (code === 45 || code === 42 || code === 8226 || Number.isNaN(code)) return false;
    if (code >= 97 && code <= 122) return true;
    return lineLength >= WRAPPED_LINE;
  }

  function pushPunctuation(folded: string, start: number): void {
    if (folded === '%' || folded === '£' || folded === '$' || folded === '+' || folded === '&') {
      push('symbol', folded, start, at);
    } else if (folded === '!' || folded === '?' || folded === '…') {
      push('end', folded, start, at);
    } else if (folded === '.') {
      push(closesSentence() ? 'end' : 'mark', folded, start, at);
    } else {
      push('mark', folded, start, at);
    }
  }

  function closesSentence(): boolean {
    let offset = at;
    while (
      offset < length &&
      (text[offset] === '"' ||
        text[offset] === ')' ||
        text[offset] === "'" ||
        text[offset] === '’' ||
        text[offset] === '”')
    )
      offset += 1;
    const blank = offset >= length || /\s/u.test(text[offset] as string);
    if (!blank) return false;
    const previous = tokens.at(-1);
    if (previous?.kind === 'word' && !gap && ABBREVIATIONS.has(previous.text)) return false;
    while (offset < length && (text[offset] === ' ' || text[offset] === '\t')) offset += 1;
    const code = text.charCodeAt(offset);
    return !(code >= 97 && code <= 122);
  }
}

/** Pictographs open with a surrogate of U+1F000 to U+1FBFF; each of them is a symbol of its own. */
function isLetter(code: number): boolean {
  if (code >= 0xd83c && code <= 0xd83e) return false;
  return (code >= 97 && code <= 122) || (code >= 0x250 && code < 0x2000) || (code >= 0x3040 && code < 0xfb00);
}

function isNameCode(code: number): boolean {
  return code === 35 || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
