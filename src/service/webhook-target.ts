import { BlockList, isIP } from 'node:net';

/**
 * What is not the public internet (IANA special-purpose registries): a webhook there would let whoever registers it reach
 * services that trust this machine, such as a cloud's metadata.
 */
const NOT_PUBLIC = new BlockList();
for (const network of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]) {
  const [address = '', bits] = network.split('/');
  NOT_PUBLIC.addSubnet(address, Number(bits), 'ipv4');
}
/** Of IPv6 only global unicast is public, without documentation, and without what carries an IPv4 address within. */
const PUBLIC_6 = new BlockList();
PUBLIC_6.addSubnet('2000::', 3, 'ipv6');
for (const network of ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']) {
  const [address = '', bits] = network.split('/');
  NOT_PUBLIC.addSubnet(address, Number(bits), 'ipv6');
}

/** Whether a resolved address is one of the public internet; an IPv4 address within an IPv6 one counts as itself. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return false;
  if (version === 4) return !NOT_PUBLIC.check(address, 'ipv4');
  return PUBLIC_6.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
}

/** What is wrong with a webhook's address before its name is looked up; null where nothing is. */
export function targetFault(text: string, isAllowed: (address: string) => boolean): string | null {
  if (text.length > 2000 || !URL.canParse(text)) return 'is no address, expected for example https://example.org/hook';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'is not https';
  if (url.username !== '' || url.password !== '') return 'has a user or password in it; the signature proves who calls';
  if (url.hash !== '') return 'has a fragment, which is never sent; leave it out';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host) && !isAllowed(host)) {
    return 'is not on the public internet; allow its network by HOLDFAST_WEBHOOK_NETWORKS if it is yours';
  }
  // In the clear only to a named network of one's own: whether a name leads there is seen when it is called.
  if (url.protocol === 'http:' && !(isIP(host) !== 0 && isAllowed(host))) {
    return 'is not https; in the clear only an address (not a name) within HOLDFAST_WEBHOOK_NETWORKS may be told';
  }
  return null;
}
