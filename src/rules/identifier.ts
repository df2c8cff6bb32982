import { z } from 'zod';
import { checks } from './check-digit.ts';
import { matchCells, matchName } from './match-identifier.ts';
import { id, pattern } from './rule-fields.ts';

/**
 * What a column tells about its rows.
 *
 * - `direct`: names one person by itself (an official number, a full name). `contact`: reaches one, as staff lists do.
 * - `home`: one address or a handful (unit postcode, UPRN). `small-area`: some hundred households.
 * - `birth`, `quasi`: describe a person, and together single one out. `key`: stands for one without naming them.
 * - `sensitive`: special category or criminal data, or what a producer lists as sensitive. `financial`: pay, benefits, rent.
 * - `geography`: public areas. `organisation`: names that addresses may belong to. `aggregate`: a published table's counts, totals and suppression marks; speaks against rows of people.
 */
export const roles = [
  'direct',
  'contact',
  'home',
  'small-area',
  'birth',
  'quasi',
  'key',
  'sensitive',
  'financial',
  'geography',
  'organisation',
  'aggregate',
] as const;

/** How a column is recognised, by its cells, by its name or by both: one file in `rules/identifiers/`. */
export const identifierSchema = z
  .strictObject({
    id,
    /** As the reviewer reads it: "National Insurance numbers". */
    title: z.string().min(3).max(80),
    role: z.enum(roles),
    /** What one such column adds to the score; aggregates take away. */
    points: z.int().min(-100).max(100),
    /** Columns counted at most. */
    most: z.int().min(1).max(20).default(1),
    /** Column names, as a pattern over their words in lower case (`date of birth`). */
    names: pattern.optional(),
    /** Column names that are something else. */
    notNames: pattern.optional(),
    /** Cells, whole, without outer spaces and without regard to case. Absent: the name alone decides. */
    cells: pattern.optional(),
    check: z.enum(Object.keys(checks) as [keyof typeof checks]).optional(),
    /** Least share of filled cells that must pass; the second where the name says so too. */
    share: z.number().min(0).max(1).default(0.8),
    shareNamed: z.number().min(0).max(1).default(0.5),
    /** Least number of different cells that must pass. */
    distinct: z.int().min(1).default(5),
    /** The cells count only in a column of such a name. */
    nameNeeded: z.boolean().default(false),
    /** Cells where `cells` is given, else column names. */
    examples: z.strictObject({
      match: z.array(z.string()).min(1).readonly(),
      clean: z.array(z.string()).min(1).readonly(),
    }),
  })
  .refine((rule) => rule.names !== undefined || rule.cells !== undefined, 'give names, cells or both')
  .readonly();

export type Identifier = z.output<typeof identifierSchema>;

/** What is wrong with an identifier's own examples; empty where it is proven. */
export function disproveIdentifier(rule: Identifier): readonly string[] {
  const matches = (example: string) =>
    rule.cells === undefined ? matchName(rule, example) : matchCells(rule, [example]) === 1;
  return [
    ...rule.examples.match.flatMap((example, at) => (matches(example) ? [] : [`examples.match[${at}] does not match`])),
    ...rule.examples.clean.flatMap((example, at) =>
      matches(example) ? [`examples.clean[${at}] matches, and must not`] : [],
    ),
  ];
}
