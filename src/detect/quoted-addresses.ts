import type { OpenedMessage } from '../core/part.ts';

const ADDRESS = /[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi;
/** Header lines of a quoted or forwarded mail, and "On ..., Name <address> wrote:". */
const HEADER_LINE = /^[>\s*]*(?:from|to|cc|sent by|on)\b[^\n]{0,2000}/gim;

/** The addresses in the header lines of older mails below a reply or inside a forward, in lower case. */
export function quotedAddresses(message: OpenedMessage): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { content } of message.parts) {
    if (content.kind !== 'text') continue;
    for (const [line] of content.text.matchAll(HEADER_LINE))
      for (const [address] of line.matchAll(ADDRESS)) found.add(address.toLowerCase());
  }
  return found;
}

/** The addresses that a text names, in lower case, each once. */
export function addressesIn(text: string): readonly string[] {
  return [...new Set(Array.from(text.matchAll(ADDRESS), ([address]) => address.toLowerCase()))];
}
