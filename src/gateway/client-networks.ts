import { BlockList, isIP } from 'node:net';

/**
 * The networks that may use the gateway, from a comma-separated list of addresses and CIDR blocks.
 *
 * Answers the first malformed entry where there is one.
 */
export function parseClientNetworks(
  text: string,
): { readonly ok: true; readonly value: BlockList } | { readonly ok: false; readonly error: string } {
  const networks = new BlockList();
  for (const entry of text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')) {
    const [address = '', bits, ...rest] = entry.split('/');
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if (version === 0 || rest.length > 0 || !(prefix <= most)) return { ok: false, error: entry };
    networks.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return { ok: true, value: networks };
}

/** Loopback, the default. */
export const LOOPBACK = '127.0.0.0/8,::1/128';

/** Whether a peer is in one of the networks; IPv4 seen through a dual-stack socket counts as IPv4. */
export function isAllowedClient(networks: BlockList, address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const version = isIP(plain);
  return version !== 0 && networks.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}
