import type { IncompleteReason } from '../core/part.ts';

/** Ends the reading of a part from deep inside a parser; `open-parts` turns it into an incomplete part. */
export class Unreadable extends Error {
  readonly reason: IncompleteReason;
  constructor(reason: IncompleteReason, detail: string, options?: { cause: unknown }) {
    super(detail, options);
    this.name = 'Unreadable';
    this.reason = reason;
  }
}
