import { isIP } from 'node:net';

/** Where to listen, or to connect to. */
export interface Endpoint {
  readonly host: string;
  /** 0, for listening alone: any free port. */
  readonly port: number;
}

/** `127.0.0.1:8080`, `mail.example:25`, `[::1]:8080`; null for anything else. */
export function parseEndpoint(value: string, lowestPort: number): Endpoint | null {
  const [, bracketed, plain, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/@[\],]+)):(\d{1,5})$/.exec(value.trim()) ?? [];
  const port = Number(digits);
  const host = bracketed ?? plain;
  if (host === undefined || !(port >= lowestPort && port <= 65_535)) return null;
  return bracketed !== undefined && isIP(bracketed) !== 6 ? null : { host, port };
}

export function isLoopback({ host }: Endpoint): boolean {
  return /^127\./.test(host) || host === '::1' || host === 'localhost';
}

/** Addresses and CIDR blocks with commas between. */
export function isNetworkList(list: string): boolean {
  return list.split(',').every((entry) => {
    const [address = '', bits, ...rest] = entry.trim().split('/');
    const version = isIP(address);
    return (
      version !== 0 &&
      rest.length === 0 &&
      (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)))
    );
  });
}
