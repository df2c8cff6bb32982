import type { Measure, Subject } from '../rules/subject.ts';
import {
  CIRCUMSTANCE_WORDS,
  DETERMINERS,
  DOCUMENT_NOUNS,
  FUNCTION_WORDS,
  NATIONAL_WORDS,
  NEUTRAL_VERBS,
  PERSONAL,
  PREPOSITIONS,
  STATISTICAL_NOUNS,
} from '../text/english.ts';
import type { Token } from '../text/tokenise.ts';
import { type Found, isCovered, type Sentence } from './passage.ts';
import { isProgramName } from './program-name.ts';

/** A place where a subject is meant; token indexes are half-open. A null subject: "the figures", whatever of. */
export interface Mention {
  readonly from: number;
  readonly to: number;
  readonly subject: Subject | null;
  readonly measure: Measure | null;
  /** It cannot be taken for something else. */
  readonly clear: boolean;
  /** People or things that there can be more or fewer of. */
  readonly counted: boolean;
  /** An everyday word that means the subject only in company; beside it only a rate is a figure. */
  readonly faint: boolean;
  /** It names the publication ("the labour market bulletin"), which may be up on a site or down in a list. */
  readonly publication: boolean;
  /** It only modifies a noun after it: "the labour market seminar". */
  readonly modifies: boolean;
}

/** Last words of a mention that name a publication. */
const PUBLICATION = /^(?:releases?|bulletins?|publications?|tables|reports?)$/;

/** Things that an office numbers or counts: "desk numbers" are no statistic. */
const OFFICE_COUNT =
  /^(?:desk|phone|telephone|mobile|room|staff|page|account|reference|case|invoice|order|card|serial|badge|attendance|delegate|user|subscriber|download|budget|project|training|version|ticket|contact|registration|attendee|participant|booking|payroll|extension|fax|pin|passport)$/;

/** What a word beside a mention may be so that it is no unknown noun. */
const MEANS: ReadonlySet<Found['value']['kind']> = new Set([
  'subject',
  'figures',
  'cue',
  'guard',
  'outright',
  'due',
  'soon',
  'hint',
  'due-hint',
  'soon-hint',
  'unit-word',
  'label',
] as const);

/** Words that are a noun of offices, or what figures do: "retail sales slide", "the retail sales slide is on the drive". */
const VERB_TOO =
  /^(?:posts?|leads?|covers?|slides?|supports?|demand|works?|models?|maps|notes?|drafts?|feeds?|calls?|requests?)$/;
const MAKES_NOUN =
  /^(?:is|are|was|were|has|have|will|needs?|and|deck|pack|for|goes|went|about|team|page|on|if|please)$/;

/** The places of a sentence where a subject is meant, by first token. */
export function findMentions(
  tokens: readonly Token[],
  sentence: Sentence,
  covered: readonly boolean[],
  short: boolean,
): readonly Mention[] {
  const company = short || speaksOfNation(tokens, sentence);
  const notMeant = sentence.found.filter((match) => match.value.kind === 'not-meant');
  const subjects = sentence.found.filter((match) => match.value.kind === 'subject' || match.value.kind === 'figures');
  const mentions: Mention[] = [];
  for (const match of subjects) {
    if (isCovered(match, sentence, covered)) continue;
    if (
      subjects.some(
        (other) =>
          other.to - other.from > match.to - match.from &&
          other.from <= match.from &&
          other.to >= match.to &&
          !(
            other.value.kind === 'subject' &&
            other.value.counted &&
            !(match.value.kind === 'subject' && match.value.counted)
          ) &&
          (other.value.kind === 'subject' || match.value.kind === 'figures'),
      )
    )
      continue;
    if (match.value.kind === 'subject' && match.value.terse && !short) continue;
    const mention = toMention(tokens, sentence, match);
    if (
      mention === null ||
      ((mention.faint || mention.counted) && !company) ||
      notMeant.some((mask) => masks(mask, mention, match))
    )
      continue;
    mentions.push(mention);
  }
  const meansOther = notMeant.length > 0 && mentions.every((mention) => mention.subject === null);
  if (meansOther) return [];
  return mentions.filter(
    (mention) =>
      mention.subject !== null ||
      !mentions.some((other) => other.subject !== null && other.from <= mention.from && other.to >= mention.to),
  );
}

function masks(mask: Found, mention: Mention, match: Found): boolean {
  if (mask.value.kind !== 'not-meant' || mask.value.subject !== mention.subject) return false;
  const overlaps = mask.from < match.to && match.from < mask.to;
  return overlaps && mask.to - mask.from > match.to - match.from;
}

function toMention(tokens: readonly Token[], sentence: Sentence, match: Found): Mention | null {
  const { value } = match;
  if (value.kind === 'figures') {
    if (match.from > sentence.from && OFFICE_COUNT.test(tokens[match.from - 1]?.text ?? '')) return null;
    return {
      from: match.from,
      to: match.to,
      subject: null,
      measure: null,
      clear: false,
      counted: false,
      faint: false,
      publication: false,
      modifies: modifies(tokens, match.to, sentence) || isOfSomething(tokens, match.to, sentence),
    };
  }
  if (value.kind !== 'subject') return null;
  if (!value.clear && isProgramName(tokens, match)) return null;
  const to = extend(tokens, match.to, sentence.to);
  const named = to > match.to || isStatisticOf(tokens, match.from, sentence.from);
  const clear = value.clear || named;
  if (!clear && !standsAlone(tokens, match, sentence)) return null;
  if (
    value.faint &&
    !named &&
    (isKindOf(tokens, match.from, sentence) ||
      isOfSomething(tokens, match.to, sentence, /^(?:for|of|to|from|by|with)$/))
  )
    return null;
  if (!named && (isPersonal(tokens, match.from, sentence.from) || (!value.clear && isOwned(tokens, match.from))))
    return null;
  return {
    from: match.from,
    to,
    subject: value.subject,
    measure: value.measure,
    clear,
    counted: value.counted,
    faint: value.faint && (value.terse || !named),
    publication: PUBLICATION.test(tokens[to - 1]?.text ?? ''),
    modifies: modifies(tokens, to, sentence, clear) || isAboutDocument(tokens, match.from, sentence.from),
  };
}

/** Whether a sentence speaks of a nation, a period or statistics, as one about a company or a shop rarely does. */
export function speaksOfNation(tokens: readonly Token[], { from, to, found }: Sentence): boolean {
  for (let at = from; at < to; at += 1) if (NATIONAL_WORDS.has(tokens[at]?.text ?? '')) return true;
  return found.some((match) => match.value.kind === 'due' || (match.value.kind === 'subject' && match.value.clear));
}

/** Past the statistical nouns that follow: "employment" → "employment rate figures". */
function extend(tokens: readonly Token[], from: number, last: number): number {
  let to = from;
  for (let at = from; at < last && at - from < 4; at += 1) {
    const text = tokens[at]?.text ?? '';
    if (STATISTICAL_NOUNS.has(text)) to = at + 1;
    else if (!CIRCUMSTANCE_WORDS.has(text)) break;
  }
  return to;
}

/** "figures on employment", "the number of jobs", "rate of inflation". */
function isStatisticOf(tokens: readonly Token[], from: number, first: number): boolean {
  let at = from - 1;
  for (
    let steps = 0;
    at >= first && steps < 3 && /^(?:the|uk|all|new|total|national)$/.test(tokens[at]?.text ?? '');
    steps += 1
  )
    at -= 1;
  return (
    at > first &&
    /^(?:of|on|for|about)$/.test(tokens[at]?.text ?? '') &&
    STATISTICAL_NOUNS.has(tokens[at - 1]?.text ?? '')
  );
}

/** An everyday word followed by an unknown noun only modifies it: "employment tribunal" is about tribunals. */
function standsAlone(tokens: readonly Token[], match: Found, sentence: Sentence): boolean {
  const next = tokens[match.to];
  // "Inflation's back" is "inflation is back"; "employment's lawyers" are lawyers.
  return !modifies(tokens, next?.text === "'s" ? match.to + 1 : match.to, sentence);
}

/** Whether the word after a mention is a noun that the mention only modifies: any unknown one, or for a clear mention one of offices and documents. */
function modifies(tokens: readonly Token[], to: number, sentence: Sentence, clear = false): boolean {
  const next = tokens[to];
  if (next?.text === '-' && next.glued && tokens[to + 1]?.glued === true && tokens[to + 1]?.kind === 'word')
    return true;
  if (to >= sentence.to || next === undefined || next.kind !== 'word' || next.text === "'s") return false;
  if (clear) {
    if (VERB_TOO.test(next.text)) return MAKES_NOUN.test(tokens[to + 1]?.text ?? '');
    return DOCUMENT_NOUNS.has(next.text) || isCompound(tokens, to, sentence);
  }
  if (/(?:ly|ed)$|^ones?$/.test(next.text) || isCommonWord(next.text)) return false;
  return !sentence.found.some((other) => other.from === to && MEANS.has(other.value.kind));
}

/** "Migration statistics steering group": an unknown noun, then one of offices and documents. */
function isCompound(tokens: readonly Token[], to: number, sentence: Sentence): boolean {
  const [noun, head] = [tokens[to], tokens[to + 1]];
  if (to + 1 >= sentence.to || noun === undefined || head === undefined || !DOCUMENT_NOUNS.has(head.text)) return false;
  if (isCommonWord(noun.text) || /(?:ly|ed|s)$/.test(noun.text)) return false;
  return !sentence.found.some((other) => other.from <= to && other.to > to && MEANS.has(other.value.kind));
}

function isCommonWord(text: string): boolean {
  return (
    FUNCTION_WORDS.has(text) || CIRCUMSTANCE_WORDS.has(text) || NEUTRAL_VERBS.has(text) || STATISTICAL_NOUNS.has(text)
  );
}

/** "The date of the labour market statistics": what is said is said of the date. */
function isAboutDocument(tokens: readonly Token[], from: number, first: number): boolean {
  let at = from - 1;
  while (
    at > first &&
    (DETERMINERS.has(tokens[at]?.text ?? '') ||
      CIRCUMSTANCE_WORDS.has(tokens[at]?.text ?? '') ||
      STATISTICAL_NOUNS.has(tokens[at]?.text ?? ''))
  )
    at -= 1;
  return at > first && PREPOSITIONS.has(tokens[at]?.text ?? '') && DOCUMENT_NOUNS.has(tokens[at - 1]?.text ?? '');
}

/** "Canteen prices", "officer visits": an unknown noun before the word says which, and they are no nation's. */
function isKindOf(tokens: readonly Token[], from: number, sentence: Sentence): boolean {
  const before = tokens[from - 1];
  if (
    from <= sentence.from ||
    before?.kind !== 'word' ||
    /(?:ly|ed|ing|est|er)$/.test(before.text) ||
    isCommonWord(before.text)
  )
    return false;
  return !sentence.found.some((match) => match.to === from && MEANS.has(match.value.kind));
}

/** Prepositions that tie a noun to the figures before it. */
const ANY_LINK = /^(?:of|on|for|in|from|to|at|about|by|with)$/;

/** "The numbers on the list" are the list's. */
function isOfSomething(tokens: readonly Token[], to: number, sentence: Sentence, links = ANY_LINK): boolean {
  if (to >= sentence.to || !links.test(tokens[to]?.text ?? '')) return false;
  let at = to + 1;
  while (
    at < sentence.to &&
    (DETERMINERS.has(tokens[at]?.text ?? '') ||
      CIRCUMSTANCE_WORDS.has(tokens[at]?.text ?? '') ||
      STATISTICAL_NOUNS.has(tokens[at]?.text ?? ''))
  )
    at += 1;
  const noun = tokens[at];
  return (
    at < sentence.to &&
    noun?.kind === 'word' &&
    !isCommonWord(noun.text) &&
    !sentence.found.some(({ from, value }) => from === at && (value.kind === 'subject' || value.kind === 'figures'))
  );
}

/** "The model's output" is the model's; "Britain's exports" are the nation's. */
function isOwned(tokens: readonly Token[], from: number): boolean {
  const owner = tokens[from - 2]?.text ?? '';
  return (
    tokens[from - 1]?.text === "'s" &&
    !FUNCTION_WORDS.has(owner) &&
    !CIRCUMSTANCE_WORDS.has(owner) &&
    !/^(?:nation|britain|europe|germany|london)$/.test(owner)
  );
}

function isPersonal(tokens: readonly Token[], from: number, first: number): boolean {
  for (let at = from - 1; at >= Math.max(first, from - 2); at -= 1)
    if (PERSONAL.has(tokens[at]?.text ?? '') || tokens[at]?.text === 'own') return true;
  return false;
}
