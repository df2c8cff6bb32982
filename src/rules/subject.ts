import { z } from 'zod';
import type { Unit } from '../core/entry.ts';
import { phraseList, proof } from './phrase.ts';
import { id } from './rule-fields.ts';

const unit = z.enum([
  'percent',
  'percentage-points',
  'count',
  'thousand',
  'million',
  'billion',
  'gbp',
  'gbp-thousand',
  'gbp-million',
  'gbp-billion',
  'index',
  'ratio',
] as const satisfies readonly Unit[]);

const measure = z.strictObject({
  id,
  title: z.string().min(1),
  /** Units it is published in, likeliest first; a bare number in a table is read in the first. */
  units: z.array(unit).min(1),
  /** Range of usual values in the first unit; tells a bare number of a table from a row number. */
  usual: z.strictObject({ from: z.number(), to: z.number() }).optional(),
  terms: phraseList.default([]),
  everyday: phraseList.default([]),
  /** What a number of it counts where no unit is written: "7.1 weeks". */
  unitWords: phraseList.default([]),
});

/**
 * What a release is about: its names, everyday words and measures, and what is not meant by them.
 *
 * `terms` mean the subject wherever they stand; `everyday` words mean it beside a claim or a statistical noun; `faint`
 * ones only in a short text or where the sentence speaks of a nation, a period or statistics;
 * `terse` ones only in a short text; `counted` are the people
 * or things that there can be more or fewer of; `claims` say subject and direction in one phrase; `spoken` words are what its figures are of
 * in everyday life ("homes", "workers"), and mean it only in a comparison (`rules/directions/`). All are phrase patterns (`text/pattern.ts`).
 */
export const subjectSchema = z.strictObject({
  id,
  title: z.string().min(1),
  terms: phraseList,
  everyday: phraseList.default([]),
  faint: phraseList.default([]),
  terse: phraseList.default([]),
  counted: phraseList.default([]),
  claims: phraseList.default([]),
  spoken: phraseList.default([]),
  measures: z.array(measure).min(1),
  notMeant: phraseList.default([]),
  examples: proof,
});

export type Subject = z.infer<typeof subjectSchema>;
export type Measure = z.infer<typeof measure>;
