import type { EmbargoDocument } from '../registers/embargo-document.ts';

type Figures = NonNullable<EmbargoDocument['figures']>;

/**
 * Names of an entry's figures, each of its own: measure and unit, and a number where one stands there twice.
 *
 * By these a figure is the same one in two states of its entry, whatever it says.
 */
export function namesOfFigures(figures: Figures | undefined = []): readonly string[] {
  const seen = new Map<string, number>();
  return figures.map(({ measure, unit }) => {
    const name = `figures.${measure}.${unit}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}.${count}`;
  });
}

/**
 * Names of what somebody wrote anew in an entry of what is kept sealed: figures, and passwords as one.
 *
 * Told from what was given alone. Comparing it with what the register has would tell whoever guesses a figure that they are right.
 */
export function namesOfWritten(given: {
  readonly figures?: Figures | undefined;
  readonly passwords?: unknown;
}): readonly string[] {
  const names = namesOfFigures(given.figures);
  const written = (given.figures ?? []).flatMap(({ value, sealed }, index) =>
    value === undefined && sealed === undefined ? [] : [names[index] ?? ''],
  );
  return [...written, ...(given.passwords === undefined ? [] : ['passwords'])];
}
