import type { Verdict } from '../core/verdict.ts';
import { HEADER_LIMIT } from './message-header.ts';

const CRLF = '\r\n';
/** What says which message it was, and nothing of what is in it. */
const IDENTIFYING = /^(?:date|from|to|cc|message-id|in-reply-to|references|x-holdfast-id)[ \t]*:/i;

/**
 * The header lines of a message that go with a notice to its sender: all of them where the message passed, else only those
 * that say which message it was, since a subject may be what it was held or flagged for. Lines end in CRLF; Bcc never goes.
 */
export function returnedHeaders(id: string, head: Uint8Array, verdict: Verdict | null): Uint8Array {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEADER_LIMIT)).toString('latin1');
  const end = /(?:^|\r?\n)\r?\n/.exec(text)?.index ?? text.lastIndexOf('\n');
  const fields = text
    .slice(0, Math.max(0, end))
    .split(/\r\n|\r|\n/)
    .reduce<string[]>((all, line) => {
      const last = all.length - 1;
      if (/^[ \t]/.test(line) && last >= 0) all[last] += CRLF + line;
      else all.push(line);
      return all;
    }, [])
    .filter((field) => /^[\x21-\x39\x3b-\x7e]+[ \t]*:/.test(field) && !/^bcc[ \t]*:/i.test(field))
    .filter((field) => verdict === 'pass' || IDENTIFYING.test(field));
  return Buffer.from([`X-Holdfast-Id: ${id}`, ...fields, ''].join(CRLF), 'latin1');
}
