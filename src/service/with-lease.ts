import type { Log } from './log.ts';

/** A worker that dies delays its message by at most this. */
export const LEASE_MS = 30_000;

export interface Lease<T> {
  readonly claim: (leaseMs: number) => Promise<T | null>;
  readonly renew: (leaseMs: number) => Promise<boolean>;
  readonly log: Log;
  readonly leaseMs?: number;
}

/**
 * Runs work under a claim that is renewed for as long as it takes; answers false, without running it, where the claim was not had.
 *
 * `isHeld` tells whether nobody else can have the claim yet: a process that stood still for longer than its lease has lost it.
 */
export async function withLease<T>(
  lease: Lease<T>,
  work: (claim: T, isHeld: () => boolean) => Promise<void>,
): Promise<boolean> {
  const leaseMs = lease.leaseMs ?? LEASE_MS;
  // Counted from before the store is asked, so that it is over here before it is over there.
  let heldSince = performance.now();
  const claim = await lease.claim(leaseMs);
  if (claim === null) return false;
  const renewal = setInterval(() => {
    const askedAt = performance.now();
    lease.renew(leaseMs).then(
      (isRenewed) => {
        if (isRenewed) heldSince = askedAt;
      },
      (err: unknown) => lease.log.warn({ err }, 'claim could not be renewed'),
    );
  }, leaseMs / 3);
  try {
    await work(claim, () => performance.now() - heldSince < leaseMs);
    return true;
  } finally {
    clearInterval(renewal);
  }
}
