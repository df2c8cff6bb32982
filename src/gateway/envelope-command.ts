/** A parsed `MAIL FROM` or `RCPT TO`: the address as written, parameters as written (values stay in xtext). */
export interface EnvelopeCommand {
  readonly address: string;
  readonly args: Record<string, string | true> | false;
  /** A parameter given more than once, which RFC 3461 section 4 forbids. */
  readonly duplicate?: string;
}

// RFC 5321 section 4.5.3.1.3 allows 256 octets; what an MTA accepted ahead of us must not die on a few more.
const MAX_ADDRESS = 512;
const COMMAND =
  /^(?:MAIL FROM|RCPT TO):\s*<(?:@[^\s,:@<>]+(?:,@[^\s,:@<>]+)*:)?((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>((?:\s+\S+)*)\s*$/isu;
// C0, C1 and invisible formatting characters: never legitimate, and the stuff of log and header injection.
const UNSAFE = /[\p{Cc}\u200b\u2060\ufeff]/u;
const QUOTED_LOCAL = /^"(?:[^"\\]|\\.)*"@/su;

/**
 * Parses `MAIL FROM:<...> ...` or `RCPT TO:<...> ...`; null where it is malformed (RFC 5321 section 4.1.2).
 *
 * A source route is dropped. The address is otherwise kept byte for byte, so that what is relayed is what came:
 * no case folding, no punycode, dots where real mailboxes have them.
 */
export function parseEnvelopeCommand(verb: 'MAIL FROM' | 'RCPT TO', line: string): EnvelopeCommand | null {
  if (!line.toUpperCase().startsWith(`${verb}:`)) return null;
  const match = COMMAND.exec(line);
  if (match === null) return null;
  const address = match[1] ?? '';
  if (!isAcceptable(address, verb)) return null;
  return { address, ...parseParameters(match[2] ?? '') };
}

/** Whether an address can stand in an envelope without becoming something else on the wire. */
export function isSafeAddress(address: string): boolean {
  return address === '' || isAcceptable(address, 'MAIL FROM') || isAcceptable(address, 'RCPT TO');
}

function isAcceptable(address: string, verb: 'MAIL FROM' | 'RCPT TO'): boolean {
  if (address === '') return verb === 'MAIL FROM';
  if (UNSAFE.test(address) || Buffer.byteLength(address) > MAX_ADDRESS) return false;
  // RFC 5321 section 4.1.1.3: the postmaster without a domain must be accepted.
  if (verb === 'RCPT TO' && address.toLowerCase() === 'postmaster') return true;
  const quoted = QUOTED_LOCAL.exec(address);
  const at = quoted === null ? address.indexOf('@') : quoted[0].length - 1;
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  return at > 0 && /^[^\s@<>"]+$/u.test(domain) && (quoted !== null || /^[^\s@<>"]+$/u.test(local));
}

function parseParameters(text: string): Omit<EnvelopeCommand, 'address'> {
  const args: Record<string, string | true> = {};
  let duplicate: string | undefined;
  for (const parameter of text.split(/\s+/).filter((one) => one !== '')) {
    const equals = parameter.indexOf('=');
    const key = (equals < 0 ? parameter : parameter.slice(0, equals)).toUpperCase();
    if (Object.hasOwn(args, key)) duplicate = key;
    args[key] = equals < 0 || equals === parameter.length - 1 ? true : parameter.slice(equals + 1);
  }
  const named = Object.keys(args).length > 0 ? args : (false as const);
  return duplicate === undefined ? { args: named } : { args: named, duplicate };
}
