import type { Reach, Relation } from '../rules/direction.ts';
import {
  CIRCUMSTANCE_WORDS,
  CONJUNCTIONS,
  DETERMINERS,
  FUNCTION_WORDS,
  NEUTRAL_VERBS,
  PERSONS,
  PREPOSITIONS,
  STATISTICAL_NOUNS,
} from '../text/english.ts';
import type { Token } from '../text/tokenise.ts';
import { endsInLinkingVerb, isOfPaper } from './complement.ts';
import type { Mention } from './mentions.ts';
import type { Range } from './range.ts';

export type { Range } from './range.ts';

/** Farthest that a cue may stand from its subject, in tokens. */
export const FARTHEST = 26;

const LONGEST_OF = 14;
const LONGEST_MODIFIER = 4;
const LONGEST_NEXT = 6;
const LONGEST_LEAD = 7;
const LONGEST_OBJECT = 6;
const LONGEST_BESIDE = 16;
const LONGEST_COPULA = 14;

/** Relations of a cue that would follow its subject. */
const FOLLOWING = /^(?:predicate|copula|next|carried)$/;

/** So many tokens after a cue, a noun of papers and meetings is what the cue is of. */
const CUE_HEAD = 3;

/** Unknown words that may stand between a clear or an everyday mention and its predicate; late ones might be the subject of another clause. */
const STRANGERS = { clear: { all: 9, late: 2 }, everyday: { all: 3, late: 0 } };

/** Words of grammar that may stand between a subject and a cue right after it. */
const DEGREE = /^(?:also|again|still|now|just|both|all|and|well|quite|very|even|slightly|again|yet|is|are)$/;

/** After a person these make a relative clause of the figures ("the figures we publish") or say how the writer knows ("I am told"). */
const PUBLISHING =
  /^(?:publish|published|release|released|'re|'ll|put|issue|are|will|hear|heard|gather|gathered|understand|reckon|believe|guess|fear|suspect|told|know|think|say)$/;
const HEARSAY = /^(?:told|hear|heard|gather|understand|reckon|believe|suspect)$/;
const TOLD = /^(?:'m|am|was|were|been|'ve|have|can|could|must|should|would|had)$/;

/** "CPI excluding energy and food", "inactivity because of long-term sickness": what is left out or in, or why, stands between a subject and its verb. */
const EXCEPTING = /^(?:excluding|including|except|excl|incl|ex|minus|bar|because|due|owing)$/;
const LONGEST_EXCEPTION = 5;

/** "Bar code", "bar chart": no exception. */
const BAR_THING = /^(?:codes?|charts?|graphs?|staff|stools?|area|tab|snacks?)$/;

/** What stands between a mention and a cue, as far as grammar cares. */
interface Between {
  readonly strangers: number;
  /** Unknown words after the last comma, colon, bracket or conjunction: the subject of another clause. */
  readonly lateStrangers: number;
  readonly persons: boolean;
  readonly parted: boolean;
  readonly semicolon: boolean;
  readonly marks: number;
  /** Words of grammar other than adverbs of degree. */
  readonly functions: number;
}

/** Whether a cue stands in a relation to a mention; `known` tells which tokens belong to mentions and cues. */
export function relates(
  relation: Relation,
  tokens: readonly Token[],
  mention: Mention,
  cue: Range,
  known: (at: number) => boolean,
): boolean {
  const before = mention.to <= cue.from;
  if (!before && cue.to > mention.from) return overlaps(relation, mention, cue);
  if (FOLLOWING.test(relation) && isHashtag(tokens, mention)) return isBeside(tokens, mention, cue);
  const gap: Range = before ? { from: mention.to, to: cue.from } : { from: cue.to, to: mention.from };
  const length = gap.to - gap.from;
  if (length > FARTHEST || mention.modifies) return false;
  switch (relation) {
    case 'predicate': {
      if (!before) return false;
      const between = examine(tokens, gap, known);
      const most = mention.clear ? STRANGERS.clear : STRANGERS.everyday;
      return !between.parted && !between.persons && between.lateStrangers <= most.late && between.strangers <= most.all;
    }
    case 'of': {
      if (before || length > LONGEST_OF || length === 0) return false;
      const between = examine(tokens, gap, known);
      return (
        !between.parted &&
        !between.persons &&
        between.strangers <= 2 &&
        between.marks <= 1 &&
        opensWithPreposition(tokens, gap)
      );
    }
    case 'copula': {
      if (!before || length === 0 || length > LONGEST_COPULA) return false;
      const between = examine(tokens, gap, known);
      return (
        !between.parted &&
        !between.persons &&
        between.lateStrangers === 0 &&
        between.strangers <= 1 &&
        endsInLinkingVerb(tokens, gap, known)
      );
    }
    case 'next': {
      if (!before || length > LONGEST_NEXT) return false;
      const between = examine(tokens, gap, known);
      return !between.parted && !between.persons && between.strangers === 0 && between.functions === 0;
    }
    case 'object': {
      if (before || length > LONGEST_OBJECT) return false;
      const between = examine(tokens, gap, known);
      return !between.parted && !between.persons && between.strangers <= 1 && between.marks === 0;
    }
    case 'modifier':
      return !before && length <= LONGEST_MODIFIER && isModifierGap(tokens, gap, known);
    case 'beside': {
      const between = examine(tokens, gap, known);
      return length <= LONGEST_BESIDE && !between.semicolon && !between.persons;
    }
    case 'near':
      return length <= LONGEST_BESIDE && !isOfPaper(tokens, gap) && !isOfPaper(tokens, after(cue));
    case 'carried':
    case 'alone':
      return false;
  }
}

/** Whether nothing stands before a cue in its sentence that would give it another subject. */
export function headsSentence(
  tokens: readonly Token[],
  first: number,
  cue: Range,
  known: (at: number) => boolean,
): boolean {
  const lead: Range = { from: first, to: cue.from };
  if (lead.to - lead.from > LONGEST_LEAD) return false;
  const between = examine(tokens, lead, known);
  return !between.parted && !between.persons && between.strangers === 0;
}

/** Whether a cue of a reach may speak of a mention; beside words of publication an everyday word is clear. */
export function reaches(reach: Reach, mention: Mention, atRelease = false): boolean {
  if (atRelease && reach === 'clear' && !mention.counted && !mention.faint) return true;
  switch (reach) {
    case 'any':
      return !mention.counted;
    case 'clear':
      return !mention.counted && (mention.clear || mention.subject === null);
    case 'counted':
      return mention.counted || (mention.clear && mention.subject !== null);
    case 'measure':
      return !mention.counted && !mention.publication;
  }
}

/** A cue that runs on from a mention, or has it within ("the fastest price rises for a decade"). */
function overlaps(relation: Relation, mention: Mention, cue: Range): boolean {
  if (cue.from < mention.from) return cue.to > mention.to && relation !== 'near';
  return relation === 'predicate' && cue.from > mention.from && cue.to > mention.to;
}

/** A hashtag names what the whole of a post is about, wherever it stands. */
export function isHashtag(tokens: readonly Token[], { from }: Range): boolean {
  return tokens[from - 1]?.text === '#';
}

/** Whether two places of a sentence are near, and no paper or meeting between. */
export function isBeside(tokens: readonly Token[], one: Range, other: Range): boolean {
  const gap: Range = one.to <= other.from ? { from: one.to, to: other.from } : { from: other.to, to: one.from };
  return gap.to - gap.from <= FARTHEST && !isOfPaper(tokens, gap);
}

function examine(tokens: readonly Token[], gap: Range, known: (at: number) => boolean): Between {
  let strangers = 0;
  let lateStrangers = 0;
  let bounded = false;
  let persons = false;
  let parted = false;
  let semicolon = false;
  let marks = 0;
  let functions = 0;
  let excepted = -1;
  for (let at = gap.from; at < gap.to; at += 1) {
    const token = tokens[at] as Token;
    if (token.text === ';') semicolon = true;
    if (token.kind === 'cell' || token.text === ';') parted = true;
    if (isBoundary(tokens, at)) {
      bounded = true;
      lateStrangers = 0;
      if (token.kind === 'mark') marks += 1;
    }
    if (PERSONS.has(token.text) && !saysHowKnown(tokens, at + 1)) persons = true;
    if (token.kind === 'word' && FUNCTION_WORDS.has(token.text) && !DEGREE.test(token.text)) functions += 1;
    if (EXCEPTING.test(token.text) && !BAR_THING.test(tokens[at + 1]?.text ?? '')) excepted = at + LONGEST_EXCEPTION;
    if (at <= excepted) continue;
    if (token.kind === 'word' && !known(at) && isStranger(token.text) && !HEARSAY.test(token.text)) {
      strangers += 1;
      if (bounded) lateStrangers += 1;
    }
  }
  return { strangers, lateStrangers, persons, parted, semicolon, marks, functions };
}

function saysHowKnown(tokens: readonly Token[], at: number): boolean {
  const text = tokens[at]?.text ?? '';
  return PUBLISHING.test(text) || (TOLD.test(text) && PUBLISHING.test(tokens[at + 1]?.text ?? ''));
}

function isBoundary(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at] as Token;
  if (token.kind === 'mark') return token.text !== '-' ? !'"\'*_~#'.includes(token.text) : !token.glued;
  return CONJUNCTIONS.has(token.text);
}

/** Whether a word is none of grammar, statistics, time or place. */
export function isStranger(text: string): boolean {
  return !(
    FUNCTION_WORDS.has(text) ||
    STATISTICAL_NOUNS.has(text) ||
    CIRCUMSTANCE_WORDS.has(text) ||
    NEUTRAL_VERBS.has(text) ||
    text.endsWith('ly')
  );
}

/** The tokens that a cue may belong to. */
function after({ to }: Range): Range {
  return { from: to, to: to + CUE_HEAD };
}

function opensWithPreposition(tokens: readonly Token[], gap: Range): boolean {
  let at = gap.from;
  while (at < gap.to) {
    const token = tokens[at] as Token;
    if (token.kind === 'word' && PREPOSITIONS.has(token.text)) return true;
    const skipped =
      token.kind === 'number' ||
      token.kind === 'symbol' ||
      /^(?:so|again|yet|another|over|by|per|cent|percent|point|points|million|billion|pp|annual|quarterly|monthly|yet|,)$/.test(
        token.text,
      );
    if (!skipped) return false;
    at += 1;
  }
  return false;
}

function isModifierGap(tokens: readonly Token[], gap: Range, known: (at: number) => boolean): boolean {
  let strangers = 0;
  for (let at = gap.from; at < gap.to; at += 1) {
    const token = tokens[at] as Token;
    if (token.kind === 'cell' || (token.kind === 'mark' && !'-,"\'*'.includes(token.text))) return false;
    if (token.kind !== 'word' || known(at)) continue;
    if (
      DETERMINERS.has(token.text) ||
      PREPOSITIONS.has(token.text) ||
      CONJUNCTIONS.has(token.text) ||
      PERSONS.has(token.text) ||
      NEUTRAL_VERBS.has(token.text)
    )
      return false;
    if (isStranger(token.text)) strangers += 1;
  }
  return strangers <= 1;
}
