import { listOf, matchesAny } from './address.ts';
import type { EmbargoEntry, Instant, SensitivityEntry } from './entry.ts';

/** Everyone a message passes between; a draft for the public has no recipients. */
export interface Parties {
  readonly from: string | null;
  readonly to: readonly string[];
}

export type EmbargoAccess = 'eligible' | 'custodians' | 'not-open' | 'outsider';

/**
 * Whether a message about an embargoed release may pass between its parties at an instant.
 *
 * Custodians may pass it among themselves at any time; eligible people once access is open; a message without recipients is
 * for the public and never passes. `not-open`: all would be eligible, but access has not opened yet.
 */
export function embargoAccess(entry: EmbargoEntry, parties: Parties, at: Instant): EmbargoAccess {
  if (parties.from === null || parties.to.length === 0) return 'outsider';
  const everyone = [parties.from, ...parties.to];
  const isCustodian = listOf(entry.custodians);
  const outside = everyone.filter((address) => !isCustodian(address));
  if (outside.length === 0) return 'custodians';
  if (!outside.every(listOf(entry.preRelease?.access.map((person) => person.email) ?? []))) return 'outsider';
  return entry.preRelease !== null && at >= entry.preRelease.opens ? 'eligible' : 'not-open';
}

/** Whether one person may know an embargoed release's content at an instant. */
export function mayKnow(entry: EmbargoEntry, address: string, at: Instant): boolean {
  if (matchesAny(entry.custodians, address)) return true;
  const access = entry.preRelease;
  return (
    access !== null &&
    at >= access.opens &&
    matchesAny(
      access.access.map((person) => person.email),
      address,
    )
  );
}

/** Whether every recipient may receive a protected dataset. */
export function datasetAccess(entry: SensitivityEntry, parties: Parties): boolean {
  return parties.to.length > 0 && parties.to.every(listOf(entry.allowedRecipients));
}

/** Whether sender and recipients are all allowed recipients of a protected dataset. */
export function amongAllowed(entry: SensitivityEntry, parties: Parties): boolean {
  return (
    parties.from !== null &&
    datasetAccess(entry, { ...parties, to: [parties.from, ...parties.to] }) &&
    parties.to.length > 0
  );
}
