import { printableStrings } from './printable-strings.ts';

/** The words of WordArt, the name of a shape, its alternative text, the address it links to ([MS-ODRAW] 2.3). */
const WORDS: ReadonlySet<number> = new Set([0x00c0, 0x0380, 0x0381, 0x0389, 0x038d]);
/** Where a shape leads to, as a hyperlink object ([MS-ODRAW] 2.3.4.6, [MS-OSHARED] 2.3.7.1). */
const LINK = 0x0382;
const MAX_PROPERTIES = 400;
const MAX_FOUND = 50_000;
/** Names that a program gave, and what it notes of itself. */
const OWN =
  /^(Picture|Rectangle|Text ?Box|AutoShape|Line|Oval|Group|WordArt|Shape|Object|Frame|Table|Title|Footer Placeholder|Slide Number Placeholder|Date Placeholder|Content Placeholder|Text Placeholder|Notes Placeholder|Header Placeholder) ?\d*$/i;

/**
 * What shapes say outside their text: WordArt, alternative texts, names; found by their property tables wherever they lie.
 *
 * Source: [MS-ODRAW] 2.2.9 to 2.2.11.
 */
export function readDrawingWords(bytes: Uint8Array): readonly string[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = new Set<string>();
  // The first byte of a property table's type is 0x0b (0x21, 0x22 for the later ones); the second one tells it apart.
  for (let at = 3; at + 5 < file.length && found.size < MAX_FOUND; at += 1) {
    const high = file[at];
    if (high !== 0xf0 && high !== 0xf1) continue;
    const low = file[at - 1];
    if (!(high === 0xf0 && low === 0x0b) && !(high === 0xf1 && (low === 0x21 || low === 0x22))) continue;
    readTable(file, at - 3, found);
  }
  return [...found];
}

function readTable(file: Buffer, start: number, found: Set<string>): void {
  const head = file.readUInt16LE(start);
  const count = head >> 4;
  const length = file.readUInt32LE(start + 4);
  const from = start + 8;
  if ((head & 0xf) !== 3 || count === 0 || count > MAX_PROPERTIES) return;
  if (length < count * 6 || from + length > file.length) return;
  let at = from + count * 6;
  for (let each = 0; each < count; each += 1) {
    const id = file.readUInt16LE(from + each * 6);
    if ((id & 0x8000) === 0) continue;
    const size = file.readUInt32LE(from + each * 6 + 2);
    if (at + size > from + length) return;
    if (WORDS.has(id & 0x3fff)) {
      const text = file
        .toString('utf16le', at, at + size)
        .replace(/\0.*$/s, '')
        .replace(/[\r\n\v]+/g, ' ')
        .trim();
      if (/[\p{L}\p{N}]/u.test(text) && !OWN.test(text)) found.add(text);
    }
    if ((id & 0x3fff) === LINK) for (const text of linkWords(file.subarray(at, at + size))) found.add(text);
    at += size;
  }
}

/** The addresses and names in a hyperlink object: counted strings, and the moniker's, which are found without reading its class. */
function linkWords(link: Buffer): readonly string[] {
  return printableStrings(link)
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => /[./:\\#@]/.test(text) && /\p{L}{2}/u.test(text));
}
