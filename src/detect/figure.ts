import type { EmbargoEntry, Unit } from '../core/entry.ts';
import type { FigureRule } from '../rules/direction.ts';
import type { Measure, Subject } from '../rules/subject.ts';
import { type NumberInText, readNumbers } from '../text/read-numbers.ts';
import type { Token } from '../text/tokenise.ts';
import { isAttributed, isInterrupted, type Reading, span } from './claims.ts';
import type { DetectContext, Detector } from './detector.ts';
import { isDoubted } from './doubt.ts';
import { figureInsight } from './figure-insight.ts';
import { FindingList } from './finding-list.ts';
import { hearMessage } from './hear-message.ts';
import type { Mention } from './mentions.ts';
import type { Passage } from './passage.ts';
import { headsSentence, isBeside, isHashtag, isStranger, type Range, relates } from './relations.ts';
import { entriesOf } from './release-talk.ts';
import { tableTies } from './table-figures.ts';
import { vocabularyOf } from './vocabulary.ts';

/** A number tied to what it is of. */
export interface Tie {
  readonly mention: Mention;
  readonly number: NumberInText;
  readonly range: Range;
  readonly reading: Reading;
}

/** A bare number from here on is a quantity of people, lettings or pounds rather than a floor or a paragraph. */
const LEAST_COUNT = 1000;

/** Whom figures count, and how they move. */
const COUNTED =
  /^(?:people|patients|children|households|families|pupils|homes|visitors|properties|adults|claimants|tenants|offences|visits|referrals|fall|rise|increase|drop|decrease|jump|were|was)$/;

/** Finds numbers tied to a measure of an embargoed release; whether one is right is told to nobody without access. */
export const figure: Detector = {
  name: 'figure',
  detect(message, context) {
    const vocabulary = vocabularyOf(context.rules);
    const rule = vocabulary.figureRule;
    if (context.open.length === 0 || rule === null) return [];
    const list = new FindingList(message, context);
    const tables = new Map<Passage, Reading[]>();
    for (const heard of hearMessage(message, vocabulary)) {
      const { passage, reading, inMind, when } = heard;
      if (passage.role === 'table') {
        const rows = tables.get(passage) ?? [];
        rows.push(reading);
        tables.set(passage, rows);
        continue;
      }
      for (const tie of ties(passage.tokens, reading, inMind).filter(
        ({ mention, range }) => !isDoubted(heard, 'figures', range, mention),
      ))
        report(tie, entriesOf(tie.mention, inMind, when, context), passage, rule, context, list);
    }
    for (const [passage, readings] of tables)
      for (const tie of tableTies(passage.tokens, readings))
        report(tie, entriesOf(tie.mention, [], null, context), passage, rule, context, list);
    return list.findings;
  },
};

function ties(tokens: readonly Token[], reading: Reading, remembered: readonly Mention[]): readonly Tie[] {
  const { sentence, mentions } = reading;
  return readNumbers(tokens, sentence.from, sentence.to).flatMap((number): readonly Tie[] => {
    if (number.sort === 'label' || !reading.counts('figure', number.from)) return [];
    const unitOf = measureOfUnit(reading, number);
    if (unitOf === null && isExcluded(tokens, reading, number)) return [];
    const fits = (mention: Mention): boolean =>
      unitOf === null ? isFigureOf(number, mention) : mention.measure === unitOf;
    const tied = mentions.filter(
      (mention) =>
        fits(mention) && !isInterrupted(tokens, mention, number, mentions) && isTied(tokens, reading, number, mention),
    );
    if (tied.length > 0) return tied.map((mention) => ({ mention, number, range: span(mention, number), reading }));
    if (number.sort !== 'measured' || !headsSentence(tokens, sentence.from, number, reading.known)) return [];
    if (mentions.some((mention) => mention.subject !== null && mention.to <= number.from)) return [];
    if (isShareOfOthers(tokens, reading, number)) return [];
    return remembered
      .filter((mention) => mention.clear && isFigureOf(number, mention))
      .map((mention) => ({ mention, number, range: number, reading }));
  });
}

function isTied(tokens: readonly Token[], reading: Reading, number: NumberInText, mention: Mention): boolean {
  if (mention.to > number.from && number.to > mention.from) return true;
  if (isHashtag(tokens, mention)) return number.sort === 'measured' && isBeside(tokens, mention, number);
  if (mention.counted) return mention.from - number.to <= 2 && mention.from >= number.to;
  if (relates('predicate', tokens, mention, number, reading.known)) return true;
  if (mention.to <= number.from) return false;
  return (
    relates('modifier', tokens, mention, number, reading.known) ||
    relates('of', tokens, mention, number, reading.known) ||
    isCountOf(tokens, reading, number, mention)
  );
}

/** "90% of smokers" after a sentence on something else: the share is of whom it names. */
function isShareOfOthers(tokens: readonly Token[], reading: Reading, number: Range): boolean {
  if (tokens[number.to]?.text !== 'of') return false;
  const noun = tokens[number.to + 1];
  return noun?.kind === 'word' && !reading.known(number.to + 1) && !COUNTED.test(noun.text) && isStranger(noun.text);
}

/** "31.39 million people were in work", "a 0.3 point fall in the unemployment rate". */
function isCountOf(tokens: readonly Token[], reading: Reading, number: Range, mention: Mention): boolean {
  if (mention.from - number.to > 8) return false;
  return headsSentence(tokens, number.to, mention, (at) => reading.known(at) || COUNTED.test(tokens[at]?.text ?? ''));
}

/** Whether a number can be of a mention's subject at all: a rate always can, money only where the subject counts in money. */
function isFigureOf(number: NumberInText, mention: Mention): boolean {
  const { subject } = mention;
  if (number.sort === 'plain') return subject !== null && !mention.faint && isPlainFigureOf(number, mention, subject);
  if (subject === null) return true;
  if (number.unit === 'percent' || number.unit === 'percentage-points') return true;
  if (mention.faint) return false;
  const isMoney = number.unit.startsWith('gbp');
  const fits = (unit: Unit): boolean => unit.startsWith('gbp') || (!isMoney && isCount(unit));
  return subject.measures.some((measure) => measure.units.some(fits));
}

function isPlainFigureOf(number: NumberInText, mention: Mention, subject: Subject): boolean {
  const units = (mention.measure === null ? subject.measures : [mention.measure]).flatMap((measure) => measure.units);
  if (number.decimals === 0)
    return number.value >= LEAST_COUNT && units.some((unit) => isCount(unit) || unit.startsWith('gbp'));
  const usual = mention.measure?.usual;
  if (!mention.clear || usual === undefined) return false;
  // A rate as a share of one: 0.049.
  const isShare = number.decimals >= 3 && number.value < 1 && units.includes('percent');
  const value = isShare ? number.value * 100 : number.value;
  return value >= usual.from && value <= usual.to;
}

function isCount(unit: Unit): boolean {
  return unit === 'count' || unit === 'thousand' || unit === 'million' || unit === 'billion';
}

/** The measure that is counted in the word after a number: "7.1 weeks" is a wait. */
function measureOfUnit(reading: Reading, number: NumberInText): Measure | null {
  const unit = reading.sentence.found.find((match) => match.value.kind === 'unit-word' && match.from === number.to);
  return unit?.value.kind === 'unit-word' ? unit.value.measure : null;
}

function isExcluded(tokens: readonly Token[], reading: Reading, number: NumberInText): boolean {
  return reading.sentence.found.some((match) => {
    if (match.value.kind === 'other-unit')
      return match.from === number.to || (match.from < number.to && match.to > number.from);
    return (
      match.value.kind === 'label' &&
      (match.to === number.from || (match.to + 1 === number.from && tokens[match.to]?.kind === 'mark'))
    );
  });
}

function report(
  tie: Tie,
  entries: readonly EmbargoEntry[],
  { path, tokens }: Passage,
  rule: FigureRule,
  context: DetectContext,
  list: FindingList,
): void {
  const start = tokens[tie.range.from]?.start ?? 0;
  const end = tokens[tie.range.to - 1]?.end ?? start;
  for (const entry of new Set(entries)) {
    const weight = isAttributed(tie.reading, entry, context.effectiveAt) ? 'attributed' : 'embargoed';
    const finding = {
      detector: 'figure',
      rule: rule.id,
      entry: entry.id,
      path,
      span: { start, end },
      severity: 'high',
      summary: rule.summary,
      weight,
    } as const;
    if (list.looksAt(finding)) list.add({ ...finding, insight: figureInsight(tie, entry, context.matchesSealed) });
  }
}
