import type { Span } from '../core/finding.ts';
import type { Marking } from './marking.ts';

const compiled = new WeakMap<Marking, readonly RegExp[]>();

/** Characters to each side of a hint that a marking around it stands within; the longest shipped pattern spans 200. */
const REACH = 400;

const NOWHERE: readonly Span[] = [];

/** Where a text first bears a marking; null where it does not. `lower` is the text in lower case, where it is at hand. */
export function matchMarking(marking: Marking, text: string, lower = text.toLowerCase()): Span | null {
  for (const span of matchMarkings(marking, text, lower)) return span;
  return null;
}

/** Where a text bears a marking, in order; each is looked for once it is asked for. */
export function* matchMarkings(marking: Marking, text: string, lower: string): Generator<Span> {
  for (const { start, end } of placesToLook(marking, text, lower)) {
    for (let from = start; from < end; ) {
      const found = firstIn(marking, text.slice(from, end));
      if (found === null) break;
      yield { start: from + found.start, end: from + found.end };
      from += Math.max(found.end, found.start + 1);
    }
  }
}

function firstIn(marking: Marking, near: string): Span | null {
  let first: Span | null = null;
  for (const pattern of patternsOf(marking)) {
    const found = pattern.exec(near);
    if (found !== null && (first === null || found.index < first.start))
      first = { start: found.index, end: found.index + found[0].length };
  }
  return first;
}

/** The stretches of a text around a marking's hints, in order and apart: patterns are costly, hints are not. */
function placesToLook(marking: Marking, text: string, lower: string): readonly Span[] {
  const hinted: number[] = [];
  for (const hint of marking.hints)
    for (let next = lower.indexOf(hint); next >= 0; next = lower.indexOf(hint, next + REACH)) hinted.push(next);
  if (hinted.length === 0) return NOWHERE;
  // A few capitals have longer small forms; then places in the one are none in the other.
  if (lower.length !== text.length) return [{ start: 0, end: text.length }];
  const places: Span[] = [];
  for (const at of hinted.sort((a, b) => a - b)) {
    const before = places.at(-1);
    const end = Math.min(text.length, at + 2 * REACH);
    if (before !== undefined && at - REACH <= before.end) places[places.length - 1] = { start: before.start, end };
    else places.push({ start: Math.max(0, at - REACH), end });
  }
  return places;
}

function patternsOf(marking: Marking): readonly RegExp[] {
  const known = compiled.get(marking);
  if (known !== undefined) return known;
  const made = marking.patterns.map((source) => new RegExp(widenSpaces(source), 'iu'));
  compiled.set(marking, made);
  return made;
}

/** A space becomes a run of white space and quote marks, for a footer is wrapped and quoted anew at every reply; `" ?"` may be nothing. */
function widenSpaces(source: string): string {
  return source.replace(/\\.|\[(?:\\.|[^\]\\])*\]| \??/g, (token) => {
    if (!token.startsWith(' ')) return token;
    return token === ' ' ? '[\\s>|*_]{1,12}' : '[\\s>|*_]{0,12}';
  });
}
