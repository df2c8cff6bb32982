import { mayKnow } from './access.ts';
import { matchesAny } from './address.ts';
import type { Instant, Registers } from './entry.ts';
import type { Finding } from './finding.ts';
import type { Judgement } from './verdict.ts';

/** Who looks at a judgement: the sender of the message, or a reviewer with an address of their own. */
export type Viewer =
  | { readonly kind: 'sender' }
  | { readonly kind: 'reviewer'; readonly address: string | null; readonly at: Instant }
  /** The command line on the reviewer's own machine: sees what the register folder's owner may see. */
  | { readonly kind: 'owner' };

/** A finding as it leaves the service: no weight, and no insight but for those with access. */
export interface FindingView {
  readonly detector: string;
  readonly rule: string;
  readonly entry: string | null;
  readonly path: string;
  readonly span: { readonly start: number; readonly end: number } | null;
  readonly severity: string;
  readonly summary: string;
  readonly insight?: string;
}

/**
 * The findings as a viewer may see them, in an order that content alone decides.
 *
 * The sender's view never depends on an embargoed value (promise 4): the insight is dropped for everybody without access.
 * A reviewer without access to an entry gets its findings without their spans.
 */
export function viewFindings(judgement: Judgement, registers: Registers, viewer: Viewer): readonly FindingView[] {
  return judgement.findings.map((finding) => {
    const { insight, weight: _weight, falseAlarm: _falseAlarm, ...visible } = finding;
    if (viewer.kind === 'sender') return visible;
    const known = viewer.kind === 'owner' || knows(finding, registers, viewer.address, viewer.at);
    if (!known) return { ...visible, span: null };
    return insight === undefined || insight === '' ? visible : { ...visible, insight };
  });
}

/** Whether somebody may see the content of everything that a judgement found it to be about; nobody's address: whether anybody may. */
export function knowsAll(
  { findings }: Pick<Judgement, 'findings'>,
  registers: Registers,
  address: string | null,
  at: Instant,
): boolean {
  return findings.every((finding) => knows(finding, registers, address, at));
}

/** Whether a reviewer may see the content a finding points at; findings without an entry hide nothing. */
export function knows(finding: Finding, registers: Registers, address: string | null, at: Instant): boolean {
  const embargo = registers.embargoes.find((entry) => entry.id === finding.entry);
  if (embargo !== undefined) {
    const lifted = embargo.status === 'published' || (embargo.status === 'scheduled' && at >= embargo.until);
    return lifted || (address !== null && mayKnow(embargo, address, at));
  }
  const dataset = registers.sensitivity.find((entry) => entry.id === finding.entry);
  // An entry that the register no longer has cannot say who may see it: nobody.
  if (dataset === undefined) return finding.entry === null;
  return address !== null && matchesAny([dataset.owner, ...dataset.allowedRecipients], address);
}
