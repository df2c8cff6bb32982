import { domainOf } from '../core/address.ts';

/** Endings under which organisations register: the part before names the organisation. */
const SHARED_ENDINGS: ReadonlySet<string> = new Set([
  ...['gov', 'co', 'org', 'ac', 'nhs', 'police', 'sch', 'net', 'ltd', 'plc', 'mod', 'me'].map((name) => `${name}.uk`),
  ...['com.au', 'gov.au', 'co.nz', 'govt.nz', 'gc.ca', 'gov.ie', 'co.in', 'co.za'],
]);

/** The organisation an address belongs to, as its registered domain: `stats.dept.gov.uk` and `dept.gov.uk` are one, two departments are not. */
export function organisationOf(address: string): string {
  const labels = domainOf(address).split('.');
  const ending = labels.slice(-2).join('.');
  return SHARED_ENDINGS.has(ending) ? labels.slice(-3).join('.') : ending;
}

/** The addresses of other organisations than the sender's; without a known sender all of them. */
export function outsideOf(sender: string | null, addresses: readonly string[]): readonly string[] {
  if (sender === null) return addresses;
  const own = organisationOf(sender);
  return addresses.filter((address) => organisationOf(address) !== own);
}
