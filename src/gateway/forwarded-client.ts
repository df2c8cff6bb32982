import { isIP } from 'node:net';
import type { SMTPServerSession } from 'smtp-server';
import type { ReceivedFrom } from '../service/transport-options.ts';
import { XFORWARD_ATTRIBUTES } from './forward-client.ts';
import { userOf } from './smtp-users.ts';

export type Attributes = Readonly<Record<string, string>>;

const UNKNOWN = /^\[(?:UNAVAILABLE|TEMPUNAVAIL)\]$/i;
const MAX_VALUE = 255;

/**
 * The attributes of an XFORWARD command (Postfix, XFORWARD_README), values in xtext as they came.
 *
 * Answers null where one is unknown, too long, no address, or would carry a control character into a log or header.
 */
export function parseXforward(line: string): Attributes | null {
  const pairs = line.trim().split(/\s+/).slice(1);
  const attributes: Record<string, string> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).toUpperCase();
    const value = pair.slice(equals + 1);
    if (equals < 1 || !XFORWARD_ATTRIBUTES.includes(name) || !/^[\x21-\x7e]{0,255}$/.test(value)) return null;
    const plain = fromXtext(value);
    if (/\p{Cc}/u.test(plain) || plain.length > MAX_VALUE) return null;
    if (name === 'ADDR' && !UNKNOWN.test(value) && isIP(withoutPrefix(plain)) === 0) return null;
    attributes[name] = value;
  }
  return pairs.length === 0 ? null : attributes;
}

/** What XFORWARD said of the message in hand; null where nothing. */
export function forwardedAttributes({ xForward }: SMTPServerSession): Attributes | null {
  const attributes = [...xForward].flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return attributes.length === 0 ? null : Object.fromEntries(attributes);
}

/** The client that XFORWARD named; null where it named none. */
export function forwardedAddress(session: SMTPServerSession): string | null {
  const address = known(forwardedAttributes(session)?.['ADDR']);
  return address === null ? null : withoutPrefix(address);
}

/** Who handed a message over: the peer, or whom a trusted peer named by XCLIENT or, for one message, by XFORWARD. */
export function receivedFrom(session: SMTPServerSession): ReceivedFrom {
  const forwarded = forwardedAttributes(session);
  const user = userOf(session);
  const base = {
    helo: textOf(session.xClient.get('HELO')) ?? session.hostNameAppearsAs,
    address: session.remoteAddress,
    protocol: session.transmissionType,
    ...(user === null ? {} : { user: user.name }),
  };
  const address = forwardedAddress(session);
  if (address !== null) {
    const name = known(forwarded?.['NAME']);
    return {
      ...base,
      helo: known(forwarded?.['HELO']) ?? base.helo,
      address,
      via: session.remoteAddress,
      ...(name === null ? {} : { name }),
    };
  }
  const peer = textOf(session.xClient.get('ADDR:DEFAULT'));
  if (peer === null) return base;
  const name = textOf(session.xClient.get('NAME'));
  return { ...base, via: peer, ...(name === null ? {} : { name }) };
}

function known(value: string | undefined): string | null {
  return value === undefined || value === '' || UNKNOWN.test(value) ? null : fromXtext(value);
}

function textOf(value: string | number | false | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function withoutPrefix(address: string): string {
  return address.replace(/^IPv6:/i, '');
}

function fromXtext(value: string): string {
  return value.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
