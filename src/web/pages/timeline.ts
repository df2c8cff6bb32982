import type { EmbargoEntry, Instant } from '../../core/entry.ts';
import { windowState } from '../../core/window.ts';
import { showDay } from './show-time.ts';

const DAY = 24 * 60 * 60_000;
/** What the picture spans at most around now; windows beyond it are cut at its edges. */
const BEFORE = 14 * DAY;
const AFTER = 42 * DAY;

export const TIMELINE_WIDTH = 960;
const NAMES = 260;
const ROW = 40;
/** A bar that begins beyond this has its name end where it ends, or the picture would cut it off. */
const FAR = 700;
const TOP = 30;

export interface TimelineBar {
  readonly id: string;
  readonly title: string;
  readonly y: number;
  readonly x: number;
  readonly width: number;
  /** Where its name stands over it, in a window too narrow for a column of names. */
  readonly over: { readonly x: number; readonly anchor: 'start' | 'end' };
  /** Where pre-release access opens; null where it does not, or outside the picture. */
  readonly accessX: number | null;
  readonly state: 'before' | 'embargoed' | 'quiet' | 'lifted';
  /** It goes on beyond the right edge, or for ever. */
  readonly open: boolean;
}

export interface Timeline {
  readonly width: number;
  readonly height: number;
  readonly nowX: number;
  readonly names: number;
  readonly bars: readonly TimelineBar[];
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

/** The embargo windows around now as a picture: a row a release, in the order given. */
export function timeline(entries: readonly EmbargoEntry[], now: Instant): Timeline {
  const from = now - BEFORE;
  const until = now + AFTER;
  const x = (instant: Instant) =>
    Math.round(NAMES + ((Math.min(Math.max(instant, from), until) - from) / (until - from)) * (TIMELINE_WIDTH - NAMES));
  const shown = entries.filter((entry) => endOf(entry) > from && entry.from < until);
  const bars = shown.map((entry, index) => {
    const opens = entry.preRelease?.opens ?? null;
    const [left, right] = [x(entry.from), x(endOf(entry))];
    return {
      id: entry.id,
      title: shorten(entry.title),
      y: TOP + index * ROW,
      x: left,
      width: Math.max(4, right - left),
      over: left > FAR ? { x: right, anchor: 'end' as const } : { x: left, anchor: 'start' as const },
      accessX: opens !== null && opens > from && opens < until ? x(opens) : null,
      state: windowState(entry, now),
      open: endOf(entry) > until,
    };
  });
  const ticks = Array.from({ length: 8 }, (_, week) => from + week * 7 * DAY).map((instant) => ({
    x: x(instant),
    label: showDay(instant)
      .split(' ')
      .slice(1, 3)
      .join(' ')
      .replace(/ (\w{3}).*/, ' $1'),
  }));
  return { width: TIMELINE_WIDTH, height: TOP + shown.length * ROW + 30, nowX: x(now), names: NAMES, bars, ticks };
}

/** Where the window ends in the picture: a postponed or cancelled release does not end by itself. */
function endOf(entry: EmbargoEntry): Instant {
  if (entry.status === 'postponed' || entry.status === 'cancelled') return Number.POSITIVE_INFINITY;
  return Math.max(entry.until, entry.quietUntil ?? entry.until);
}

function shorten(title: string): string {
  const letters = [...title];
  return letters.length <= 30 ? title : `${letters.slice(0, 29).join('')}…`;
}
