import { embargoAccess } from '../../core/access.ts';
import { domainOf } from '../../core/address.ts';
import type { EmbargoEntry, Instant } from '../../core/entry.ts';

export interface RecipientGroup {
  readonly organisation: string;
  /** Whether the organisation is the sender's own. */
  readonly own: boolean;
  /** People who may not have what the message concerns; null where nothing is known of that. */
  readonly without: number | null;
  readonly people: readonly { readonly address: string; readonly access: 'eligible' | 'not eligible' | null }[];
}

/** Recipients by organisation, other organisations first and the largest of them on top. */
export function groupRecipients(
  from: string,
  to: readonly string[],
  entries: readonly EmbargoEntry[],
  at: Instant,
): readonly RecipientGroup[] {
  const groups = new Map<string, string[]>();
  for (const address of to) {
    const group = groups.get(domainOf(address));
    if (group === undefined) groups.set(domainOf(address), [address]);
    else group.push(address);
  }
  return [...groups]
    .map(([organisation, addresses]) => {
      const people = addresses.map((address) => ({ address, access: accessOf(address, entries, at) }));
      const without = entries.length === 0 ? null : people.filter(({ access }) => access === 'not eligible').length;
      return { organisation, own: organisation === domainOf(from), without, people };
    })
    .sort(
      (one, other) =>
        Number(one.own) - Number(other.own) ||
        other.people.length - one.people.length ||
        one.organisation.localeCompare(other.organisation),
    );
}

function accessOf(address: string, entries: readonly EmbargoEntry[], at: Instant): 'eligible' | 'not eligible' | null {
  if (entries.length === 0) return null;
  const mayHaveAll = entries.every((entry) =>
    ['eligible', 'custodians'].includes(embargoAccess(entry, { from: address, to: [address] }, at)),
  );
  return mayHaveAll ? 'eligible' : 'not eligible';
}
