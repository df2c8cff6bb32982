const CR = 0x0d;
const LF = 0x0a;

/**
 * Watches a message go by and remembers whether every line ends in CRLF.
 *
 * A bare LF or CR lets the next server see another end of message than we did (SMTP smuggling, RFC 5321 section 2.3.8), so such mail is refused.
 */
export class LineEndingCheck {
  #lastWasCr = false;
  #bare = false;

  push(chunk: Uint8Array): void {
    if (this.#bare || chunk.length === 0) return;
    if (this.#lastWasCr && chunk[0] !== LF) this.#bare = true;
    let from = this.#lastWasCr ? 1 : 0;
    let cr = chunk.indexOf(CR, from);
    while (!this.#bare) {
      const lf = chunk.indexOf(LF, from);
      if (lf >= 0 && (cr < 0 || lf < cr)) this.#bare = true;
      if (cr < 0 || cr === chunk.length - 1) break;
      if (chunk[cr + 1] !== LF) this.#bare = true;
      from = cr + 2;
      cr = chunk.indexOf(CR, from);
    }
    this.#lastWasCr = chunk.at(-1) === CR;
  }

  /** Whether a bare LF or CR was seen; final once every byte was pushed. */
  get isBroken(): boolean {
    return this.#bare || this.#lastWasCr;
  }
}
