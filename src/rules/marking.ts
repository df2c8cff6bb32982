import { z } from 'zod';
import { matchMarking } from './match-marking.ts';
import { id, pattern } from './rule-fields.ts';

/**
 * A standing phrase that says how a message may travel, one file in `rules/markings/`.
 *
 * - `pre-release`: privileged access before publication, or an embargo: meant for the listed people alone.
 * - `protective`: a government classification: outside the organisation it is worth a record.
 */
export const markingSchema = z
  .strictObject({
    id,
    title: z.string().min(3).max(120),
    kind: z.enum(['pre-release', 'protective']),
    /** One of these, in lower case, is in every text that a pattern matches: a cheap look before the patterns. */
    hints: z
      .array(z.string().regex(/^[^A-Z]{3,}$/, 'write at least three letters in lower case'))
      .min(1)
      .readonly(),
    /** Matched without regard to case; a space stands for any run of white space and quote marks. */
    patterns: z.array(pattern).min(1).readonly(),
    examples: z.strictObject({
      match: z.array(z.string()).min(2).readonly(),
      clean: z.array(z.string()).min(2).readonly(),
    }),
  })
  .readonly();

export type Marking = z.output<typeof markingSchema>;

/** What is wrong with a marking's own examples; empty where it is proven. */
export function disproveMarking(marking: Marking): readonly string[] {
  return [
    ...marking.examples.match.flatMap((text, at) =>
      matchMarking(marking, text) === null ? [`examples.match[${at}] does not match`] : [],
    ),
    ...marking.examples.clean.flatMap((text, at) =>
      matchMarking(marking, text) === null ? [] : [`examples.clean[${at}] matches, and must not`],
    ),
  ];
}
