import type { Parties } from '../core/access.ts';
import type { EmbargoEntry, Instant, Registers } from '../core/entry.ts';
import type { FalseAlarmOf } from '../core/false-alarm.ts';
import type { DetectorName, Finding } from '../core/finding.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { DigestOf } from '../registers/cell-digest.ts';
import type { Sketch } from '../registers/sketch.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';

/** What a detector may know. All of it is handed in; a detector touches no clock, disk or network. */
export interface DetectContext {
  readonly rules: CompiledRules;
  readonly registers: Registers;
  /** Entries whose window (embargo or quiet period) is open at the effective time: the only ones an indication can concern. */
  readonly open: readonly EmbargoEntry[];
  readonly parties: Parties;
  readonly effectiveAt: Instant;
  /** Tells whether a canonical value is one of a sealed figure's digests; answers false without the key. */
  readonly matchesSealed: (entry: string, digests: readonly string[], canonical: string) => boolean;
  /** The mails that this one answers, as far as the record has them; absent where it has none. */
  readonly thread?: Thread;
  /** Which false alarm a finding is; absent where its sender has none. What counts findings, or ends with the first, counts those apart. */
  readonly falseAlarm?: FalseAlarmOf;
  /** What registered files are recognised by; absent where no entry has a sketch. */
  readonly sketches?: Sketches;
  /** Awaited between pieces of work on a message with much text, so that everybody else has a turn; absent for a short one. */
  readonly turn?: () => Promise<void>;
}

/** Between whom the earlier mails of a thread passed, and which register entries their findings named. */
export interface Thread {
  readonly addresses: readonly string[];
  readonly entries: readonly string[];
}

/** The sketches of register entries, by the entry's id, with the keys that made them. */
export interface Sketches {
  readonly byEntry: ReadonlyMap<string, Sketch>;
  /** Digests under the key of that id; undefined for a key that is not there. */
  readonly digestOf: (key: string) => DigestOf | undefined;
}

/**
 * Reads an opened message and says what is in it. It never decides: the policy does (`core/policy.ts`).
 *
 * A finding is worded so that it is the same for every embargoed value; what depends on one goes into `insight` alone.
 */
export interface Detector {
  readonly name: DetectorName;
  detect(message: OpenedMessage, context: DetectContext): readonly Finding[] | Promise<readonly Finding[]>;
}
