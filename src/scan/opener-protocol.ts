import type { MessageKind } from '../core/message.ts';
import type { IncompleteReason, OpenedMessage } from '../core/part.ts';
import type { Limits } from '../extract/budget.ts';

/** What goes over the channel between the pool and a child. Structured clone; nothing here holds a handle or a secret. */
export interface OpenJob {
  readonly kind: 'job';
  readonly id: number;
  readonly message: MessageKind;
  readonly name: string;
  readonly size: number;
  /** The whole content where it is small; else null, and the child asks for ranges. */
  readonly bytes: Uint8Array | null;
  readonly limits: Limits;
  readonly everyCell: boolean;
  readonly passwords: readonly string[];
  /** A quick look at the first rows of tables; null: all of them. */
  readonly firstRows: number | null;
  /** Set on a second try: only mail and plain text are opened, and every other part is incomplete for this reason. */
  readonly shallow: IncompleteReason | null;
}

/** Jobs with their bytes, to be opened one after the other and answered together: a round trip costs more than opening a small mail. */
export interface OpenJobs {
  readonly kind: 'jobs';
  readonly jobs: readonly OpenJob[];
}

export interface RangeReply {
  readonly kind: 'range';
  readonly id: number;
  readonly start: number;
  readonly bytes: Uint8Array;
}

export type ToChild = OpenJob | OpenJobs | RangeReply;

export type FromChild =
  | { readonly kind: 'read'; readonly id: number; readonly start: number; readonly end: number }
  | { readonly kind: 'opened'; readonly id: number; readonly opened: OpenedMessage }
  /** In the order of the jobs. */
  | { readonly kind: 'opened-jobs'; readonly opened: readonly OpenedMessage[] }
  /** A defect of ours: the child is not to be trusted any more. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
