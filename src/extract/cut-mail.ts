import type { ByteSource } from '../core/byte-source.ts';
import type { Budget } from './budget.ts';
import { asBuffer } from './decode-text.ts';
import { Unreadable } from './unreadable.ts';

/** A body that was cut out of a mail, and what its own header says. */
export interface Cut {
  /** Stands in the body's place. */
  readonly token: string;
  readonly start: number;
  readonly end: number;
  /** Lower case; empty where none is given. */
  readonly encoding: string;
  readonly name: string | null;
  readonly declaredType: string | null;
  readonly charset: string | null;
}

/** Stretches between delimiter lines up to here stay in the mail. */
const STAYS = 4 * 1024 ** 2;
/** A part's header is looked for in so many bytes. */
const HEAD = 64 * 1024;
/** What stays may come to so much. */
const MOST = 128 * 1024 ** 2;
const DASHES = Buffer.from('--');

/**
 * A mail without its large bodies: each is replaced by a token, and named by its range.
 *
 * Reads the source once, as it streams, and holds one stretch at a time. Any line that begins with two hyphens ends a stretch,
 * so that boundaries need not be known. Throws `too-large` where too much would stay.
 */
export async function cutMail(
  source: ByteSource,
  budget: Budget,
): Promise<{ readonly rest: Uint8Array; readonly cuts: readonly Cut[] }> {
  const cutter = new Cutter();
  let carry: Buffer = Buffer.alloc(0);
  for await (const chunk of source.stream()) {
    budget.checkTime();
    const bytes = carry.length === 0 ? asBuffer(chunk) : Buffer.concat([carry, chunk]);
    // A delimiter's first bytes may lie on both sides of the cut.
    const end = Math.max(0, bytes.length - 3);
    cutter.take(bytes, end);
    carry = Buffer.from(bytes.subarray(end));
  }
  cutter.take(carry, carry.length);
  return cutter.finish();
}

class Cutter {
  private readonly kept: Buffer[] = [];
  private keptBytes = 0;
  private readonly cuts: Cut[] = [];
  private stretch: Buffer[] = [];
  private stretchBytes = 0;
  private offset = 0;
  private last = 10;

  /** Takes the bytes up to `end`; those after it are only looked at. */
  take(bytes: Buffer, end: number): void {
    let from = 0;
    for (let at = bytes.indexOf(DASHES); at >= 0 && at < end; at = bytes.indexOf(DASHES, at + 1)) {
      const before = at === 0 ? this.last : (bytes[at - 1] as number);
      if (before !== 10 && before !== 13) continue;
      this.add(bytes.subarray(from, at));
      this.endStretch();
      from = at;
    }
    this.add(bytes.subarray(from, end));
    if (end > 0) this.last = bytes[end - 1] as number;
  }

  finish(): { readonly rest: Uint8Array; readonly cuts: readonly Cut[] } {
    this.endStretch();
    return { rest: Buffer.concat(this.kept), cuts: this.cuts };
  }

  private add(bytes: Buffer): void {
    this.stretchBytes += bytes.length;
    // Of a stretch that is too long to stay, only its header is of use.
    if (this.stretchBytes <= STAYS || this.stretch.length === 0) this.stretch.push(Buffer.from(bytes));
  }

  private endStretch(): void {
    const start = this.offset;
    const end = start + this.stretchBytes;
    if (this.stretchBytes <= STAYS) this.keep(this.stretch);
    else this.cut(Buffer.concat(this.stretch).subarray(0, HEAD), start, end);
    this.offset = end;
    this.stretch = [];
    this.stretchBytes = 0;
  }

  private cut(head: Buffer, start: number, end: number): void {
    const text = head.toString('latin1');
    const blank = /\r?\n\r?\n/.exec(text);
    if (blank === null) throw new Unreadable('too-large', 'a part of the mail has a header over 64 KB');
    const headerEnd = blank.index + blank[0].length;
    const header = text.slice(0, headerEnd).replace(/\r?\n[ \t]+/g, ' ');
    const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(header)?.[1] ?? '';
    const parameter = (value: string, name: string) =>
      new RegExp(`;\\s*${name}="?([^";\\r]+)`, 'i').exec(value)?.[1]?.trim() ?? null;
    const encoding = /^[\w-]*/.exec(field('content-transfer-encoding'))?.[0].toLowerCase() ?? '';
    const type = field('content-type');
    // Who guesses it gains nothing: whatever takes a cut, it is opened once.
    const token = `holdfastCutBody${this.cuts.length}`;
    this.cuts.push({
      token,
      start: start + headerEnd,
      end,
      encoding,
      name: parameter(field('content-disposition'), 'filename') ?? parameter(type, 'name'),
      declaredType: /^[\w.+-]+\/[\w.+-]+/.exec(type)?.[0].toLowerCase() ?? null,
      charset: parameter(type, 'charset'),
    });
    const stand = encoding === 'base64' ? Buffer.from(token).toString('base64') : token;
    this.keep([head.subarray(0, headerEnd), Buffer.from(`${stand}\r\n`)]);
  }

  private keep(pieces: readonly Buffer[]): void {
    for (const piece of pieces) {
      this.kept.push(piece);
      this.keptBytes += piece.length;
    }
    if (this.keptBytes > MOST) throw new Unreadable('too-large', 'too much of the mail stands between its attachments');
  }
}
