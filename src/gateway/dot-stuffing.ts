import { asSource, type Content } from '../core/byte-source.ts';

const CRLF = Buffer.from('\r\n');
const DOT = Buffer.from('.');
const CR = 0x0d;
const LF = 0x0a;
const STOP = 0x2e;

/**
 * A message as it goes after DATA, piece by piece: dots doubled at line starts, CRLF at the end, the final dot (RFC 5321 section 4.5.2).
 *
 * Lines that came in by another way than SMTP with bare LF or CR get CRLF; all other bytes stay as they are.
 */
export async function* toDataBlock(content: readonly Content[]): AsyncGenerator<readonly Uint8Array[]> {
  const block = new DataBlock();
  for (const piece of content) {
    const source = asSource(piece);
    if (source.memory !== null) yield block.push(source.memory);
    else for await (const chunk of source.stream()) yield block.push(chunk);
  }
  yield block.end();
}

class DataBlock {
  private atLineStart = true;
  private isEmpty = true;
  /** A CR at the end of a chunk: what follows it tells whether it is bare. */
  private endsInCr = false;

  push(chunk: Uint8Array): readonly Uint8Array[] {
    if (chunk.length === 0) return [];
    this.isEmpty = false;
    const out: Uint8Array[] = [];
    let from = 0;
    if (this.endsInCr) {
      out.push(CRLF);
      this.atLineStart = true;
      if (chunk[0] === LF) from = 1;
    }
    this.endsInCr = chunk.at(-1) === CR;
    const end = this.endsInCr ? chunk.length - 1 : chunk.length;
    let at = from;
    let cr = -1;
    let lf = -1;
    while (at < end) {
      if (this.atLineStart && chunk[at] === STOP) {
        out.push(chunk.subarray(from, at), DOT);
        from = at;
      }
      this.atLineStart = false;
      // Searched anew only once passed, so that a chunk without the one is not read again for each of the other.
      if (cr < at) cr = nextOf(chunk, CR, at, end);
      if (lf < at) lf = nextOf(chunk, LF, at, end);
      const stop = Math.min(cr, lf);
      if (stop >= end) break;
      this.atLineStart = true;
      if (stop === cr && lf === cr + 1) {
        at = lf + 1;
        continue;
      }
      out.push(chunk.subarray(from, stop), CRLF);
      from = stop + 1;
      at = from;
    }
    if (from < end) out.push(chunk.subarray(from, end));
    return out;
  }

  end(): readonly Uint8Array[] {
    if (this.endsInCr) return [CRLF, DOT, CRLF];
    return this.isEmpty || this.atLineStart ? [DOT, CRLF] : [CRLF, DOT, CRLF];
  }
}

function nextOf(chunk: Uint8Array, byte: number, from: number, end: number): number {
  const at = chunk.indexOf(byte, from);
  return at < 0 || at > end ? end : at;
}
