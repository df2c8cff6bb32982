import type { Instant } from '../core/entry.ts';
import type { KeyRing } from './keys.ts';

/** What register entries may refer to, and what they are read with. */
export interface RegisterContext {
  readonly subjects: readonly string[];
  readonly measures: readonly KnownMeasure[];
  readonly datasets: readonly string[];
  /** Seals figures; without it their digests stay empty and match nothing. */
  readonly key?: KeyRing;
  /** Turns on the warnings that depend on the day. */
  readonly now?: Instant;
}

export interface KnownMeasure {
  readonly id: string;
  readonly subject: string;
  /** Units a figure of this measure makes sense in; empty: any. */
  readonly units: readonly string[];
}
