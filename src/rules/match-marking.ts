import type { Span } from '../core/finding.ts';
import type { Marking } from './marking.ts';

const compiled = new WeakMap<Marking, readonly RegExp[]>();

/** Where a text first bears a marking; null where it does not. */
export function matchMarking(marking: Marking, text: string): Span | null {
  let first: Span | null = null;
  for (const pattern of patternsOf(marking)) {
    const found = pattern.exec(text);
    if (found !== null && (first === null || found.index < first.start)) {
      first = { start: found.index, end: found.index + found[0].length };
    }
  }
  return first;
}

function patternsOf(marking: Marking): readonly RegExp[] {
  const known = compiled.get(marking);
  if (known !== undefined) return known;
  // A footer is wrapped and quoted anew at every reply.
  const made = marking.patterns.map((source) => new RegExp(source.replaceAll(' ', '[\\s>|*_]{1,12}'), 'iu'));
  compiled.set(marking, made);
  return made;
}
