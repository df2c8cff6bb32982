export interface ServerReply {
  readonly code: number;
  /** Lines without their code, joined by spaces. */
  readonly text: string;
  readonly lines: readonly string[];
}

// A reply line is at most 512 octets (RFC 5321 section 4.5.3.1.5); a server that sends more than this is not a mail server.
const MAX_REPLY = 64 * 1024;

/** Cuts a server's stream into replies; throws on what is not SMTP. */
export class SmtpReplyReader {
  #rest = '';
  #lines: string[] = [];

  /** Whether nothing of a further reply has come yet. */
  get isEmpty(): boolean {
    return this.#rest === '' && this.#lines.length === 0;
  }

  push(chunk: Uint8Array): readonly ServerReply[] {
    this.#rest += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('utf8');
    if (this.#rest.length > MAX_REPLY || this.#lines.length > 1000) throw new Error('reply too long');
    const replies: ServerReply[] = [];
    for (let end = this.#rest.indexOf('\n'); end >= 0; end = this.#rest.indexOf('\n')) {
      const line = this.#rest.slice(0, end).replace(/\r$/, '');
      this.#rest = this.#rest.slice(end + 1);
      const match = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(line);
      if (match === null) throw new Error('reply is not SMTP');
      this.#lines.push((match[3] ?? '').replace(/\p{Cc}/gu, ' '));
      if (match[2] === '-') continue;
      replies.push({ code: Number(match[1]), text: this.#lines.join(' '), lines: this.#lines });
      this.#lines = [];
    }
    return replies;
  }
}
