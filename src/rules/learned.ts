import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { proof } from './phrase.ts';
import { id } from './rule-fields.ts';

/** Weights as they stand in a file: signed bytes, gzip, base64; each times `scale`. */
const weightsSchema = z.strictObject({
  scale: z.number().positive(),
  bias: z.number(),
  weights: z.base64(),
});

/**
 * A reader learned from sentences (`learn/`) rather than written down: it says how much a sentence reads like a statement of what a
 * statistic shows, and of which subject.
 */
export const learnedSchema = z
  .strictObject({
    kind: z.literal('learned'),
    id,
    summary: z.string().min(1),
    /** Log-odds from which on a sentence is found: in a tweet or a note, and in a longer text, where honest sentences are many. */
    least: z.strictObject({ note: z.number(), text: z.number(), subject: z.number() }),
    /** Log-odds below which words, or figures, that other rules find in a sentence of at least four words are none. */
    doubt: z.strictObject({ words: z.number(), figures: z.number() }),
    examples: proof,
    /** Power of two: features are hashed into so many weights. */
    buckets: z.int().min(1024).max(1_048_576),
    indicates: weightsSchema,
    subjects: z.record(id, weightsSchema),
  })
  .superRefine((rule, context) => {
    const all = [['indicates', rule.indicates] as const, ...Object.entries(rule.subjects)];
    for (const [key, { weights }] of all)
      if (inflateWeights(weights, rule.buckets)?.length !== rule.buckets)
        context.addIssue({
          code: 'custom',
          path: key === 'indicates' ? [key, 'weights'] : ['subjects', key, 'weights'],
          message: `does not hold ${rule.buckets} weights: take the shipped file, or learn it again`,
        });
  });

export type Learned = z.infer<typeof learnedSchema>;
export type LearnedWeights = z.infer<typeof weightsSchema>;

/** The signed bytes, or null where the text holds none or more than wanted. */
export function inflateWeights(weights: string, most: number): Int8Array | null {
  try {
    const bytes = gunzipSync(Buffer.from(weights, 'base64'), { maxOutputLength: most });
    return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch {
    return null;
  }
}
