/**
 * Mailbox address in the form it is compared in: no display name, no angle brackets, lower case, the domain as it is looked up.
 *
 * `Zoe@BÜRO.example.` and `"zoe"@xn--bro-hoa.example` are one mailbox. A sub-address (`zoe+press@`, RFC 5233) is an address of its own: whether it
 * comes to the same person is known to its host alone.
 */
export function normaliseAddress(address: string): string {
  const angle = /<([^<>]*)>\s*$/.exec(address);
  const plain = (angle?.[1] ?? address).trim().toLowerCase();
  if (PLAIN.test(plain)) return plain;
  const at = plain.lastIndexOf('@');
  if (at < 0) return plain;
  const local = plain
    .slice(0, at)
    .trim()
    .replace(/^mailto:/, '');
  // Quotes that a local part does not need are no part of it (RFC 5321, section 4.1.2).
  const unquoted = /^"([a-z0-9!#$%&'*+/=?^_`{|}~.-]+)"$/.exec(local)?.[1] ?? local;
  return `${unquoted}@${asciiDomain(plain.slice(at + 1).trim())}`;
}

const PLAIN = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/** A domain in the form of RFC 5890 that name servers are asked for; as it was where it has none. */
function asciiDomain(domain: string): string {
  const name = domain.replace(/\.$/, '');
  if (!/[^a-z0-9.-]/.test(name) || /[\s/?#@:[\]]/.test(name)) return name;
  const parsed = URL.parse(`http://${name}`);
  return parsed === null || parsed.hostname === '' ? name : parsed.hostname;
}

export function domainOf(address: string): string {
  const normal = normaliseAddress(address);
  return normal.slice(normal.lastIndexOf('@') + 1);
}

/** Tells whether an address is on a list of addresses and `*@domain` patterns, at the same cost however long the list is. */
export function listOf(patterns: readonly string[]): (address: string) => boolean {
  const domains = new Set<string>();
  const addresses = new Set<string>();
  for (const pattern of patterns) {
    const wanted = pattern.trim();
    if (wanted.startsWith('*@')) domains.add(domainOf(wanted));
    else addresses.add(normaliseAddress(wanted));
  }
  return (address) => {
    const normal = normaliseAddress(address);
    const at = normal.lastIndexOf('@');
    return addresses.has(normal) || (at >= 0 && domains.has(normal.slice(at + 1)));
  };
}

/** Whether an address is on a list of addresses and `*@domain` patterns. */
export function matchesAny(patterns: readonly string[], address: string): boolean {
  return listOf(patterns)(address);
}
