import type { Field } from './field.ts';

export interface Fault {
  /** Its row in the table. */
  readonly name: string;
  /** Short enough for CI, where a few faults are struck each time. */
  readonly isQuick?: boolean;
  /** It fills a disk or takes the right to write from it. */
  readonly needsDisks?: true;
  /** The device of the store fails in it. */
  readonly needsDevice?: true;
  /** Milliseconds between the mails of a lane; 0 where nothing is said. */
  readonly pauseMs?: number;
  /** Breaks something while mail flows, and mends it; answers a line for each thing that should not be. */
  strike(field: Field, random: () => number, round: number): Promise<readonly string[]>;
}

/** An expectation of a round, told where it is not met. */
export function expectThat(isSo: boolean, complaint: string): readonly string[] {
  return isSo ? [] : [complaint];
}
