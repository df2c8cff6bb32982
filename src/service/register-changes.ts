import type { EmbargoDocument } from '../registers/embargo-document.ts';
import type { SensitivityDocument } from '../registers/sensitivity-document.ts';

export type ChangeState = 'waiting' | 'approved' | 'rejected' | 'withdrawn';

export interface NewChange {
  readonly id: string;
  readonly entry: string;
  readonly proposedBy: string;
  /** Sealed values that were written anew, by name. */
  readonly written: readonly string[];
  readonly content:
    | { readonly register: 'embargo'; readonly document: EmbargoDocument; readonly base: EmbargoDocument | null }
    | {
        readonly register: 'sensitivity';
        readonly document: SensitivityDocument;
        readonly base: SensitivityDocument | null;
        readonly sketch: Uint8Array | null;
      };
}

/** A change of a register that waits for, or was settled by, a second person. */
export interface KeptChange {
  readonly id: string;
  readonly register: 'embargo' | 'sensitivity';
  readonly entry: string;
  readonly document: EmbargoDocument | SensitivityDocument;
  /** The entry as it was when the change was written; null where there was none. */
  readonly base: EmbargoDocument | SensitivityDocument | null;
  readonly hasSketch: boolean;
  /** Sealed values that its author wrote anew, by name; null where that was not kept. Nobody may compare the values themselves. */
  readonly written: readonly string[] | null;
  readonly proposedBy: string;
  readonly proposedAt: number;
  readonly state: ChangeState;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly note: string;
}

export type Settlement = 'done' | 'not-waiting' | 'own' | 'moved-on';

/** Changes of the registers under the rule of four eyes; each act is audited in its own transaction. */
export interface ChangeRecord {
  /** False where another change of the entry waits already. */
  propose(change: NewChange): Promise<boolean>;
  /** Those that wait, then the newest of the others; without what was written anew. */
  list(limit: number): Promise<readonly KeptChange[]>;
  find(id: string): Promise<KeptChange | null>;
  /**
   * Puts the change in force, in one transaction with its approval.
   *
   * `own`: nobody approves what they proposed, and a token stands for the person who made it. `moved-on`: the entry is another by now than the one it was written for.
   */
  approve(id: string, actor: string, note: string): Promise<Settlement>;
  /** By somebody else a rejection, by its author a withdrawal. */
  reject(id: string, actor: string, note: string): Promise<Settlement>;
  /** What an entry holds now, oldest first; nothing of what it says. */
  heldBy(entry: string, limit: number): Promise<{ readonly count: number; readonly items: readonly HeldByEntry[] }>;
}

export interface HeldByEntry {
  readonly id: string;
  readonly kind: string;
  readonly sender: string;
  readonly receivedAt: number;
}
