/** Header that makes a duplicate recognisable and a loop detectable. */
export const ID_HEADER = 'X-Holdfast-Id';

// Headers are looked at as far as any sane header goes; Postfix keeps 102,400 bytes.
export const MAX_HEADER_BYTES = 1 << 20;

export interface TraceHeaders {
  /** Number of `Received` headers, that is of hops. */
  readonly hops: number;
  /** Values of `X-Holdfast-Id`, newest first. */
  readonly ids: readonly string[];
  readonly messageId: string | null;
  /** Whether the end of the header was seen. */
  readonly isWhole: boolean;
}

const CRLF = Buffer.from('\r\n');

/** Reads the trace of a message from its header, without decoding anything. */
export function readTraceHeaders(content: Uint8Array): TraceHeaders {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, MAX_HEADER_BYTES));
  const end = head.indexOf('\r\n\r\n');
  const lines = head
    .toString('latin1', 0, end < 0 ? head.length : end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const values = (name: string) =>
    lines
      .filter((line) => line.slice(0, name.length + 1).toLowerCase() === `${name}:`)
      .map((line) => line.slice(name.length + 1).trim());
  return {
    hops: values('received').length,
    ids: values(ID_HEADER.toLowerCase()),
    messageId: values('message-id')[0] ?? null,
    isWhole: end >= 0 || head.subarray(0, 2).equals(CRLF),
  };
}
