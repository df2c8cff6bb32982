import { inflateSync } from 'node:zlib';
import type { Budget } from './budget.ts';
import { shownDuration, shownNumber, shownTime } from './data-file.ts';
import { decodeText } from './decode-text.ts';
import type { SpssDictionary, SpssVariable } from './spss-dictionary.ts';
import { Unreadable } from './unreadable.ts';

/** Seconds from 14 October 1582, where SPSS counts from, to the Unix epoch. */
const EPOCH = 12_219_379_200;
const DATES = new Set([20, 23, 24, 28, 29, 30, 38, 39]);
const DATE_TIMES = new Set([22, 41]);
const TIMES = new Set([21, 25, 40]);
const SYSTEM_MISSING = -Number.MAX_VALUE;

/** The cases of an SPSS file as shown cells. */
export function* readSpssRows(file: Buffer, dictionary: SpssDictionary, budget: Budget): Iterable<string[]> {
  const { variables, compression } = dictionary;
  const segments = variables.reduce((sum, variable) => sum + variable.segments, 0);
  if (segments === 0) return;
  const data =
    compression === 2 ? inflateBlocks(file, dictionary.dataStart, budget) : file.subarray(dictionary.dataStart);
  const cases =
    compression === 0 ? plainCases(data, segments * 8) : expandedCases(data, segments * 8, dictionary, budget);
  for (const one of cases) yield shownCase(one, dictionary);
}

function* plainCases(data: Buffer, size: number): Iterable<Buffer> {
  for (let at = 0; at + size <= data.length; at += size) yield data.subarray(at, at + size);
}

/** Eight command bytes, then what they call for. The case's buffer is used again for the next. */
function* expandedCases(
  data: Buffer,
  size: number,
  { bias, bigEndian }: SpssDictionary,
  budget: Budget,
): Iterable<Buffer> {
  const out = Buffer.alloc(size);
  let written = 0;
  let at = 0;
  while (at + 8 <= data.length) {
    const commands = at;
    at += 8;
    for (let each = 0; each < 8; each += 1) {
      const command = data[commands + each] as number;
      if (command === 0) continue;
      if (command === 252) return;
      if (command === 253) {
        if (at + 8 > data.length) throw new Unreadable('corrupt', 'the cases of the SPSS file are cut off');
        data.copy(out, written, at, at + 8);
        at += 8;
      } else if (command === 254) out.fill(0x20, written, written + 8);
      else {
        const value = command === 255 ? SYSTEM_MISSING : command - bias;
        if (bigEndian) out.writeDoubleBE(value, written);
        else out.writeDoubleLE(value, written);
      }
      written += 8;
      if (written < size) continue;
      budget.takeBytes(size);
      yield out;
      written = 0;
    }
  }
}

/** The blocks of a `.zsav`: their places stand in a trailer. */
function inflateBlocks(file: Buffer, start: number, budget: Budget): Buffer {
  const i64 = (at: number): number => Number(file.readBigInt64LE(at));
  const trailer = i64(start + 8);
  if (trailer < 0 || trailer + 24 > file.length) throw new Unreadable('corrupt', 'the SPSS file is cut off');
  const count = file.readInt32LE(trailer + 20);
  const blocks: Buffer[] = [];
  for (let each = 0; each < count; each += 1) {
    const at = trailer + 24 + each * 24;
    if (at + 24 > file.length) break;
    const from = i64(at + 8);
    const packed = file.subarray(from, from + file.readInt32LE(at + 20));
    const block = inflateBlock(packed, Math.max(1 << 22, packed.length * budget.limits.ratio));
    budget.takeBytes(block.length);
    blocks.push(block);
  }
  return Buffer.concat(blocks);
}

function inflateBlock(packed: Buffer, maxOutputLength: number): Buffer {
  try {
    return inflateSync(packed, { maxOutputLength });
  } catch (error) {
    throw new Unreadable('corrupt', 'a packed block of the SPSS file is damaged', { cause: error });
  }
}

function shownCase(one: Buffer, dictionary: SpssDictionary): string[] {
  let at = 0;
  return dictionary.variables.map((variable) => {
    const start = at;
    at += variable.segments * 8;
    return variable.width === 0
      ? shownValue(one, start, variable, dictionary)
      : shownText(one, start, variable, dictionary.charset);
  });
}

function shownText(one: Buffer, start: number, { pieces, width }: SpssVariable, charset: string): string {
  if (pieces.length === 1) return decodeText(one.subarray(start, start + width), charset).trimEnd();
  let at = start;
  const parts = pieces.map((segments, index) => {
    const from = at;
    at += segments * 8;
    return one.subarray(from, Math.min(at, from + (index < pieces.length - 1 ? 255 : at - from)));
  });
  return decodeText(Buffer.concat(parts), charset).trimEnd();
}

function shownValue(one: Buffer, start: number, { format }: SpssVariable, { bigEndian }: SpssDictionary): string {
  const value = bigEndian ? one.readDoubleBE(start) : one.readDoubleLE(start);
  return value === SYSTEM_MISSING ? '' : shownSpssNumber(value, format);
}

/** A number by the type of its print format: a day, an instant, a time, or the number. */
export function shownSpssNumber(value: number, format: number): string {
  if (DATES.has(format)) return shownTime((value - EPOCH) * 1000, false);
  if (DATE_TIMES.has(format)) return shownTime((value - EPOCH) * 1000, true);
  return TIMES.has(format) ? shownDuration(value) : shownNumber(value);
}
