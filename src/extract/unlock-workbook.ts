import { type BinaryKey, readBinaryLock, xor } from './binary-cipher.ts';
import { Unreadable } from './unreadable.ts';
import { xorArray } from './xor-cipher.ts';

const FILE_PASS = 0x2f;
/** A record that says nothing (the mark of Excel 2000), in place of the one that says the file is locked. */
const UNKNOWN = 0x01c0;
/** Records that stay in the clear, since they are needed before the key: BOF, FilePass, who uses and locks it, interface, revisions. */
const CLEAR: ReadonlySet<number> = new Set([0x0809, 0x2f, 0x0194, 0x0195, 0xe1, 0x0196, 0x0138]);
const BOUND_SHEET = 0x85;
const BLOCK = 1024;

interface BiffRecord {
  readonly type: number;
  readonly start: number;
  readonly length: number;
}

/** A workbook's stream opened, and the key it was opened with; XOR has none for other streams. */
export interface OpenedWorkbook {
  readonly stream: Buffer;
  readonly key: BinaryKey | null;
}

/** Opens a workbook's stream; `null` where it is not locked. Throws `unsupported` for a method that is not known. [MS-XLS] 2.2.10. */
export function workbookLock(stream: Buffer): { readonly open: (password: string) => OpenedWorkbook | null } | null {
  const records = recordsOf(stream);
  const pass = records.slice(0, 32).find((record) => record.type === FILE_PASS);
  if (pass === undefined) return null;
  const body = stream.subarray(pass.start, pass.start + pass.length);
  // Before Excel 97 there is one method, and the record does not name it.
  const old = body.length === 4;
  if (old || body.readUInt16LE(0) === 0) {
    const [key, verifier] = [body.readUInt16LE(old ? 0 : 2), body.readUInt16LE(old ? 2 : 4)];
    return {
      open(password) {
        const array = xorArray(password, key, verifier);
        if (array === null) return null;
        const decrypt = (record: BiffRecord, at: number): Buffer => xorRecord(stream, record, at, array);
        return { stream: unlocked(stream, records, decrypt), key: null };
      },
    };
  }
  if (body.readUInt16LE(0) !== 1) throw new Unreadable('unsupported', 'the workbook is encrypted in an unknown way');
  const lock = readBinaryLock(body.subarray(2));
  return {
    open(password) {
      const key = lock.open(password);
      if (key === null) return null;
      const keys = new BlockKeys(key, BLOCK);
      const decrypt = (record: BiffRecord, at: number): Buffer =>
        xor(stream.subarray(at, record.start + record.length), keys.range(at, record.start + record.length));
      return { stream: unlocked(stream, records, decrypt), key };
    },
  };
}

/** The key stream at positions of a stream that is encrypted in blocks of one size. */
export class BlockKeys {
  private readonly key: BinaryKey;
  private readonly size: number;
  private block = -1;
  private stream: Buffer = Buffer.alloc(0);

  constructor(key: BinaryKey, size: number) {
    this.key = key;
    this.size = size;
  }

  range(start: number, end: number): Buffer {
    const pieces: Buffer[] = [];
    for (let at = start; at < end; ) {
      const block = Math.floor(at / this.size);
      if (block !== this.block) {
        this.block = block;
        this.stream = this.key.keyStream(block, this.size);
      }
      const offset = at - block * this.size;
      const piece = this.stream.subarray(offset, Math.min(this.size, offset + end - at));
      pieces.push(piece);
      at += piece.length;
    }
    return Buffer.concat(pieces);
  }
}

function recordsOf(stream: Buffer): readonly BiffRecord[] {
  const records: BiffRecord[] = [];
  for (let at = 0; at + 4 <= stream.length; ) {
    const length = stream.readUInt16LE(at + 2);
    records.push({ type: stream.readUInt16LE(at), start: at + 4, length: Math.min(length, stream.length - at - 4) });
    at += 4 + length;
  }
  return records;
}

function unlocked(
  stream: Buffer,
  records: readonly BiffRecord[],
  decrypt: (record: BiffRecord, at: number) => Buffer,
): Buffer {
  const out = Buffer.from(stream);
  for (const record of records) {
    if (record.type === FILE_PASS) out.writeUInt16LE(UNKNOWN, record.start - 4);
    if (CLEAR.has(record.type)) continue;
    // Where a sheet begins stays in the clear.
    const at = record.start + (record.type === BOUND_SHEET ? Math.min(4, record.length) : 0);
    decrypt(record, at).copy(out, at);
  }
  return out;
}

function xorRecord(stream: Buffer, record: BiffRecord, at: number, array: Uint8Array): Buffer {
  const end = record.start + record.length;
  const out = Buffer.alloc(end - at);
  for (let place = at; place < end; place += 1) {
    // [MS-OFFCRYPTO] 2.3.7.3 counts from where the record ends.
    const turned = (stream[place] as number) ^ (array[(place + record.length) & 15] as number);
    out[place - at] = ((turned << 3) | (turned >> 5)) & 255;
  }
  return out;
}
