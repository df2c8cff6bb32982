import type { Instant } from '../core/entry.ts';
import type { MessageState } from '../core/message.ts';
import type { IncompleteReason } from '../core/part.ts';
import { refuse } from './authorise.ts';
import type { Caller } from './ports.ts';
import type { Outcome } from './service.ts';

/** A message that would have left before its time, had nothing held it. */
export interface NearMiss {
  readonly id: string;
  readonly at: Instant;
  readonly sender: string;
  readonly state: MessageState;
  /** The lift that it came before; null where it waited for none. */
  readonly lift: Instant | null;
  readonly entries: readonly string[];
  readonly rules: readonly string[];
  readonly action: 'reject' | 'release-at-lift' | 'release-eligible';
}

/** How detection and reviewing do. None of it depends on what is in a message beyond what found it (promise 4). */
export interface Oversight {
  /** By rule, the ones that hold most first. */
  readonly rules: readonly {
    readonly rule: string;
    readonly held: number;
    readonly released: number;
    readonly rejected: number;
    readonly falseAlarms: number;
  }[];
  readonly incomplete: readonly { readonly reason: IncompleteReason; readonly messages: number }[];
  /** Decisions by the minutes from the verdict, each up to `upTo` and over the one before; null: longer. */
  readonly waits: readonly { readonly upTo: number | null; readonly decisions: number }[];
  /** Newest first. */
  readonly nearMisses: readonly NearMiss[];
}

export const WAIT_MINUTES = [5, 15, 60, 240, 1440] as const;

export interface OversightDesk {
  oversight(days: number, caller: Caller): Promise<Outcome<Oversight>>;
}

/** What those who oversee see beyond the counts of messages. */
export function createOversightDesk({
  messages,
  now,
}: {
  readonly messages: { oversight(since: Instant): Promise<Oversight> };
  readonly now: () => Instant;
}): OversightDesk {
  return {
    async oversight(days, caller) {
      return (
        refuse(caller, 'oversee') ?? { ok: true, value: await messages.oversight(now() - days * 24 * 60 * 60_000) }
      );
    },
  };
}
