import type { Token } from '../text/tokenise.ts';
import type { Sentence } from './passage.ts';
import type { Range } from './relations.ts';

/** Right before a mention of last month's release these compare with it. */
const COMPARING = /^(?:than|on|from|since|above|below|with|against|to|versus|vs|beat|beats|beating|as|like)$/;
const ARTICLE = /^(?:the|our|their|its)$/;
/** The same before an article, where "to the last release", "as the last release" and others may attribute. */
const SETTING_AGAINST = /^(?:than|since|above|below|against|versus|vs|beat|beats|beating)$/;
/** "North of last month's figure." */
const SIDE = /^(?:north|south|short|shy|ahead|wide|clear)$/;

/** What stands before one of these is how it is now, where the release comes soon after: "4.9%, down from 5.1% in the last bulletin". */
const SETS_APART =
  /^(?:from|against|versus|vs|v|than|compared|comparing|after|having|following|whereas|while|where|when|unlike|not|instead|replacing|replaces|beating|beats|beat|relative|contrast|beside|alongside|under|over|above|below|behind|matching|same|on|twice|half|reversing|reverses|undoing|undoes|wiping|wipes)$/;
/** Clauses of their own: "it is 3.2%; in last month's release it was 3.8%". */
const PARTING = /^(?:;|\(|-|–|—|\/)$/;
/** What a comma begins with, if not a further word on the same figure. */
const ANEW = /^(?:it|they|that|this|was|were|had|in|the|our|last|previously|and|but|while|whereas|where|which|when)$/;
const STATED = /^(?:was|were|had|said|showed|put|stood|gave|recorded|reported|read|we|ours)$/;
/** What the comparison is with, if not with the release: "higher than expected in last month's release". */
const WITH_ANOTHER =
  /^(?:year|years|ago|expected|expectations|forecast|forecasts|forecasters|thought|feared|hoped|predicted|consensus|usual|pandemic)$/;
/** How it is now, said after how it was: "the last release had 5.1%, now it is 4.9%". */
const NOW = /^(?:now|today|today's|tomorrow|tomorrow's|tonight|tonight's|this|new)$/;
const PRESENT = /^(?:is|are|has|have|'s|drops|falls|rises|stands|slips|climbs)$/;
/** At the head of a sentence these set what stands before the comma against what follows. */
const OPENING = /^(?:from|after|unlike|since|following|having|against|compared)$/;
const SPAN = /^(?:time|month|month's|quarter|quarter's|week|week's|edition|one|release|bulletin)$/;
const TURNING = /^(?:;|,|-|–|—|but|and|while|whereas|\()$/;

const MONTH =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|months?|weeks?|days?|years?|quarters?|am|pm)$/;

/** Farther back than this a word no longer compares with the release. */
const REACH = 14;
/** "Lower than in the statistics published last month": the word right before. */
const NEAR = 7;
const TURN_REACH = 4;

/**
 * Whether a sentence sets an earlier release against how it is now, so that it tells what is new: "up on last month's release" does,
 * "as last month's release said" attributes all of it to what is public.
 */
export function isSetAgainst(tokens: readonly Token[], sentence: Sentence, release: Range): boolean {
  return (
    followsComparison(tokens, sentence, release) ||
    followsNews(tokens, sentence, release) ||
    opensAgainst(tokens, sentence, release) ||
    turnsToNow(tokens, sentence, release)
  );
}

function followsComparison(tokens: readonly Token[], { from }: Sentence, release: Range): boolean {
  const before = release.from - 1;
  const word = textAt(tokens, before);
  if (before === from && word === 'as') return false;
  if (word === 'of') return SIDE.test(textAt(tokens, before - 1));
  return COMPARING.test(word) || (ARTICLE.test(word) && SETTING_AGAINST.test(textAt(tokens, before - 1)));
}

/** Whether something is stated before words that set the release apart from it. */
function followsNews(tokens: readonly Token[], sentence: Sentence, release: Range): boolean {
  for (let at = release.from - 1; at >= Math.max(sentence.from, release.from - REACH); at -= 1) {
    const word = textAt(tokens, at);
    const between = { from: at + 1, to: release.from };
    if (WITH_ANOTHER.test(word) && !states(tokens, sentence, between)) return false;
    if (word === ')') {
      while (at > sentence.from && textAt(tokens, at) !== '(') at -= 1;
      continue;
    }
    if (word === ',' || PARTING.test(word)) {
      const clause = { from: at + 1, to: clauseEnd(tokens, sentence, release.to) };
      const opens = word === ',' ? ANEW.test(textAt(tokens, at + 1)) && has(tokens, clause, STATED) : true;
      if (opens && states(tokens, sentence, clause) && states(tokens, sentence, { from: sentence.from, to: at }))
        return true;
      // What follows a comma may go on about the same figure: "5.1%, up from 5.0%, in the last release".
      if (word === ',') return false;
      continue;
    }
    if (!SETS_APART.test(word) || !states(tokens, sentence, { from: sentence.from, to: at })) continue;
    if (word === 'from' && has(tokens, between, /^to$/)) continue;
    if (release.from - at <= NEAR || states(tokens, sentence, between)) return true;
  }
  return false;
}

/** "From 5.1% in the last release, unemployment has dropped to 4.9%"; "Unlike the last release, ..." */
function opensAgainst(tokens: readonly Token[], sentence: Sentence, release: Range): boolean {
  const first = textAt(tokens, sentence.from);
  if (!OPENING.test(first)) return false;
  if (first !== 'unlike' && !states(tokens, sentence, { from: sentence.from + 1, to: release.from })) return false;
  for (let at = release.to; at < sentence.to; at += 1)
    if (textAt(tokens, at) === ',') return states(tokens, sentence, { from: at + 1, to: sentence.to });
  return false;
}

/** Whether it goes on, after the release, to how it is now. */
function turnsToNow(tokens: readonly Token[], sentence: Sentence, release: Range): boolean {
  let turn = -1;
  for (let at = release.to; at < sentence.to; at += 1) {
    const word = textAt(tokens, at);
    if (TURNING.test(word)) turn = at;
    const isTurned = turn >= 0 && at - turn <= TURN_REACH;
    const isNow = word === 'this' ? SPAN.test(textAt(tokens, at + 1)) : isTurned && NOW.test(word);
    if (isNow && states(tokens, sentence, { from: Math.max(release.to, turn + 1), to: sentence.to })) return true;
    // "The last release had 5.1%; it is 4.9%": how it was, a turn, how it is.
    if (!isTurned || !PRESENT.test(word)) continue;
    if (
      states(tokens, sentence, { from: sentence.from, to: turn }) &&
      states(tokens, sentence, { from: at, to: sentence.to })
    )
      return true;
  }
  return false;
}

/** Whether a figure or a word of direction stands in a range; years, days and spans of time are none. */
function states(tokens: readonly Token[], { found }: Sentence, { from, to }: Range): boolean {
  for (let at = from; at < to; at += 1) {
    const token = tokens[at];
    if (token?.kind !== 'number' || /^(?:19|20)\d\d$/.test(token.text)) continue;
    if (!MONTH.test(textAt(tokens, at + 1))) return true;
  }
  return found.some(({ value, from: first }) => value.kind === 'cue' && first >= from && first < to);
}

function clauseEnd(tokens: readonly Token[], { to }: Sentence, from: number): number {
  let at = from;
  while (at < to && !/^(?:,|;|\))$/.test(textAt(tokens, at))) at += 1;
  return at;
}

function has(tokens: readonly Token[], { from, to }: Range, words: RegExp): boolean {
  for (let at = from; at < to; at += 1) if (words.test(textAt(tokens, at))) return true;
  return false;
}

function textAt(tokens: readonly Token[], at: number): string {
  return tokens[at]?.text ?? '';
}
