import { z } from 'zod';
import { matchDataset } from './match-dataset.ts';
import { id, pattern } from './rule-fields.ts';

const names = z.array(z.string().min(1).max(120)).readonly();

/** Columns named by a stem and a number: `age1` to `age8`, `DIAG_01` to `DIAG_20`. */
const family = z.strictObject({
  stem: z.string().min(1),
  from: z.int().min(0).max(99),
  to: z.int().min(1).max(99),
  /** Digits the number is padded to. */
  pad: z.int().min(1).max(3).default(1),
  common: z.boolean().default(false),
});

/** A fixed order of columns that travels without a header: what stands at which position (from 0) and what it looks like. */
const order = z.strictObject({
  id,
  width: z.tuple([z.int().min(2), z.int().min(2)]).readonly(),
  /** Least share of the listed columns with data that must look as stated. */
  share: z.number().min(0.5).max(1),
  columns: z
    .array(
      z.strictObject({
        from: z.int().min(0),
        to: z.int().min(0),
        /** Whole-cell pattern of the values. */
        is: pattern,
      }),
    )
    .min(3)
    .readonly(),
});

/** How the columns of a file behave whatever they are called: for each pattern at least so many columns whose cells all match. */
const behaviour = z.strictObject({
  id,
  /** Least number of columns in all. */
  width: z.int().min(2),
  columns: z
    .array(z.strictObject({ least: z.int().min(1), is: pattern }))
    .min(2)
    .readonly(),
});

/** Schema of a protected dataset, one file in `rules/datasets/`. */
export const datasetSchema = z
  .strictObject({
    id,
    title: z.string().min(3).max(120),
    /** What its rows are, as the reviewer reads it: "lettings", "people", "pupils". */
    rows: z.string().min(2).max(40),
    /** Why the names are believed, public sources alone. */
    source: z.string().min(3),
    /** Names nearly never seen outside this dataset. */
    strong: names,
    /** Names it shares with other files, an error log or a contact list among them: support, never enough alone. */
    common: names.default([]),
    families: z.array(family).readonly().default([]),
    /** Endings left off before names are compared, such as a census term. */
    suffixes: z.array(pattern).readonly().default([]),
    /** Question texts that stand in place of names. */
    labels: names.default([]),
    orders: z.array(order).readonly().default([]),
    behaviours: z.array(behaviour).readonly().default([]),
    /** How many strong names, or how many names with at least `withStrong` strong ones, make the dataset. */
    needs: z.strictObject({ strong: z.int().min(1), names: z.int().min(1), withStrong: z.int().min(0) }),
    /** Matched names that make its rows sensitive, and those that point at a person or a home. */
    sensitive: names.default([]),
    direct: names.default([]),
    examples: z.strictObject({ match: z.array(names).min(1).readonly(), clean: z.array(names).min(1).readonly() }),
  })
  .readonly();

export type Dataset = z.output<typeof datasetSchema>;

/** What is wrong with a dataset's own examples; empty where it is proven. Examples are header rows. */
export function disproveDataset(dataset: Dataset): readonly string[] {
  return [
    ...dataset.examples.match.flatMap((row, at) =>
      matchDataset(dataset, row) === null ? [`examples.match[${at}] is not recognised by its header names`] : [],
    ),
    ...dataset.examples.clean.flatMap((row, at) =>
      matchDataset(dataset, row) === null ? [] : [`examples.clean[${at}] is recognised, and must not be`],
    ),
  ];
}
