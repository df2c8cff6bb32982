import type { Instant } from '../core/entry.ts';
import type { DetectorName } from '../core/finding.ts';
import type { Verdict } from '../core/verdict.ts';
import type { EmbargoDocument } from '../registers/embargo-document.ts';
import type { SensitivityDocument } from '../registers/sensitivity-document.ts';

/** A change that runs silent: an entry as a register keeps it, its figures sealed, or one file of the rules. */
export type SilentChange =
  | { readonly kind: 'release'; readonly document: EmbargoDocument }
  | { readonly kind: 'dataset'; readonly document: SensitivityDocument }
  | { readonly kind: 'rules'; readonly path: string; readonly text: string };

/** A change that runs silent beside every message that is judged; it decides nothing. */
export interface SilentTrial {
  readonly id: string;
  /** Id of the entry, or the rule file. */
  readonly target: string;
  readonly change: SilentChange;
  readonly endsAt: Instant;
}

/** A message that a silent change would have judged otherwise. */
export interface SilentHit {
  readonly trial: string;
  readonly message: string;
  readonly before: Verdict;
  readonly after: Verdict;
  /** What found it, with the change. */
  readonly detectors: readonly DetectorName[];
}

export interface SilentTally {
  readonly trial: string;
  readonly judged: number;
  readonly leftOut: number;
}

/** What a silent change came to so far. */
export interface SilentTrialView extends Pick<SilentTrial, 'id' | 'target' | 'endsAt'> {
  readonly kind: SilentChange['kind'];
  readonly startedAt: Instant;
  /** Null while it runs, until `endsAt`. */
  readonly endedAt: Instant | null;
  /** Messages that were judged with it too, and the ones that there was no time for. */
  readonly judged: number;
  readonly leftOut: number;
  /** By the verdict without it and the one with it. */
  readonly otherwise: readonly { readonly before: Verdict; readonly after: Verdict; readonly messages: number }[];
}

export interface SilentHitView {
  /** Null for whoever may not see all messages. */
  readonly message: string | null;
  readonly at: Instant;
  readonly before: Verdict;
  readonly after: Verdict;
  readonly detectors: readonly DetectorName[];
}

export interface SilentTrialRecord {
  /** Begins and audits it; false where as many run as may. */
  start(trial: SilentTrial, actor: string): Promise<boolean>;
  /** Ends and audits it; false where none of that id runs. */
  end(id: string, actor: string): Promise<boolean>;
  /** What runs now. */
  running(): Promise<readonly SilentTrial[]>;
  /** Newest first, ended ones too. */
  list(limit: number): Promise<readonly SilentTrialView[]>;
  find(id: string): Promise<SilentTrialView | null>;
  /** Newest first. */
  hits(id: string, limit: number): Promise<readonly (SilentHitView & { readonly message: string })[]>;
  /** Adds what was seen; a message counts once however often it is judged. */
  note(tallies: readonly SilentTally[], hits: readonly SilentHit[]): Promise<void>;
}
