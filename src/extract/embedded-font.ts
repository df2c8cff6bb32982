const TRUETYPE = 0x00010000;
const OPENTYPE = 0x4f54544f;
const COLLECTION = 0x74746366;
const EOT_MAGIC = 0x504c;

/**
 * Whether bytes are a font that a document carries to look the same elsewhere; nobody can read words in its outlines.
 *
 * Word's are scrambled with the GUID in their name (ECMA-376 part 4, 2.8.1); PowerPoint's are Embedded OpenType.
 */
export function isEmbeddedFont(name: string, bytes: Uint8Array): boolean {
  if (bytes.length < 128) return false;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (/\.fntdata$/i.test(name)) return data.getUint16(34, true) === EOT_MAGIC || isFontStart(data.getUint32(0));
  const guid = /\{?([0-9a-f-]{36})\}?\.odttf$/i.exec(name)?.[1];
  if (guid === undefined)
    return /\.(ttf|otf|odttf)$/i.test(name) && (isFontStart(data.getUint32(0)) || hasFontTables(bytes));
  const key = Buffer.from(guid.replaceAll('-', ''), 'hex').reverse();
  let start = 0;
  for (let at = 0; at < 4; at++) start = start * 256 + ((bytes[at] as number) ^ (key[at] as number));
  return isFontStart(start);
}

/** Only the first 32 bytes are scrambled: the table names after them stand in the clear, and in order. */
function hasFontTables(bytes: Uint8Array): boolean {
  const names = [44, 60, 76].map((at) => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1'));
  return names.every((name, at) => /^[A-Za-z][A-Za-z0-9/ ]{3}$/.test(name) && name > (names[at - 1] ?? ''));
}

function isFontStart(start: number): boolean {
  return start === TRUETYPE || start === OPENTYPE || start === COLLECTION;
}
