import type { Mark } from './reasons.ts';
import { visibleText } from './visible-text.ts';

/** A run of text under the same marks. */
export interface Segment {
  readonly text: string;
  /** Numbers of the marks over it, in the order given; empty: plain text. */
  readonly marks: readonly number[];
  /** Marks that end here: where their number is shown. `first` is the first of its number, to jump to. */
  readonly ends: readonly { readonly number: number; readonly first: boolean }[];
}

const NO_CUT_WITHIN = 64;

/**
 * Splits a text at the edges of its marks, overlapping or not, so that it can be shown with each marked in place.
 *
 * No segment cuts through what a reader sees as one character; the segments joined are the text, but for invisible
 * characters, which are named. Marks outside the text are clipped.
 */
export function highlight(text: string, marks: readonly Mark[]): readonly Segment[] {
  const ranges = marks.flatMap(({ number, span }) => {
    const start = snap(text, clip(span.start, text.length), 'start');
    const end = snap(text, clip(span.end, text.length), 'end');
    return end > start ? [{ start, end, number }] : [];
  });
  const edges = [...new Set([0, text.length, ...ranges.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  const seen = new Set<number>();
  return edges.slice(0, -1).map((start, index) => {
    const end = edges[index + 1] ?? text.length;
    const over = ranges.filter((range) => range.start <= start && range.end >= end);
    const ends = [...new Set(over.filter((range) => range.end === end).map(({ number }) => number))].map((number) => {
      const first = !seen.has(number);
      seen.add(number);
      return { number, first };
    });
    return { text: visibleText(text.slice(start, end)), marks: [...new Set(over.map(({ number }) => number))], ends };
  });
}

function clip(offset: number, length: number): number {
  return Math.min(Math.max(0, Math.trunc(offset)), length);
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Moves an offset inside a character to its edge, outward; looks only at the text around it. */
function snap(text: string, offset: number, edge: 'start' | 'end'): number {
  if (offset === 0 || offset === text.length) return offset;
  const from = wholeFrom(text, Math.max(0, offset - NO_CUT_WITHIN));
  const around = characters.segment(text.slice(from, offset + NO_CUT_WITHIN)).containing(offset - from);
  if (around === undefined || from + around.index === offset) return offset;
  return edge === 'start' ? from + around.index : from + around.index + around.segment.length;
}

/** Not between the halves of a surrogate pair. */
function wholeFrom(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  return unit >= 0xdc00 && unit <= 0xdfff ? offset - 1 : offset;
}
