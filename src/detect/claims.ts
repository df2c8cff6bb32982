import type { EmbargoEntry, Instant } from '../core/entry.ts';
import type { Claim, Guard, Relation } from '../rules/direction.ts';
import type { Token } from '../text/tokenise.ts';
import { isSetAgainst } from './earlier-release.ts';
import { findDated, isLongPast } from './long-past.ts';
import { findMentions, type Mention } from './mentions.ts';
import { findNamedRelease, isBefore, type NamedRelease } from './named-release.ts';
import { hasTurn, isStatedApart, standsBefore } from './new-clause.ts';
import { type Found, isCovered, type Passage, type Sentence } from './passage.ts';
import { FARTHEST, headsSentence, type Range, reaches, relates } from './relations.ts';
import type { When } from './release-talk.ts';

/** A sentence with its mentions and cues, and what silences or attributes them. */
export interface Reading {
  readonly sentence: Sentence;
  readonly mentions: readonly Mention[];
  readonly cues: readonly Found[];
  /** Whether words attribute it to an earlier release, whatever its date. */
  readonly attributed: boolean;
  readonly named: NamedRelease | null;
  /** The latest date that it names, in months, where something was published with one (`findDated`). */
  readonly dated: number | null;
  /** Whether it reads like a statement of how it is now; true where nobody can tell. */
  readonly readsAsStatement: () => boolean;
  /** Whether it sets an earlier release against how it is now. */
  readonly against: boolean;
  /** Whether nothing in it is a statement of ours, however it reads. */
  readonly silent: boolean;
  /** Whether a claim of a relation at a token counts. */
  readonly counts: (relation: Relation | 'figure', at: number) => boolean;
  /** Whether a token belongs to a mention or a cue. */
  readonly known: (at: number) => boolean;
}

/** An indication: which rule, about which mention, and where. */
export interface Indication {
  readonly rule: string;
  readonly summary: string;
  readonly mention: Mention;
  readonly range: Range;
}

/** A guard reaches this many tokens. */
const GUARD_REACH = 24;

/** Reads one sentence of a passage: masks first, then mentions, cues and guards. */
export function readSentence(
  tokens: readonly Token[],
  sentence: Sentence,
  short = false,
  readsAsStatement: () => boolean = () => true,
): Reading {
  const covered = coverMasks(sentence);
  const mentions = findMentions(tokens, sentence, covered, short);
  const cues = sentence.found.filter((match) => match.value.kind === 'cue' && !isCovered(match, sentence, covered));
  const known = markKnown(sentence, mentions, cues);
  const guards = sentence.found.filter(
    (match) => match.value.kind === 'guard' && holds(match, match.value.guard, sentence),
  );
  const quoted = guards.filter((match) => effectOf(match) === 'attribute');
  const attributed = quoted.some((match) => !isSetAgainst(tokens, sentence, match));
  const silencers = guards.filter((match) => effectOf(match) === 'silence');
  const counts = (relation: Relation | 'figure', at: number): boolean =>
    !silencers.some((match) => {
      if (match.value.kind !== 'guard') return false;
      const reaches = match.value.guard.anywhere || (match.from <= at && at - match.to <= GUARD_REACH);
      if (!reaches || isFreed(tokens, match, match.value.guard, at)) return false;
      return relation === 'figure' ? match.value.guard.figures : match.value.guard.silences.includes(relation);
    });
  const named = findNamedRelease(tokens, sentence);
  const isAgainstNamed = named !== null && isSetAgainst(tokens, sentence, named.range);
  const against = (quoted.length > 0 && !attributed) || isAgainstNamed;
  const silent = silencers.some((match) => silencesAll(tokens, match, sentence));
  return {
    sentence,
    mentions,
    cues,
    attributed,
    against,
    dated: against ? null : findDated(tokens, sentence),
    readsAsStatement,
    silent,
    named: named !== null && isAgainstNamed ? { ...named, past: false } : named,
    counts,
    known: (at) => known[at - sentence.from] === true,
  };
}

/** Whether another clause, after a turn or a boundary, frees what it states of the guard before it. */
function isFreed(tokens: readonly Token[], match: Found, guard: Guard, at: number): boolean {
  if (guard.yields === 'never') return false;
  if (hasTurn(tokens, match, at)) return true;
  if (guard.yields === 'clause') return standsBefore(tokens, match, at);
  return guard.yields === 'statement' && isStatedApart(tokens, match, at);
}

/** Whether a guard takes all of a sentence for what is none of ours: no clause before its own, and no turn after it. */
function silencesAll(tokens: readonly Token[], match: Found, { from, to }: Sentence): boolean {
  if (match.value.kind !== 'guard' || !match.value.guard.readers) return false;
  return ![from, to].some((at) => hasTurn(tokens, match, at) || standsBefore(tokens, match, at));
}

/** Whether what a sentence says is attributed to a release before an embargoed one; a date that is not clearly earlier speaks against it. */
export function isAttributed(reading: Reading, entry: EmbargoEntry, effectiveAt: Instant): boolean {
  const { attributed, named, dated } = reading;
  if (named === null ? attributed : isBefore(named, entry, effectiveAt) && (attributed || named.past)) return true;
  return dated !== null && isLongPast(dated, entry, effectiveAt) && !reading.readsAsStatement();
}

/** All claims in one sentence. `carried` is what the sentences before it spoke of. */
export function findClaims(
  tokens: readonly Token[],
  reading: Reading,
  carried: readonly Mention[],
  when: When,
  wants: (claim: Claim, mention: Mention) => boolean,
): readonly Indication[] {
  if (reading.mentions.length === 0 && carried.length === 0) return [];
  const found: Indication[] = [];
  for (const cue of reading.cues) {
    if (cue.value.kind !== 'cue') continue;
    const { claim, relations, reach } = cue.value;
    if (cue.value.when !== null && when !== 'release' && when !== cue.value.when) continue;
    const inReach = (mention: Mention): boolean => reaches(reach, mention, when === 'release') && wants(claim, mention);
    let tied = false;
    for (const mention of reading.mentions) {
      if (mention.from - cue.to > FARTHEST || cue.from - mention.to > FARTHEST || !inReach(mention)) continue;
      const relation = relations.find(
        (one) =>
          reading.counts(one, cue.from) &&
          !isInterrupted(tokens, mention, cue, reading.mentions) &&
          relates(one, tokens, mention, cue, reading.known),
      );
      if (relation === undefined) continue;
      tied = true;
      found.push(indicate(claim, mention, span(mention, cue)));
    }
    if (tied) continue;
    if (relations.includes('alone') && isWhole(cue, reading.sentence)) {
      for (const mention of carried) if (inReach(mention)) found.push(indicate(claim, mention, cue));
      continue;
    }
    if (!relations.includes('carried') || !reading.counts('carried', cue.from)) continue;
    if (reading.mentions.some((mention) => mention.subject !== null && mention.to <= cue.from)) continue;
    if (!headsSentence(tokens, reading.sentence.from, cue, reading.known)) continue;
    for (const mention of carried) if (inReach(mention)) found.push(indicate(claim, mention, cue));
  }
  return found;
}

/** Whether a cue is all that a sentence says, but for a word or mark. */
function isWhole(cue: Range, { from, to }: Range): boolean {
  return cue.from - from + (to - cue.to) <= 1;
}

function indicate(claim: Claim, mention: Mention, range: Range): Indication {
  return {
    rule: claim.id,
    summary: claim.summary,
    mention,
    range: { from: range.from, to: range.to },
  };
}

export function span(one: Range, other: Range): Range {
  return { from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) };
}

/** Another subject stands between the two and takes the cue, unless they are joined: "employment and earnings both rose". */
export function isInterrupted(
  tokens: readonly Token[],
  mention: Mention,
  cue: Range,
  mentions: readonly Mention[],
): boolean {
  const gap: Range = mention.to <= cue.from ? { from: mention.to, to: cue.from } : { from: cue.to, to: mention.from };
  return mentions.some((other) => {
    if (
      other === mention ||
      other.from < gap.from ||
      other.to > gap.to ||
      other.subject === null ||
      other.counted ||
      other.subject === mention.subject
    )
      return false;
    const [left, right] = other.from < mention.from ? [other, mention] : [mention, other];
    for (let at = left.to; at < right.from; at += 1)
      if (!/^(?:and|or|&|,|\/|the|both|in|of|as|well)$/.test(tokens[at]?.text ?? '')) return true;
    return false;
  });
}

function coverMasks(sentence: Sentence): boolean[] {
  const covered: boolean[] = [];
  const masks = sentence.found.filter(({ value }) => value.kind === 'guard' && value.guard.effect === 'mask');
  if (masks.length === 0) return covered;
  for (const mask of masks) for (let at = mask.from; at < mask.to; at += 1) covered[at - sentence.from] = true;
  // A cue longer than the mask at its head is what was meant: "up to a record" against "up to".
  for (const match of sentence.found) {
    if (match.value.kind !== 'cue') continue;
    const mask = masks.find(
      (other) => other.from >= match.from && other.to <= match.to && other.to - other.from < match.to - match.from,
    );
    if (mask !== undefined) for (let at = mask.from; at < mask.to; at += 1) covered[at - sentence.from] = false;
  }
  return covered;
}

function markKnown(sentence: Sentence, mentions: readonly Mention[], cues: readonly Found[]): boolean[] {
  const known: boolean[] = [];
  for (const { from, to } of [...mentions, ...cues])
    for (let at = from; at < to; at += 1) known[at - sentence.from] = true;
  return known;
}

function effectOf(match: Found): Guard['effect'] | null {
  return match.value.kind === 'guard' ? match.value.guard.effect : null;
}

function holds(match: Found, guard: Guard, sentence: Sentence): boolean {
  if (guard.question && !(sentence.asks && match.from === sentence.from)) return false;
  if (guard.opening && match.from !== sentence.from) return false;
  if (
    guard.unless.length > 0 &&
    sentence.found.some((other) => other.value.kind === 'unless' && other.value.guard === guard)
  )
    return false;
  if (guard.followedBy.length === 0) return true;
  return sentence.found.some(
    (other) =>
      other.value.kind === 'follow' &&
      other.value.guard === guard &&
      other.from >= match.to &&
      other.from - match.to <= 8,
  );
}

/** Whether a sentence is a line of few words without a full stop, or a word or two that ask ("Exports?"), which what follows stands under. */
export function isHeading({ tokens }: Passage, { from, to }: Sentence): boolean {
  return tokens[to]?.kind === 'end' ? tokens[to]?.text === '?' && to - from <= 3 : to - from <= 7;
}

/** What a sentence hands on to the next ones: its clear mentions, or every one where it is a heading or says when figures come out. */
export function carriedFrom(passage: Passage, { mentions, sentence }: Reading, when: When): readonly Mention[] {
  const heading = isHeading(passage, sentence) || when !== null;
  return mentions.filter(
    ({ subject, clear, faint, counted }) =>
      subject !== null && (clear || (heading && !counted && (!faint || when !== null))),
  );
}
