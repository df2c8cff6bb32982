const ALPHABET = '!"#$%&\'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr';
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));
const RUN = 0x90;

export interface BinHexFile {
  readonly name: string;
  readonly data: Buffer;
  readonly resource: Buffer;
  /** How far the coded text went. */
  readonly end: number;
}

const NOTICE = '(This file must be converted with BinHex';

/** The file that a Mac wrote into text; null where there is none. BinHex 4.0, RFC 1741 appendix A. */
export function readBinHex(text: string): BinHexFile | null {
  const notice = text.indexOf(NOTICE);
  const start = notice < 0 ? -1 : text.indexOf(':', notice + NOTICE.length);
  if (start < 0) return null;
  const told = text.indexOf(':', start + 1);
  const end = told < 0 ? text.length : told;
  const bytes = expandRuns(decodeSextets(text, start + 1, end));
  const length = bytes[0] ?? 0;
  const head = 1 + length;
  // After the name: version, type, creator, flags, lengths of the forks, checksum; each fork ends in a checksum.
  if (length === 0 || head + 21 > bytes.length) return null;
  const dataStart = head + 21;
  const dataEnd = Math.min(bytes.length, dataStart + bytes.readUInt32BE(head + 11));
  const resourceEnd = Math.min(bytes.length, dataEnd + 2 + bytes.readUInt32BE(head + 15));
  return {
    name: bytes.toString('latin1', 1, head),
    data: bytes.subarray(dataStart, dataEnd),
    resource: bytes.subarray(Math.min(bytes.length, dataEnd + 2), resourceEnd),
    end,
  };
}

function decodeSextets(text: string, start: number, end: number): Buffer {
  const out: number[] = [];
  let word = 0;
  let bits = 0;
  for (let at = start; at < end; at += 1) {
    const value = VALUES.get(text[at] as string);
    if (value === undefined) continue;
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push((word >> bits) & 0xff);
  }
  return Buffer.from(out);
}

function expandRuns(bytes: Buffer): Buffer {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte !== RUN) {
      out.push(byte);
      continue;
    }
    at += 1;
    const count = bytes[at] ?? 0;
    if (count === 0) out.push(RUN);
    else for (let each = 1; each < count; each += 1) out.push(out.at(-1) ?? 0);
  }
  return Buffer.from(out);
}
