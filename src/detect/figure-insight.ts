import type { EmbargoEntry, PublicFigure, SealedFigure } from '../core/entry.ts';
import { MOST_INSIGHT } from '../core/finding.ts';
import type { Measure } from '../rules/subject.ts';
import { canonicalNumber, inUnit, isSameDimension, type WrittenNumber } from '../text/canonical-figure.ts';
import type { DetectContext } from './detector.ts';
import type { Tie } from './figure.ts';
import { levelsFromChange, levelsFromShare } from './implied-levels.ts';

type MatchesSealed = DetectContext['matchesSealed'];

/**
 * What only a reviewer with access may see of a number: which embargoed figure it equals, or gives together with what is public, and
 * which published one it repeats; empty where none.
 *
 * Every form is looked up for every figure to the end, and the answer is always a text, so that the time taken tells nothing of a match.
 */
export function figureInsight(tie: Tie, entry: EmbargoEntry, matches: MatchesSealed): string {
  const readings = writtenForms(tie);
  const { measure } = tie.mention;
  const forms = formsOf(readings);
  const asked = entry.figures.filter((one) => mayBeOf(one, measure, readings));
  const equal = asked.map((one) => ({ one, said: countOf(forms, one, entry, matches) }));
  const implied = asked.map((one) => {
    const levels = entry.public
      .filter((known) => known.measure === one.measure)
      .flatMap((known) => readings.flatMap((number) => impliedLevels(known, number)));
    return { one, said: countOf(formsOf(levels), one, entry, matches) };
  });
  const notes = [
    ...equal.map(({ one, said }) => (said > 0 ? `Equals the embargoed figure for ${one.measure}.` : '')),
    ...implied.map(({ one, said }, index) =>
      said > 0 && equal[index]?.said === 0
        ? `Together with the published figure it gives the embargoed one for ${one.measure}.`
        : '',
    ),
    ...entry.public
      .filter((known) => mayBeOf(known, measure, readings) && readings.some((number) => isPublished(known, number)))
      .map((one) => `Equals the figure for ${one.measure} that ${one.release ?? 'an earlier release'} published.`),
  ];
  return notes
    .filter((note) => note !== '')
    .join(' ')
    .slice(0, MOST_INSIGHT);
}

function formsOf(numbers: readonly WrittenNumber[]): readonly string[] {
  return [...new Set(numbers.flatMap(canonicalNumber))];
}

function countOf(
  forms: readonly string[],
  { digests }: SealedFigure,
  { id }: EmbargoEntry,
  matches: MatchesSealed,
): number {
  return forms.reduce((sum, form) => sum + (matches(id, digests, form) ? 1 : 0), 0);
}

/** A figure of another measure is another figure, unless the measure is not one that counts in the number's unit. */
function mayBeOf(
  figure: Pick<SealedFigure, 'measure'>,
  measure: Measure | null,
  readings: readonly WrittenNumber[],
): boolean {
  if (measure === null || figure.measure === measure.id) return true;
  return !measure.units.some((unit) => readings.some((number) => isSameDimension(unit, number.unit)));
}

/** "31.17 million" repeats 31,170,000. */
function isPublished(known: PublicFigure, number: WrittenNumber): boolean {
  return isSameDimension(known.unit, number.unit) && inUnit(number, known.unit) === known.value;
}

function impliedLevels(known: PublicFigure, number: WrittenNumber): readonly WrittenNumber[] {
  return isSameDimension(known.unit, number.unit) ? levelsFromChange(known, number) : levelsFromShare(known, number);
}

/** A bare number is also read in the units its measure is published in, and one below one as a share: "0.049". */
function writtenForms({ number, mention }: Tie): readonly WrittenNumber[] {
  if (number.sort === 'measured') return [number];
  if (number.value < 1 && number.decimals > 2) {
    const share = { value: inUnit({ ...number, unit: 'thousand' }, 'count') / 10, decimals: number.decimals - 2 };
    return [number, { ...share, unit: 'percent' }];
  }
  const units = (mention.measure === null ? (mention.subject?.measures ?? []) : [mention.measure]).flatMap(
    (measure) => measure.units,
  );
  return [number, ...[...new Set(units)].map((unit) => ({ value: number.value, decimals: number.decimals, unit }))];
}
