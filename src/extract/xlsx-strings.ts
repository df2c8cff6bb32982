import { decodeEntities, type XmlHandler } from './xml-reader.ts';

/**
 * Collects rich text of a spreadsheet: `t` elements joined, phonetic guides (`rPh`) after the text they explain.
 *
 * Each closing `item` (`si`, `is`) hands over one string.
 */
export function richTextHandler(item: string, take: (text: string) => void): XmlHandler {
  let text = '';
  let phonetic = '';
  let inText = false;
  let inPhonetic = false;
  return {
    open(name) {
      if (name === item) {
        text = '';
        phonetic = '';
      } else if (name === 't') inText = true;
      else if (name === 'rPh') inPhonetic = true;
    },
    text(value) {
      if (!inText) return;
      if (inPhonetic) phonetic += value;
      else text += value;
    },
    close(name) {
      if (name === 't') inText = false;
      else if (name === 'rPh') inPhonetic = false;
      else if (name === item) take(unescapeCell(phonetic === '' ? text : `${text} ${phonetic}`));
    },
  };
}

/** `_x000D_` and the like stand for characters XML cannot hold (ECMA-376 part 1, 22.9.2.19). */
export function unescapeCell(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

/** The text of a raw `v` element. */
export function cellText(raw: string): string {
  return unescapeCell(decodeEntities(raw));
}
