import type { Subject } from '../rules/subject.ts';
import { PERSONS } from '../text/english.ts';
import { type NumberInText, readNumbers } from '../text/read-numbers.ts';
import { span } from './claims.ts';
import type { Heard } from './hear-message.ts';
import { speaksOfNation } from './mentions.ts';
import type { Found } from './passage.ts';
import { isBeside, type Range } from './relations.ts';

/** A quantity of what a subject's figures are of, set against another time. */
export interface FoundComparison {
  readonly rule: string;
  readonly summary: string;
  readonly subject: Subject;
  readonly range: Range;
}

/** A bare number from here on is no party, team, floor or year. */
const LEAST_COUNT = 2100;

/**
 * Finds quantities of everyday things that only a statistic sets against another time: "Homes in Wales sold for 2.7% less than in the
 * autumn before".
 *
 * None of the three alone says anything: the words ("homes") are everybody's, so are percentages, and so is last autumn.
 */
export function findComparisons({ passage, reading, short }: Heard): readonly FoundComparison[] {
  const { tokens } = passage;
  const { found, from, to } = reading.sentence;
  const spoken = found.filter((match) => match.value.kind === 'spoken' && !isMasked(match, found));
  if (spoken.length === 0) return [];
  const compared = found.find((match) => match.value.kind === 'compared');
  if (compared?.value.kind !== 'compared' || found.some(({ value }) => value.kind === 'own')) return [];
  const { rule } = compared.value;
  const ofNation = speaksOfNation(tokens, reading.sentence);
  if (!short && !ofNation) return [];
  if (!ofNation && tokens.slice(from, to).some(({ text }) => PERSONS.has(text))) return [];
  const numbers = readNumbers(tokens, from, to).filter(
    (number) => isQuantity(number) && reading.counts('figure', number.from) && !isOtherUnit(number, found),
  );
  return spoken.flatMap((match): readonly FoundComparison[] => {
    const number = numbers.find((one) => isBeside(tokens, match, one));
    if (number === undefined || match.value.kind !== 'spoken') return [];
    return [{ rule: rule.id, summary: rule.summary, subject: match.value.subject, range: span(match, number) }];
  });
}

function isQuantity({ sort, value }: NumberInText): boolean {
  return sort === 'measured' || (sort === 'plain' && value >= LEAST_COUNT);
}

function isOtherUnit(number: Range, found: readonly Found[]): boolean {
  return found.some((match) => match.value.kind === 'other-unit' && match.from <= number.to && match.to > number.from);
}

/** Whether the words are part of something that is not meant, or of a phrase that says nothing. */
function isMasked(match: Found, found: readonly Found[]): boolean {
  return found.some(
    ({ value, from, to }) =>
      from < match.to &&
      to > match.from &&
      ((value.kind === 'guard' && value.guard.effect === 'mask') ||
        (value.kind === 'not-meant' && match.value.kind === 'spoken' && value.subject === match.value.subject)),
  );
}
