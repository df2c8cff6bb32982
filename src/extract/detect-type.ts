import type { ByteSource } from '../core/byte-source.ts';
import type { Budget } from './budget.ts';
import { detectCompoundType } from './compound-file.ts';
import { looksLikeIwa } from './iwa-chunks.ts';
import { looksLikeText, sniffText } from './sniff-text.ts';
import { detectZipType } from './zip-type.ts';

/** What is read from the start; a tar header ends at 512, an ISO image says so at 32,769. */
const HEAD = 64 * 1024;

/** Bytes a format starts with, in hexadecimal, at an offset; the order decides where two would match. */
const SIGNATURES: readonly (readonly [number, string, string])[] = [
  [0, '504b0304', 'application/zip'],
  [0, '504b0506', 'application/zip'],
  [0, '504b0708', 'application/zip'],
  [0, '504b3030504b0304', 'application/zip'],
  [0, '1f8b', 'application/gzip'],
  [0, '425a68', 'application/x-bzip2'],
  [0, 'fd377a585a00', 'application/x-xz'],
  [0, '28b52ffd', 'application/zstd'],
  [0, '377abcaf271c', 'application/x-7z-compressed'],
  [0, '526172211a07', 'application/vnd.rar'],
  [0, '4d534346', 'application/vnd.ms-cab-compressed'],
  [0, '1f9d', 'application/x-compress'],
  [2, '2d6c68', 'application/x-lzh'],
  [0, '60ea', 'application/x-arj'],
  [0, '303730373031', 'application/x-cpio'],
  [0, 'c771', 'application/x-cpio'],
  [0, '303730373037', 'application/x-cpio'],
  [0, '213c617263683e0a', 'application/x-archive'],
  [257, '7573746172', 'application/x-tar'],
  [0x8001, '4344303031', 'application/x-iso9660-image'],
  [0, 'd0cf11e0a1b11ae1', 'application/x-ole-storage'],
  [0, 'dba52d00', 'application/msword'],
  [0, '789f3e22', 'application/ms-tnef'],
  [0, '7b5c72746620', 'application/rtf'],
  [0, '78617221', 'application/x-xar'],
  [0, '4d5357494d000000', 'application/x-ms-wim'],
  [0, '49545346', 'application/vnd.ms-htmlhelp'],
  [0, 'edabeedb', 'application/x-rpm'],
  [0, '68737173', 'application/x-squashfs'],
  [0, '4c5a4950', 'application/x-lzip'],
  [0, '04224d18', 'application/x-lz4'],
  [0, '02214c18', 'application/x-lz4'],
  [0, '894c5a4f', 'application/x-lzop'],
  [0, '000100005374616e64617264', 'application/x-msaccess'],
  [0, 'ff575043', 'application/vnd.wordperfect'],
  [0, '62706c697374', 'application/x-bplist'],
  [0, '000002000404', 'application/vnd.lotus-1-2-3'],
  [0, '000002000604', 'application/vnd.lotus-1-2-3'],
  [0, '000002000504', 'application/vnd.lotus-1-2-3'],
  [0, '00001a000010', 'application/vnd.lotus-1-2-3'],
  [0, '00001a000210', 'application/vnd.lotus-1-2-3'],
  [0, '00001a000310', 'application/vnd.lotus-1-2-3'],
  [0, '00001a000510', 'application/vnd.lotus-1-2-3'],
  [0, '000002002051', 'application/x-quattro-pro'],
  [0, '000002000110', 'application/x-quattro-pro'],
  [0, '000002000210', 'application/x-quattro-pro'],
  [0, '46454131', 'application/vnd.apache.arrow.file'],
  [0, '524458320a', 'application/x-rdata'],
  [0, '524458330a', 'application/x-rdata'],
  [0, '89504e470d0a1a0a', 'image/png'],
  [0, 'ffd8ff', 'image/jpeg'],
  [0, '474946383761', 'image/gif'],
  [0, '474946383961', 'image/gif'],
  [0, '49492a00', 'image/tiff'],
  [0, '4d4d002a', 'image/tiff'],
  [8, '57454250', 'image/webp'],
  [8, '57415645', 'audio/wav'],
  [4, '6674797068656963', 'image/heic'],
  [4, '6674797061766966', 'image/avif'],
  [4, '66747970', 'video/mp4'],
  [0, '00000100', 'image/x-icon'],
  [40, '20454d46', 'image/emf'],
  [0, '010009000003', 'image/wmf'],
  [0, 'd7cdc69a', 'image/wmf'],
  [0, '56434c4d5446', 'image/x-svm'],
  [0, '00051607', 'application/applefile'],
  [0, '00051600', 'application/applefile'],
  [0, '0000000142756431', 'application/x-apple-folder-view'],
  [0, '53514c69746520666f726d6174203300', 'application/vnd.sqlite3'],
  [0, '50415231', 'application/vnd.apache.parquet'],
  [0, '24464c32', 'application/x-spss-sav'],
  [0, '24464c33', 'application/x-spss-sav'],
  [0, '4153434949205350535320504f5254', 'application/x-spss-por'],
  [0, '3c73746174615f6474613e', 'application/x-stata-dta'],
  [0, '000000000000000000000000c2ea8160', 'application/x-sas-data'],
  [0, '484541444552205245434f52442a2a2a2a2a2a2a', 'application/x-sas-xport'],
  [0, '4152524f5731', 'application/vnd.apache.arrow.file'],
  [0, '894844460d0a1a0a', 'application/x-hdf5'],
  [0, 'e4525c7b8cd8a74daeb15378d02996d3', 'application/onenote'],
  [0, '4d5a', 'application/x-msdownload'],
  [0, '7f454c46', 'application/x-elf'],
  [0, '494433', 'audio/mpeg'],
  [0, '4f676753', 'audio/ogg'],
  [0, '2142444e', 'application/vnd.ms-outlook-pst'],
  [0, 'cfad12fe', 'application/x-outlook-express'],
  [0, '0004000000000000', 'application/octet-stream'],
  [0, '090004000000', 'application/vnd.ms-excel'],
  [0, '0900040002001000', 'application/vnd.ms-excel'],
  [0, '0900040007001000', 'application/vnd.ms-excel'],
  [0, '09020600', 'application/vnd.ms-excel'],
  [0, '09040600', 'application/vnd.ms-excel'],
  [0, '09080800', 'application/vnd.ms-excel'],
  [0, '09081000', 'application/vnd.ms-excel'],
];

const MATCHERS = SIGNATURES.map(([at, hex, type]) => ({ at, bytes: Buffer.from(hex, 'hex'), type }));

/** The media type of bytes by their content alone; `application/octet-stream` where nothing tells. */
export async function detectType(source: ByteSource, budget: Budget): Promise<string> {
  const head = source.memory?.subarray(0, HEAD) ?? (await source.read(0, HEAD));
  const type = sniffType(head);
  if (type === 'application/zip') return detectZipType(source, budget);
  if (type === 'application/x-ole-storage') return detectCompoundType(source);
  return type;
}

/** The type by the first bytes, without looking into containers. */
export function sniffType(head: Uint8Array): string {
  if (head.length === 0) return 'text/plain';
  for (const { at, bytes, type } of MATCHERS) if (matchesAt(head, at, bytes)) return type;
  if (pdfStart(head) >= 0) return 'application/pdf';
  if (isOldTar(head)) return 'application/x-tar';
  const text = sniffText(head.subarray(0, 16_384));
  if (text !== null) return text;
  return sniffBinary(head);
}

/** A PDF that lost its first line: it begins with what is left of it, and objects follow. ISO 32000-2 section 7.3.10. */
const HEADLESS_PDF =
  /^(?:%?P?D?F?[^\r\n]{0,200}[\r\n]+)?(?:[^\r\n]*[\r\n]+)?\d{1,6} \d{1,3} obj\s*<<[\s\S]*?>>\s*(?:stream[\r\n]|endobj)/;

/**
 * Where a PDF begins: at its start, or within the first kilobyte as readers allow; -1 where there is none.
 *
 * A text that mentions the mark is no PDF: after text it counts at the start of a line alone, and with a version.
 */
export function pdfStart(head: Uint8Array): number {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 1024)).toString('latin1');
  const at = start.indexOf('%PDF-');
  if (at < 0 && HEADLESS_PDF.test(start)) return 0;
  if (at <= 0 || !looksLikeText(head.subarray(0, at))) return at;
  return start.search(/(?<=^|[\r\n]|^\s*|^\xef\xbb\xbf)%PDF-\d\.\d\s/);
}

function matchesAt(head: Uint8Array, at: number, bytes: Uint8Array): boolean {
  if (head[at] !== bytes[0] || head.length < at + bytes.length) return false;
  for (let each = 1; each < bytes.length; each += 1) if (head[at + each] !== bytes[each]) return false;
  return true;
}

/** Formats without a signature worth the name; only asked of bytes that are no text. */
function sniffBinary(head: Uint8Array): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = head;
  if (first === 0x42 && second === 0x4d && head.length > 26 && head[6] === 0 && head[7] === 0) return 'image/bmp';
  // A frame to be passed over comes first, of Zstandard or of LZ4: the next one tells.
  if (first >> 4 === 5 && second === 0x2a && third === 0x4d && fourth === 0x18 && head.length >= 8) {
    const next = 8 + Buffer.from(head.buffer, head.byteOffset, head.length).readUInt32LE(4);
    return head[next] === 0x04 && head[next + 1] === 0x22 ? 'application/x-lz4' : 'application/zstd';
  }
  // Stata before 13: release 102..115, byte order 1 or 2, file type 1.
  if (first >= 102 && first <= 115 && (second === 1 || second === 2) && third === 1 && fourth === 0)
    return 'application/x-stata-dta';
  // DER: SEQUENCE, then the OID of signed, enveloped, compressed or authenticated data (RFC 5652, 3274, 5083).
  if (first === 0x30) {
    const start = Buffer.from(head.subarray(0, 40)).toString('hex');
    if (start.includes('2a864886f70d0107') || start.includes('2a864886f70d01091001')) return 'application/pkcs7-mime';
  }
  // dBASE: a version, a date, a header that ends in 0x0d; Visual FoxPro's has 263 bytes after that.
  if ([0x02, 0x03, 0x30, 0x31, 0x43, 0x63, 0x83, 0x8b, 0xcb, 0xf5, 0xfb].includes(first) && head.length > 64) {
    const headerLength = (head[8] ?? 0) | ((head[9] ?? 0) << 8);
    if (
      third >= 1 &&
      third <= 12 &&
      fourth >= 1 &&
      fourth <= 31 &&
      headerLength >= 33 &&
      (head[headerLength - 1] === 0x0d || head[headerLength - 2] === 0x0d || head[headerLength - 264] === 0x0d)
    )
      return 'application/x-dbf';
  }
  // PGP packets of a message that is compressed or signed: algorithm and version tell (RFC 9580 section 5).
  if ((first === 0xa3 && second >= 1 && second <= 3) || (first === 0x90 && second === 0x0d && third === 3))
    return 'application/pgp-encrypted';
  // A PGP packet: public-key or symmetric session key (RFC 9580 section 5).
  if ((first & 0xfc) === 0x84 || first === 0xc1 || first === 0xc3 || (first & 0xfc) === 0x8c)
    if ((fourth === 3 || third === 3 || head[3] === 4 || third === 4) && !looksLikeText(head))
      return 'application/pgp-encrypted';
  if (looksLikeIwa(head)) return 'application/x-iwa';
  if (isLzma(head)) return 'application/x-lzma';
  return 'application/octet-stream';
}

/** An `.lzma` file: properties as programs choose them, a dictionary of 2^n or 3 * 2^n bytes, a size or none, and a zero. */
function isLzma(head: Uint8Array): boolean {
  const [properties = 0] = head;
  if (properties < 0x5a || properties > 0x62 || head.length < 18 || head[13] !== 0) return false;
  const view = Buffer.from(head.buffer, head.byteOffset, 13);
  const dictionary = view.readUInt32LE(1);
  const bits = dictionary.toString(2).replace(/0+$/, '');
  const size = view.readBigUInt64LE(5);
  const isSize = size === 0xffffffffffffffffn || (size > 0n && size < 1n << 40n);
  return dictionary >= 4096 && (bits === '1' || bits === '11') && isSize;
}

/** A tar file older than ustar is known by its header's checksum. */
function isOldTar(head: Uint8Array): boolean {
  if (head.length < 512 || head[0] === 0) return false;
  const told = Number.parseInt(
    Buffer.from(head.subarray(148, 156))
      .toString('latin1')
      .replace(/[\0 ].*$/s, ''),
    8,
  );
  if (!(told > 0)) return false;
  let sum = 8 * 32;
  for (let at = 0; at < 512; at += 1) if (at < 148 || at >= 156) sum += head[at] as number;
  return sum === told;
}
