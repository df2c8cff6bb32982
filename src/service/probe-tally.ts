import type { Instant } from '../core/entry.ts';

/** Other values in one place of a text, within the window, that are as many guesses. */
export const MOST_TRIES = 5;
export const WINDOW_MS = 15 * 60_000;

/** Authors and entries that are followed at once; the ones seen longest ago are let go. */
const MOST_FOLLOWED = 5_000;

interface Trail {
  since: Instant;
  last: readonly string[];
  readonly tried: Set<string>;
  isTold: boolean;
}

/**
 * Counts how often an author puts another figure of a release in the place of the one before, as somebody does who tries which of
 * them is the embargoed one. It sees what is tried, and never whether one is right.
 */
export class ProbeTally {
  private readonly trails = new Map<string, Trail>();

  /** Takes the figures that one text states of an entry; true once, when they have become too many. */
  note(author: string, entry: string, values: readonly string[], at: Instant): boolean {
    const key = `${author}\0${entry}`;
    const known = this.trails.get(key);
    const trail =
      known === undefined || at - known.since > WINDOW_MS
        ? { since: at, last: [], tried: new Set<string>(), isTold: false }
        : known;
    this.trails.delete(key);
    this.trails.set(key, trail);
    for (const oldest of this.trails.keys()) {
      if (this.trails.size <= MOST_FOLLOWED) break;
      this.trails.delete(oldest);
    }
    // A text that has more figures than before is being written; so is a figure that goes on from the one before, "4" and then "4.9".
    if (values.length === trail.last.length)
      for (const [index, value] of values.entries())
        if (isOther(value, trail.last[index] ?? '')) trail.tried.add(value);
    trail.last = values;
    if (trail.isTold || trail.tried.size < MOST_TRIES) return false;
    trail.isTold = true;
    return true;
  }
}

function isOther(value: string, before: string): boolean {
  return !value.startsWith(before) && !before.startsWith(value);
}
