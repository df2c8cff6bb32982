import { READ_STRINGS } from './read-strings-module.ts';
import type { SharedStrings } from './shared-strings.ts';
import { startModule } from './web-assembly.ts';

/** The layout of the memory; `wasm/read-strings.as` has the same numbers. */
const ITEMS = 0;
const BYTES = 1;
const MAX_ITEMS = 2;
const BASE = 3;
const STARTS_AT = 4;
const FLAGS_AT = 5;
const LENGTHS_AT = 6;
const TEXTS_AT = 7;

const ROOM = 1 << 15;
const STARTS = 1024;
const LENGTHS = STARTS + ROOM * 4;
const FLAGS = LENGTHS + ROOM * 4;
/** What an item has from the last chunk may come to, and the chunk itself. */
const CARRY = 1 << 18;
const CHUNK = 1 << 20;
const CHUNK_AT = FLAGS + ROOM + CARRY;
const SLACK = 64;
const TEXTS = CHUNK_AT + CHUNK + SLACK;

/** Reads the plain items of shared strings in WebAssembly; stops at any other, and at one that is not whole. */
export class StringReader {
  private readonly words: Uint32Array;
  private readonly input: Buffer;
  private readonly run: (from: number, end: number) => number;

  constructor() {
    const { buffer, exports } = startModule(READ_STRINGS, TEXTS + CARRY + CHUNK + SLACK);
    this.words = new Uint32Array(buffer, 0, 16);
    this.input = Buffer.from(buffer);
    this.run = exports['read'] as (from: number, end: number) => number;
    this.words[MAX_ITEMS] = ROOM;
    this.words[STARTS_AT] = STARTS;
    this.words[FLAGS_AT] = FLAGS;
    this.words[LENGTHS_AT] = LENGTHS;
    this.words[TEXTS_AT] = TEXTS;
  }

  /** Bytes put together where they can be read; null where they are too many. What a former call gave is gone. */
  hold(rest: Buffer, chunk: Buffer): Buffer | null {
    if (rest.length > CARRY || chunk.length > CHUNK) return null;
    const start = CHUNK_AT - rest.length;
    this.input.set(rest, start);
    this.input.set(chunk, CHUNK_AT);
    return this.input.subarray(start, CHUNK_AT + chunk.length);
  }

  /** Adds the plain items from `at` on; answers the offset of what follows them. */
  read(input: Buffer, at: number, strings: SharedStrings): number {
    const { words } = this;
    const base = input.byteOffset;
    let next = at + base;
    do {
      words[BASE] = strings.textBytes;
      next = this.run(next, input.length + base);
      const count = words[ITEMS] as number;
      strings.append(
        new Uint32Array(words.buffer, STARTS, count),
        new Uint8Array(words.buffer, FLAGS, count),
        new Uint32Array(words.buffer, LENGTHS, count),
        new Uint8Array(words.buffer, TEXTS, words[BYTES]),
      );
    } while (words[ITEMS] === ROOM);
    return next - base;
  }
}
