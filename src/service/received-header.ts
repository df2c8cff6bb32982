import type { Instant } from '../core/entry.ts';
import { mailDate } from './mail-date.ts';
import type { ReceivedFrom } from './transport-options.ts';

/**
 * The lines of the `Received` header (RFC 5321 section 4.4) of what came in by SMTP; none of what came by another way.
 *
 * Where a trusted peer named the client, both stand there, so that the trace is true of each.
 */
export function receivedHeader(
  id: string,
  at: Instant,
  received: ReceivedFrom | null,
  host: string,
): readonly string[] {
  if (received === null) return [];
  const { helo, address, name, via, protocol } = received;
  const client = [...(name === undefined ? [] : [atom(name)]), literal(address)].join(' ');
  return [
    `Received: from ${atom(helo)} (${client})`,
    ...(via === undefined ? [] : [`\t(named by ${literal(via)})`]),
    `\tby ${host} (Holdfast) with ${atom(protocol)} id ${id};`,
    `\t${mailDate(at)}`,
  ];
}

function literal(address: string): string {
  return `[${address.includes(':') ? 'IPv6:' : ''}${atom(address)}]`;
}

/** What a client says of itself must start no comment, line or header. */
function atom(text: string): string {
  return text.replace(/[^\x21-\x7e]|[()<>\\;]/g, '?');
}
