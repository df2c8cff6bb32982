import { embargoAccess } from '../../core/access.ts';
import { domainOf } from '../../core/address.ts';
import type { EmbargoEntry, Instant } from '../../core/entry.ts';

export interface RecipientGroup {
  readonly organisation: string;
  /** Whether the organisation is the sender's own. */
  readonly own: boolean;
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
  for (const address of to) groups.set(domainOf(address), [...(groups.get(domainOf(address)) ?? []), address]);
  return [...groups]
    .map(([organisation, people]) => ({
      organisation,
      own: organisation === domainOf(from),
      people: people.map((address) => ({ address, access: accessOf(address, entries, at) })),
    }))
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
