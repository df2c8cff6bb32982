/** A message that came in and of which its client may not know that it was taken. */
export interface UnsureArrival {
  /** Keyed, of envelope and content. */
  readonly digest: string;
  /** Null: whether it was committed is not known either. */
  readonly id: string | null;
  /** Where it was committed, its id lies between these. */
  readonly fromId: string;
  readonly untilId: string;
}

/** What gateways keep of the answers they gave, so that a message that is sent again after a crash is known. */
export interface ArrivalRecord {
  /** Says that this gateway lives, and answered all that it took with ids below this. */
  mark(gateway: string, sureBelow: string): Promise<void>;
  /** The gateway ends, and answered everything. */
  end(gateway: string): Promise<void>;
  /** Takes over what gateways that are gone may not have answered; they are judged by their names and how long they were silent. */
  adopt(isGone: (gateway: string, silentMs: number) => boolean): Promise<void>;
  note(arrival: UnsureArrival): Promise<void>;
  /** What was noted in the last `ms`, by any gateway. */
  noted(ms: number): Promise<readonly UnsureArrival[]>;
  /** Whether it is noted still; whoever answered it surely has forgotten it. */
  isNoted(digest: string): Promise<boolean>;
  /** The message of this digest with an id between these, if it was committed. */
  find(arrival: UnsureArrival): Promise<string | null>;
  forget(digest: string): Promise<void>;
  /** Forgets what was noted longer ago. */
  tidyUp(ms: number): Promise<void>;
}
