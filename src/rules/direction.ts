import { z } from 'zod';
import { learnedSchema } from './learned.ts';
import { phraseList, proof } from './phrase.ts';
import { id } from './rule-fields.ts';

/**
 * How a cue must stand to the subject for the two to be one claim.
 *
 * - `predicate`: subject, then cue, in one clause ("employment has risen", "jobs: another record").
 * - `next`: cue right after the subject ("jobs up").
 * - `of`: cue, a preposition, then subject ("a fall in the number of people in work").
 * - `object`: cue, then subject ("looking forward to seeing the numbers").
 * - `modifier`: cue just before the subject ("record employment").
 * - `beside`: either order in one sentence, for cues that mean nothing else.
 * - `copula`: subject, a verb of being or seeming, then cue, with nothing but grammar between ("the figures look really good").
 * - `near`: either order in one sentence, persons between or not, as long as no paper, meeting or page stands there; for cues with a `when`.
 * - `carried`: cue at the head of a sentence that follows the subject's ("It is up.", a bullet under a heading).
 * - `alone`: cue that is a whole sentence after the subject's ("Exports? Down.").
 */
export const relation = z.enum([
  'predicate',
  'copula',
  'next',
  'of',
  'object',
  'modifier',
  'beside',
  'near',
  'carried',
  'alone',
]);
export type Relation = z.infer<typeof relation>;

/**
 * What kind of mention a cue needs: any; a measure rather than its publication (a release that is "up" is online); one that cannot
 * be misread; what there can be more of.
 */
export const reach = z.enum(['any', 'measure', 'clear', 'counted']);
export type Reach = z.infer<typeof reach>;

const cueGroup = z.strictObject({
  words: phraseList,
  relations: z.array(relation).min(1),
  subject: reach.default('any'),
  /** Counts only where the sentence, or for `release` one beside it, says when the figures come out. */
  when: z.enum(['soon', 'release']).optional(),
});

/** Words that, in relation to a subject under embargo, indicate what its figures say. */
export const claimSchema = z.strictObject({
  kind: z.literal('claim'),
  id,
  summary: z.string().min(1),
  cues: z.array(cueGroup).min(1),
  examples: proof,
});

/**
 * Words beside which a claim is none, or is one about an earlier release.
 *
 * - `mask`: the words are no cue and no subject ("sign up", "track record").
 * - `silence`: claims of the listed relations that stand after the words in the same sentence do not count ("if unemployment rises").
 * - `attribute`: what the sentence says is attributed to an earlier, published period.
 */
export const guardSchema = z.strictObject({
  kind: z.literal('guard'),
  id,
  effect: z.enum(['mask', 'silence', 'attribute']),
  words: phraseList,
  silences: z.array(relation).default(['predicate']),
  /** Where given, one of these must follow the words in the sentence ("economists ... expect"). */
  followedBy: phraseList.default([]),
  /** Whether numbers tied to a measure are silenced as well. */
  figures: z.boolean().default(false),
  /** Whether the words count wherever they stand in the sentence, after a claim too. */
  anywhere: z.boolean().default(false),
  /** Whether the sentence is no statement of ours however it reads to a learned reader ("in Portugal"). */
  readers: z.boolean().default(false),
  /**
   * Where its reach ends early: after a `turn` ("but", "although"); also before a clause of its own that is a `statement` of what has
   * happened ("the aim is growth, and the economy grew"); or, beside a turn, at the start of the `clause` that the words stand in
   * ("unemployment fell, unlike in Portugal").
   */
  yields: z.enum(['never', 'turn', 'statement', 'clause']).default('never'),
  /** Where one of these stands anywhere in the sentence, the guard does not hold ("since the 1980s"). */
  unless: phraseList.default([]),
  /** Whether the words must open the sentence ("Were prices to fall"). */
  opening: z.boolean().default(false),
  /** Whether the sentence must end in a question mark. */
  question: z.boolean().default(false),
  examples: proof,
});

/** How people speak of a release without naming its subject. */
export const figuresDueSchema = z.strictObject({
  kind: z.literal('figures-due'),
  id,
  summary: z.string().min(1),
  /** The figures, whatever they are of. */
  nouns: phraseList,
  /** Words of publication; beside figures or a hint, or in the next sentence, they mean a release. */
  due: phraseList,
  /** Words of the near future, which mean a release only in the same sentence as the figures. */
  soon: phraseList,
  /** Hints that count without any noun when the sender may know the figures. */
  hints: phraseList,
  /** Hints that, together with when the figures come out, need no noun. */
  dueHints: phraseList,
  /** The same for hints that name the government, which need no more than the near future. */
  soonHints: phraseList,
  examples: proof,
});

/** How a number is tied to a measure; the words are in the subjects. */
export const figureRuleSchema = z.strictObject({
  kind: z.literal('figure'),
  id,
  summary: z.string().min(1),
  /** Words after a number that make it none of a measure's ("weeks", "staff", "pages"). */
  otherUnits: phraseList.default([]),
  /** Words before a number that make it a label ("room", "table", "version"). */
  labels: phraseList.default([]),
  examples: proof,
});

/** How a quantity is set against another time, which makes what it counts a statistic: "1.2 million openings, for the first time since 2001". */
export const comparisonSchema = z.strictObject({
  kind: z.literal('comparison'),
  id,
  summary: z.string().min(1),
  /** Words that set a quantity of the same sentence against another time. */
  words: phraseList,
  /** Where one of these stands in the sentence, the quantity is an office's own. */
  unless: phraseList.default([]),
  examples: proof,
});

/** One file of `rules/directions/`. */
export const directionFileSchema = z.discriminatedUnion('kind', [
  claimSchema,
  guardSchema,
  figuresDueSchema,
  figureRuleSchema,
  comparisonSchema,
  learnedSchema,
]);

export type Claim = z.infer<typeof claimSchema>;
export type Guard = z.infer<typeof guardSchema>;
export type FiguresDue = z.infer<typeof figuresDueSchema>;
export type FigureRule = z.infer<typeof figureRuleSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
export type DirectionFile = z.infer<typeof directionFileSchema>;

/** All files of `rules/directions/`, in order of their names. */
export type DirectionRules = readonly DirectionFile[];
