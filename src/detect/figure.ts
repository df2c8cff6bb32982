import type { EmbargoEntry, Unit } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import type { FigureRule } from '../rules/direction.ts';
import type { Measure, Subject } from '../rules/subject.ts';
import { canonicalNumber, type WrittenNumber } from '../text/canonical-figure.ts';
import { type NumberInText, readNumbers } from '../text/read-numbers.ts';
import type { Token } from '../text/tokenise.ts';
import { carriedFrom, isInterrupted, type Reading, readSentence, span } from './claims.ts';
import type { DetectContext, Detector } from './detector.ts';
import { entriesOf, MOST_FINDINGS } from './direction.ts';
import type { Mention } from './mentions.ts';
import type { Passage } from './passage.ts';
import { readMessage } from './read-message.ts';
import { headsSentence, type Range, relates } from './relations.ts';
import { saysWhen } from './release-talk.ts';
import { tableTies } from './table-figures.ts';
import { vocabularyOf } from './vocabulary.ts';

/** A number tied to what it is of. */
export interface Tie {
  readonly mention: Mention;
  readonly number: NumberInText;
  readonly range: Range;
  readonly attributed: boolean;
}

/** A bare number from here on is a quantity of people, lettings or pounds rather than a floor or a paragraph. */
const LEAST_COUNT = 1000;

/** A subject stays in mind for this many sentences. */
const CARRY = 3;

/** Finds numbers tied to a measure of an embargoed release; whether one is right is told to nobody without access. */
export const figure: Detector = {
  name: 'figure',
  detect(message, context) {
    const vocabulary = vocabularyOf(context.rules);
    const rule = vocabulary.figureRule;
    if (context.open.length === 0 || rule === null) return [];
    const findings: Finding[] = [];
    let topic: readonly Mention[] = [];
    for (const passage of readMessage(message, vocabulary)) {
      const last = readFigures(passage, rule, context, topic, findings);
      if (passage.role === 'subject') topic = last;
    }
    return findings;
  },
};

function readFigures(
  passage: Passage,
  rule: FigureRule,
  context: DetectContext,
  topic: readonly Mention[],
  findings: Finding[],
): readonly Mention[] {
  let inMind = topic;
  let age = 0;
  let seen: readonly Mention[] = [];
  const readings: Reading[] = [];
  passage.sentences.forEach((sentence, index) => {
    const remembered = age < CARRY ? inMind : topic;
    age += 1;
    const hasNumber = mayHoldNumber(passage.tokens, sentence);
    if (sentence.found.length === 0 && !(hasNumber && (remembered.length > 0 || passage.role === 'table'))) return;
    const reading = readSentence(passage.tokens, sentence);
    if (passage.role === 'table') readings.push(reading);
    else if (hasNumber) {
      const when =
        saysWhen(sentence) || saysWhen(passage.sentences[index - 1]) || saysWhen(passage.sentences[index + 1]);
      for (const tie of ties(passage.tokens, reading, remembered))
        report(tie, entriesOf(tie.mention, remembered, when, context), passage, rule, context, findings);
    }
    const handed = carriedFrom(passage, reading);
    if (handed.length > 0) {
      inMind = handed;
      seen = handed;
      age = 0;
    }
  });
  if (passage.role === 'table')
    for (const tie of tableTies(passage.tokens, readings))
      report(tie, entriesOf(tie.mention, [], false, context), passage, rule, context, findings);
  return seen;
}

function mayHoldNumber(tokens: readonly Token[], { from, to }: Range): boolean {
  return readNumbers(tokens, from, to).length > 0;
}

function ties(tokens: readonly Token[], reading: Reading, remembered: readonly Mention[]): readonly Tie[] {
  const { sentence, mentions, attributed } = reading;
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
    if (tied.length > 0) return tied.map((mention) => ({ mention, number, range: span(mention, number), attributed }));
    if (number.sort !== 'measured' || !headsSentence(tokens, sentence.from, number, reading.known)) return [];
    if (mentions.some((mention) => mention.subject !== null && mention.to <= number.from)) return [];
    return remembered
      .filter((mention) => mention.clear && isFigureOf(number, mention))
      .map((mention) => ({ mention, number, range: number, attributed }));
  });
}

function isTied(tokens: readonly Token[], reading: Reading, number: Range, mention: Mention): boolean {
  if (mention.to > number.from && number.to > mention.from) return true;
  if (relates('predicate', tokens, mention, number, reading.known)) return true;
  if (mention.to <= number.from) return false;
  return (
    relates('modifier', tokens, mention, number, reading.known) ||
    relates('of', tokens, mention, number, reading.known) ||
    isCountOf(tokens, reading, number, mention)
  );
}

/** "31.39 million people were in work", "a 0.3 point fall in the unemployment rate". */
function isCountOf(tokens: readonly Token[], reading: Reading, number: Range, mention: Mention): boolean {
  if (mention.from - number.to > 8) return false;
  return headsSentence(
    tokens,
    number.to,
    mention,
    (at) =>
      reading.known(at) ||
      /^(?:people|patients|children|households|homes|visitors|properties|adults|fall|rise|increase|drop|decrease|jump|were|was)$/.test(
        tokens[at]?.text ?? '',
      ),
  );
}

/** Whether a number can be of a mention's subject at all: a rate always can, money only where the subject counts in money. */
function isFigureOf(number: NumberInText, mention: Mention): boolean {
  const { subject } = mention;
  if (number.sort === 'plain') return subject !== null && isPlainFigureOf(number, mention, subject);
  if (subject === null) return true;
  if (number.unit === 'percent' || number.unit === 'percentage-points') return true;
  const units = subject.measures.flatMap((measure) => measure.units);
  if (number.unit.startsWith('gbp')) return units.some((unit) => unit.startsWith('gbp'));
  return units.some((unit) => isCount(unit) || unit.startsWith('gbp'));
}

function isPlainFigureOf(number: NumberInText, mention: Mention, subject: Subject): boolean {
  const units = (mention.measure === null ? subject.measures : [mention.measure]).flatMap((measure) => measure.units);
  if (number.decimals === 0)
    return number.value >= LEAST_COUNT && units.some((unit) => isCount(unit) || unit.startsWith('gbp'));
  const usual = mention.measure?.usual;
  return mention.clear && usual !== undefined && number.value >= usual.from && number.value <= usual.to;
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
  passage: Passage,
  rule: FigureRule,
  context: DetectContext,
  findings: Finding[],
): void {
  for (const entry of new Set(entries)) {
    const same = findings.filter((one) => one.entry === entry.id && one.path === passage.path);
    const start = passage.tokens[tie.range.from]?.start ?? 0;
    const end = passage.tokens[tie.range.to - 1]?.end ?? start;
    const insight = insightOf(tie, entry, context);
    if (same.some((one) => one.span?.start === start && one.span.end === end)) continue;
    // The cap counts places alone, never matches, so that it is the same for every embargoed value (promise 4).
    if (same.length >= MOST_FINDINGS) continue;
    findings.push({
      detector: 'figure',
      rule: rule.id,
      entry: entry.id,
      path: passage.path,
      span: { start, end },
      severity: 'high',
      summary: rule.summary,
      ...(insight === null ? {} : { insight }),
      weight: tie.attributed ? 'attributed' : 'embargoed',
    });
  }
}

/** What only a reviewer with access may see: which embargoed or published figure the number equals. */
function insightOf(tie: Tie, entry: EmbargoEntry, context: DetectContext): string | null {
  const readings = writtenForms(tie);
  const sealed = entry.figures.filter((one) =>
    readings.some((number) =>
      canonicalNumber(number).some((form) => context.matchesSealed(entry.id, one.digests, form)),
    ),
  );
  const published = entry.public.filter((one) =>
    readings.some((number) => one.value === number.value && one.unit === number.unit),
  );
  const notes = [
    ...sealed.map((one) => `Equals the embargoed figure for ${one.measure}.`),
    ...published.map(
      (one) => `Equals the figure for ${one.measure} that ${one.release ?? 'an earlier release'} published.`,
    ),
  ];
  return notes.length === 0 ? null : notes.join(' ');
}

/** A bare number of a table is also read in the units its measure is published in. */
function writtenForms({ number, mention }: Tie): readonly WrittenNumber[] {
  if (number.sort === 'measured') return [number];
  const units = (mention.measure === null ? (mention.subject?.measures ?? []) : [mention.measure]).flatMap(
    (measure) => measure.units,
  );
  return [number, ...[...new Set(units)].map((unit) => ({ value: number.value, decimals: number.decimals, unit }))];
}
