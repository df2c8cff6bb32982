const DAY = 24 * 60 * 60_000;
/** Declarations are signed anew each year, training is repeated every two: a warning comes a month before. */
const DECLARED_DAYS = 365;
const TRAINED_DAYS = 730;
const WARN_DAYS = 30;

export interface DateWarning {
  readonly text: string;
  readonly isOver: boolean;
}

/** What about a person's declaration and training needs somebody, on a day. */
export function dateWarnings(
  person: { readonly declared?: string | null; readonly trained?: string | null },
  today: string,
): readonly DateWarning[] {
  return [
    ...warn('declaration', person.declared ?? null, DECLARED_DAYS, today, true),
    ...warn('training', person.trained ?? null, TRAINED_DAYS, today, false),
  ];
}

function warn(
  noun: string,
  day: string | null,
  lasts: number,
  today: string,
  isNeeded: boolean,
): readonly DateWarning[] {
  if (day === null) return isNeeded ? [{ text: `No ${noun} yet`, isOver: true }] : [];
  const left = lasts - Math.floor((Date.parse(today) - Date.parse(day)) / DAY);
  if (left < 0) return [{ text: `The ${noun} ran out ${days(-left)} ago`, isOver: true }];
  return left <= WARN_DAYS ? [{ text: `The ${noun} runs out in ${days(left)}`, isOver: false }] : [];
}

const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
