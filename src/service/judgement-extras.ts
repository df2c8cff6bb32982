import type { Instant, Registers } from '../core/entry.ts';
import type { StoredMessage } from '../core/message.ts';
import type { Judgement } from '../core/verdict.ts';
import { liftOf, windowState } from '../core/window.ts';
import type { ScanReport } from '../scan/engine.ts';
import type { JudgementExtras } from './stores.ts';

/** What waits for a lift, by a judgement's findings. */
export interface Waiting {
  /** A release concerned is still under embargo or in its quiet period. */
  readonly isWaiting: boolean;
  /** The latest lift; null where one is not known (postponed, cancelled), or nothing waits. */
  readonly until: Instant | null;
  /** Protected records or personal data are among the reasons: these never lift (promise 6). */
  readonly neverLifts: boolean;
}

export function waitingOf({ findings }: Judgement, registers: Registers, at: Instant): Waiting {
  const open = findings.flatMap((finding) => {
    if (finding.weight !== 'embargoed' && finding.weight !== 'attributed') return [];
    const entry = registers.embargoes.find((one) => one.id === finding.entry);
    return entry !== undefined && ['embargoed', 'quiet'].includes(windowState(entry, at)) ? [liftOf(entry, at)] : [];
  });
  const known = open.filter((lift) => lift !== null);
  return {
    isWaiting: open.length > 0,
    until: open.length > 0 && known.length === open.length ? Math.max(...known) : null,
    neverLifts: findings.some((finding) => finding.weight === 'protected' || finding.weight === 'unregistered'),
  };
}

/** What goes into the record with a judgement: the subject, and what a reviewer's `release-at-lift` comes to now. */
export function judgementExtras(
  message: Pick<StoredMessage, 'releaseAtLift'>,
  { judgement, opened }: ScanReport,
  registers: Registers,
): JudgementExtras {
  const subject = opened.headers?.subject ?? null;
  if (!message.releaseAtLift || judgement.verdict !== 'hold') return { subject, releasedAtLift: false };
  const waiting = waitingOf(judgement, registers, judgement.effectiveAt);
  if (waiting.isWaiting) return { subject, releasedAtLift: false, judgeAgainAt: waiting.until };
  // The reviewer knew the other reasons; protected records that have turned up since were not among them.
  return { subject, releasedAtLift: !waiting.neverLifts };
}
