import type { EmbargoEntry, Instant } from '../core/entry.ts';
import type { Token } from '../text/tokenise.ts';
import type { Range } from './relations.ts';

/** The day or month on which a sentence says that its figures were published. */
export interface NamedRelease {
  /** Where the words that name it lie. */
  readonly range: Range;
  /** 0 for January. */
  readonly month: number;
  readonly day: number | null;
  readonly year: number | null;
  /** The sentence says how it was then, in the past tense and with no comparison. */
  readonly past: boolean;
  /** So many months must lie between: more where it may name the period that the figures are of ("the December inflation release"). */
  readonly months: number;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const SHORT_MONTHS = new Map([...MONTHS.map((name, at) => [name.slice(0, 3), at] as const), ['sept', 8] as const]);

const PUBLICATION = /^(?:release|bulletin|publication|edition|report|notice|statement)$/;
const SERIES = /^(?:statistics|stats|figures|data|estimates|numbers)$/;
const PUBLISHED = /^(?:published|released|issued|dated|uploaded)$/;
const REPORTED = /^(?:reported|announced|said|stated|showed)$/;
const PUBLISHER =
  /^(?:ons|office|statistics|we|bureau|statisticians|department|authority|government|as|was|were|been)$/;
/** What is issued, or reported to somebody, by the month: the day is of the thing and of no publication. */
const COUNTED =
  /^(?:visas?|permits?|passports?|licen[cs]es|fines|warrants|loans|crimes?|offences|incidents|cases|thefts|burglaries|robberies|assaults|homicides|deaths|rapes|frauds?|attacks|vacancies|jobs)$/;
const LINK = /^(?:of|from|on|dated|in|back|last)$/;
const WEEKDAY = /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/;
/** Words of today: the sentence goes on to say how it is now. */
const PRESENT =
  /^(?:is|are|isn't|aren't|will|'ll|has|have|now|today|today's|tomorrow|tomorrow's|tonight|currently|still|again|latest|new|this|these)$/;
const COMPARED =
  /^(?:than|since|above|below|against|versus|vs|unlike|compared|comparing|relative|beat|beats|beating|after|before|like)$/;
/** Right before a release these compare with it: "up on December's release". */
const MOVED = /^(?:up|down|higher|lower|on)$/;
const COMING = /^(?:will|to|be|shall|due|scheduled|expected|come|comes|coming|is|are|go|goes)$/;

/** Months that lie this many before the present one are past when no year is given; the next one may be meant that is to come. */
const LATEST_MONTHS = 10;
/** Annual figures may come out years after their year: one so many months gone is history. */
const HISTORIC_MONTHS = 37;
const LONGEST_SUBJECT = 4;
/** What may stand between a date and the word of publication. */
const BETWEEN = /^(?:,|:|\(|-|–|—)$/;
const MONTH_END = 28;
const COMPARED_WITHIN = 6;

/** The earlier or present release that a sentence names by its date; null where it names none. */
export function findNamedRelease(tokens: readonly Token[], { from, to }: Range): NamedRelease | null {
  const year = openingYear(tokens, { from, to });
  if (year !== null)
    return {
      range: { from, to: from + 2 },
      month: 11,
      day: null,
      year,
      past: !within(tokens, from, to, PRESENT),
      months: HISTORIC_MONTHS,
    };
  for (let at = from; at < to; at += 1) {
    const month = monthOf(tokens[at]?.text ?? '');
    if (month === null) continue;
    const day = dayOf(tokens[at - 1]) ?? null;
    const next = tokens[at + 1];
    const year = next?.kind === 'number' && /^(?:19|20)\d\d$/.test(next.text) ? Number(next.text) : null;
    const end = at + (year === null ? 1 : 2);
    const start = day === null ? at : at - 1;
    const named =
      naming(tokens, { from, to }, { from: start, to: end }, day !== null) ??
      (day !== null && year !== null ? besidePublication(tokens, { from, to }, { from: start, to: end }) : null);
    if (named === null) continue;
    const compared =
      within(tokens, Math.max(from, named.from - COMPARED_WITHIN), named.from, COMPARED) ||
      within(tokens, Math.max(from, named.from - 2), named.from, MOVED);
    return {
      range: { from: named.from, to: end },
      month,
      day,
      year,
      past: !compared && !within(tokens, from, to, PRESENT),
      months: named.months,
    };
  }
  return null;
}

/** Whether a named release came before the one under embargo, at an instant; where that is unclear, it did not. */
export function isBefore(
  { month, day, year, months: least }: NamedRelease,
  entry: EmbargoEntry,
  effectiveAt: Instant,
): boolean {
  const present = new Date(Math.min(effectiveAt, entry.until));
  const ago = (present.getUTCMonth() - month + 12) % 12;
  if (year === null && (ago > LATEST_MONTHS || (ago === 0 && day === null))) return false;
  const named = year ?? present.getUTCFullYear() - (month > present.getUTCMonth() ? 1 : 0);
  const months = (present.getUTCFullYear() - named) * 12 + present.getUTCMonth() - month;
  if (day === null) return months >= least;
  return months > 0 || (months === 0 && day < present.getUTCDate());
}

/** Where the words begin that make a date one of publication, and how many months must have gone since. */
interface Naming {
  readonly from: number;
  readonly months: number;
}

function naming(tokens: readonly Token[], sentence: Range, date: Range, exact: boolean): Naming | null {
  const word = (at: number): string => (at >= sentence.from && at < sentence.to ? (tokens[at]?.text ?? '') : '');
  // "The December (labour market) release", "December's bulletin".
  const head = date.to + (word(date.to) === "'s" ? 1 : 0);
  for (let at = head; at <= head + LONGEST_SUBJECT; at += 1)
    if (
      PUBLICATION.test(word(at)) &&
      (head > date.to || /^(?:the|in|our|its|from|their|last)$/.test(word(date.from - 1)))
    ) {
      const months = at > head && !exact ? 2 : 1;
      return { from: Math.max(sentence.from, date.from - 1), months };
    }
  let before = date.from - 1;
  if (WEEKDAY.test(word(before))) before -= 1;
  if (!LINK.test(word(before))) return null;
  // "In December the office reported that ..." at the head of the sentence.
  if (before === sentence.from)
    for (let at = date.to; at < date.to + 4; at += 1)
      if ((REPORTED.test(word(at)) || PUBLISHED.test(word(at))) && PUBLISHER.test(word(at - 1)))
        return { from: before, months: 1 };
  while (LINK.test(word(before)) || word(before) === 'that') before -= 1;
  const verb = word(before);
  if (isComing(tokens, Math.max(sentence.from, before - 3), before)) return null;
  if (within(tokens, Math.max(sentence.from, before - 2), before, COUNTED)) return null;
  if (PUBLISHED.test(verb)) return { from: before, months: 1 };
  if (REPORTED.test(verb) && PUBLISHER.test(word(before - 1))) return { from: before, months: 1 };
  // "The release of 16 December 2015"; "the statistics of December" are of the period.
  if (PUBLICATION.test(verb)) return { from: before, months: exact ? 1 : 2 };
  return SERIES.test(verb) && exact ? { from: before, months: 1 } : null;
}

/**
 * A day with its year right beside a word of publication: "ONS trade release, 12 March 2021". The last of a month may be what the figures are
 * of.
 */
function besidePublication(tokens: readonly Token[], sentence: Range, date: Range): Naming | null {
  const isPublication = (at: number): boolean =>
    at >= sentence.from &&
    at < sentence.to &&
    [PUBLICATION, PUBLISHED].some((words) => words.test(tokens[at]?.text ?? ''));
  let before = date.from - 1;
  while (before > sentence.from && BETWEEN.test(tokens[before]?.text ?? '')) before -= 1;
  const after = date.to + (BETWEEN.test(tokens[date.to]?.text ?? '') ? 1 : 0);
  if ((dayOf(tokens[date.from]) ?? 0) >= MONTH_END || !(isPublication(before) || isPublication(after))) return null;
  if (isComing(tokens, Math.max(sentence.from, before - 3), before)) return null;
  return { from: date.from, months: 1 };
}

/** "In 1984 the figure was": the year that a sentence opens with. */
function openingYear(tokens: readonly Token[], { from, to }: Range): number | null {
  const at = tokens[from]?.text === 'back' ? from + 1 : from;
  const year = tokens[at + 1];
  if (at + 1 >= to || tokens[at]?.text !== 'in' || year?.kind !== 'number') return null;
  return /^(?:19|20)\d\d$/.test(year.text) ? Number(year.text) : null;
}

/** The month that a word names, 0 for January. */
export function monthOf(text: string): number | null {
  const whole = MONTHS.indexOf(text);
  return whole >= 0 ? whole : (SHORT_MONTHS.get(text) ?? null);
}

/** Whether words before a publication say that it is to come; "according to the release" does not. */
function isComing(tokens: readonly Token[], from: number, to: number): boolean {
  for (let at = from; at < to; at += 1)
    if (COMING.test(tokens[at]?.text ?? '') && tokens[at - 1]?.text !== 'according') return true;
  return false;
}

function dayOf(token: Token | undefined): number | undefined {
  const day = Number(/^(\d{1,2})(?:st|nd|rd|th)?$/.exec(token?.text ?? '')?.[1] ?? 0);
  return day >= 1 && day <= 31 ? day : undefined;
}

function within(tokens: readonly Token[], from: number, to: number, words: RegExp): boolean {
  for (let at = from; at < to; at += 1) if (words.test(tokens[at]?.text ?? '')) return true;
  return false;
}
