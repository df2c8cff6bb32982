const RAISED = /^[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+(?:[.,·⋅˙][\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+)?/;
const LOWERED = /^[\u2080-\u2089]+(?:[.,·⋅][\u2080-\u2089]+)?/;

/** Longest number written so; footnote marks are shorter. */
const LONGEST = 24;

/**
 * A number written in raised or lowered digits alone, such as "⁴·⁹%"; null for a footnote mark, which stands behind a word or has neither
 * a decimal nor a per cent sign.
 */
export function raisedNumber(text: string, at: number): { readonly digits: string; readonly end: number } | null {
  if (at > 0 && !/\s/.test(text[at - 1] ?? '')) return null;
  const rest = text.slice(at, at + LONGEST);
  const [run] = RAISED.exec(rest) ?? LOWERED.exec(rest) ?? [];
  if (run === undefined || (!/[.,·⋅˙]/.test(run) && rest[run.length] !== '%')) return null;
  const digits = run.replace(/[,·⋅˙]/g, '.').normalize('NFKC');
  return { digits, end: at + run.length };
}
