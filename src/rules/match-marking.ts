import type { Span } from '../core/finding.ts';
import type { Marking } from './marking.ts';

const compiled = new WeakMap<Marking, readonly RegExp[]>();

/** Where a text first bears a marking; null where it does not. `lower` is the text in lower case, where it is at hand. */
export function matchMarking(marking: Marking, text: string, lower = text.toLowerCase()): Span | null {
  if (!marking.hints.some((hint) => lower.includes(hint))) return null;
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
