import type { EmbargoEntry, Instant } from '../core/entry.ts';
import type { Token } from '../text/tokenise.ts';
import { monthOf } from './named-release.ts';
import type { Range } from './relations.ts';

/** What a date may be that of: "the bulletin of May 2008", "published 14 October 2008". */
const PUBLICATION =
  /^(?:releases?|released|bulletins?|publications?|published|edition|reports?|notice|statistics|stats|survey|census|tables?|summary|article|accounts|overview|quarterly)$/;
/** What may be of a date, or the date may be that of what it counts. */
const SERIES = /^(?:figures|estimates?|data)$/;
/** Words of today: the sentence says how it is now. */
const PRESENT =
  /^(?:isn't|aren't|will|'ll|has|have|now|today|today's|tomorrow|tomorrow's|tonight|currently|still|again|latest|new|this|these|yet|soon|upcoming|forthcoming|next|is|are|we|us|our|ours|back|reaches|stands)$/;
/** Before a date these set something else against it: "the highest since the release of May 2008". */
const AGAINST =
  /^(?:since|than|above|below|against|versus|vs|compared|comparing|relative|unlike|beat|beats|beating|before|after|until|from|pre|exceeding|overtaking|surpassing|matching|like|not)$/;
/** "Up on the 2007 statistics." */
const MOVED = /^(?:up|down|higher|lower|more|fewer|less)$/;
/** What goes on with the quotation after a comma; else something of its own may: "GDP fell 0.3%, see the 2012 release for the method". */
const GOES_ON =
  /^(?:according|as|released|published|dated|which|that|showed|put|gave|found|recorded|said|\d{1,2}(?:st|nd|rd|th)?)$/;
const YEAR = /^(?:19|20)\d\d$/;
const REACH = 6;
const BESIDE = 4;
/** "May" is a month after these, and else most often a verb. */
const BEFORE_MAY = /^(?:\d{1,2}(?:st|nd|rd|th)?|in|of|for|to|from|by|since|the|last|this|until)$/;

/** Months after which no figure of a date is under embargo: annual ones may come out two years after the end of theirs. */
const LONG_PAST_MONTHS = 37;

/**
 * The latest date that a sentence names, as months since the year 0, where it says that something was published with one, and sets nothing
 * against it; else null.
 */
export function findDated(tokens: readonly Token[], { from, to }: Range): number | null {
  let latest: number | null = null;
  let published = false;
  for (let at = from; at < to; at += 1) {
    const token = tokens[at] as Token;
    if (PRESENT.test(token.text)) return null;
    if (/^[,;]$/.test(token.text) && !GOES_ON.test(textAt(tokens, at + 1)) && monthOf(textAt(tokens, at + 1)) === null)
      return null;
    if (token.kind !== 'number' || !YEAR.test(token.text)) continue;
    for (let before = Math.max(from, at - REACH); before < at; before += 1)
      if (
        AGAINST.test(textAt(tokens, before)) ||
        (textAt(tokens, before) === 'on' && MOVED.test(textAt(tokens, before - 1)))
      )
        return null;
    const month = monthOf(tokens[at - 1]?.text ?? '');
    // "2022/23" ends in the year after.
    const next = Number(token.text) + 1;
    const isSpan =
      /^[/\-–]$/.test(tokens[at + 1]?.text ?? '') && (tokens[at + 2]?.text ?? '') === String(next).slice(2);
    published ||= isBeside(tokens, { from, to }, at);
    latest = Math.max(latest ?? 0, (isSpan ? next : next - 1) * 12 + (isSpan ? 11 : (month ?? 11)));
  }
  return published ? latest : null;
}

/** Whether a word of publication stands so near to a year that the year may be its own. */
function isBeside(tokens: readonly Token[], { from, to }: Range, year: number): boolean {
  for (let at = Math.max(from, year - BESIDE); at <= Math.min(to - 1, year + BESIDE); at += 1)
    if (PUBLICATION.test(tokens[at]?.text ?? '')) return true;
  return false;
}

/** Whether a sentence speaks of something published and names a month or a year: by its date alone can be told whether it is news. */
export function speaksOfDatedRelease(tokens: readonly Token[], { from, to }: Range): boolean {
  let [dated, published] = [false, false];
  for (let at = from; at < to; at += 1) {
    const text = tokens[at]?.text ?? '';
    dated ||=
      YEAR.test(text) || (monthOf(text) !== null && (text !== 'may' || BEFORE_MAY.test(tokens[at - 1]?.text ?? '')));
    published ||= PUBLICATION.test(text) || SERIES.test(text);
  }
  return dated && published;
}

/** Whether a date lies so far back that nothing of it can be under embargo at an instant. */
export function isLongPast(dated: number, entry: EmbargoEntry, effectiveAt: Instant): boolean {
  const present = new Date(Math.min(effectiveAt, entry.until));
  return present.getUTCFullYear() * 12 + present.getUTCMonth() - dated >= LONG_PAST_MONTHS;
}

function textAt(tokens: readonly Token[], at: number): string {
  return tokens[at]?.text ?? '';
}
