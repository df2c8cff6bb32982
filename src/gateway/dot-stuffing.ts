const CRLF = Buffer.from('\r\n');
const DOT = Buffer.from('.');

/**
 * A message as it goes after DATA: dots doubled at line starts, CRLF at the end, the final dot (RFC 5321 section 4.5.2).
 *
 * Lines that came in by another way than SMTP with bare LF or CR get CRLF; all other bytes stay as they are.
 */
export function toDataBlock(content: readonly Uint8Array[]): readonly Buffer[] {
  const whole = asBuffer(content);
  const message = hasBareLineEnd(whole) ? withCrlf(whole) : whole;
  const block: Buffer[] = message[0] === 0x2e ? [DOT] : [];
  let from = 0;
  for (let at = message.indexOf('\r\n.'); at >= 0; at = message.indexOf('\r\n.', at + 2)) {
    block.push(message.subarray(from, at + 2), DOT);
    from = at + 2;
  }
  block.push(message.subarray(from));
  if (message.length > 0 && !message.subarray(-2).equals(CRLF)) block.push(CRLF);
  block.push(Buffer.from('.\r\n'));
  return block;
}

function asBuffer(content: readonly Uint8Array[]): Buffer {
  return Buffer.concat(content);
}

function hasBareLineEnd(message: Buffer): boolean {
  let from = 0;
  for (;;) {
    const lf = message.indexOf(0x0a, from);
    const cr = message.indexOf(0x0d, from);
    if (lf < 0 && cr < 0) return false;
    if (cr < 0 || lf !== cr + 1) return true;
    from = lf + 1;
  }
}

function withCrlf(message: Buffer): Buffer {
  return Buffer.from(message.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n'), 'latin1');
}
