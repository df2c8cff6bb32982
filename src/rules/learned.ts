import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { phraseList, proof } from './phrase.ts';
import { id } from './rule-fields.ts';

/** Weights as they stand in a file: signed bytes, gzip, base64; each times `scale`. */
const weightsSchema = z.strictObject({
  scale: z.number().positive(),
  bias: z.number(),
  weights: z.base64(),
});

/** Numbers in signed bytes, gzip, base64; each times `scale`. */
const matrixSchema = z.strictObject({ scale: z.number().positive(), weights: z.base64() });

/** What a word can be besides its vector: a phrase of the rules, a number of some shape, unknown, a name (`src/detect/marked-words.ts`). */
export const WORD_MARKS = 15;

/** Kinds of names told apart by attention. */
export const MOST_NAMES = 3;

/** Numbers that attention has of each word: vector and marks of the word itself and of the one before it, and whether its sentence came earlier. */
export function attentionWidth(dims: number): number {
  return 2 * (dims + WORD_MARKS) + 1;
}

/** Names that mean the same to the reader ("in Toronto", "in Lagos"), so that it knows those that it was not taught. They silence nothing. */
const namesSchema = z.strictObject({ id, words: phraseList });

/** In one table: two million numbers are a hundred thousand words. */
const MAX_NUMBERS = 4_194_304;

/** Vectors that say what words are like, learned from published ones (`learn/word-vectors.ts`): a word a line, gzip, base64. */
export const vectorsSchema = z.strictObject({
  dims: z.int().min(1).max(300),
  scale: z.number().positive(),
  words: z.base64(),
  values: z.base64(),
});

/** A second reader of the same sentences, by what their words are like rather than which they are (`src/detect/attention.ts`). */
const attentionSchema = z.strictObject({
  heads: z.int().min(1).max(64),
  hidden: z.int().min(1).max(256),
  queries: matrixSchema,
  layer: matrixSchema,
  layerBias: z.array(z.number()),
  out: z.array(z.number()),
  bias: z.number(),
});

const REMEDY = 'take the shipped file, or learn it again';

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
    names: z.array(namesSchema).max(MOST_NAMES).default([]),
    /** Power of two: features are hashed into so many weights. */
    buckets: z.int().min(1024).max(1_048_576),
    indicates: weightsSchema,
    subjects: z.record(id, weightsSchema),
    vectors: vectorsSchema.optional(),
    attention: attentionSchema.optional(),
  })
  .superRefine((rule, context) => {
    for (const { path, has, wanted } of likenessLengths(rule))
      if (has !== wanted || wanted === 0)
        context.addIssue({ code: 'custom', path: [...path], message: `does not hold ${wanted} numbers: ${REMEDY}` });
    const all = [['indicates', rule.indicates] as const, ...Object.entries(rule.subjects)];
    for (const [key, { weights }] of all)
      if (inflateWeights(weights, rule.buckets)?.length !== rule.buckets)
        context.addIssue({
          code: 'custom',
          path: key === 'indicates' ? [key, 'weights'] : ['subjects', key, 'weights'],
          message: `does not hold ${rule.buckets} weights: ${REMEDY}`,
        });
  });

type Vectors = z.infer<typeof vectorsSchema>;

/** How long the tables of vectors and attention are, and how long they have to be. */
function likenessLengths(rule: {
  readonly vectors?: Vectors | undefined;
  readonly attention?: LearnedAttention | undefined;
}): readonly { readonly path: readonly string[]; readonly has: number | undefined; readonly wanted: number }[] {
  const { vectors, attention } = rule;
  const words = vectors === undefined ? 0 : (inflateWords(vectors.words)?.length ?? 0);
  const dims = vectors?.dims ?? 0;
  const ofVectors =
    vectors === undefined
      ? []
      : [{ path: ['vectors', 'values'], has: inflateWeights(vectors.values)?.length, wanted: words * dims }];
  if (attention === undefined) return ofVectors;
  const { heads, hidden, queries, layer, layerBias, out } = attention;
  // Without vectors there is nothing to go by.
  const width = vectors === undefined ? 0 : attentionWidth(dims);
  return [
    ...ofVectors,
    { path: ['attention', 'queries'], has: inflateWeights(queries.weights)?.length, wanted: heads * width },
    { path: ['attention', 'layer'], has: inflateWeights(layer.weights)?.length, wanted: hidden * heads * width },
    { path: ['attention', 'layerBias'], has: layerBias.length, wanted: hidden },
    { path: ['attention', 'out'], has: out.length, wanted: hidden },
  ];
}

export type Learned = z.infer<typeof learnedSchema>;
export type LearnedWeights = z.infer<typeof weightsSchema>;
export type LearnedMatrix = z.infer<typeof matrixSchema>;
export type Names = z.infer<typeof namesSchema>;
export type LearnedVectors = Vectors;
export type LearnedAttention = z.infer<typeof attentionSchema>;

/** The signed bytes, or null where the text holds none or more than wanted. */
export function inflateWeights(weights: string, most = MAX_NUMBERS): Int8Array | null {
  try {
    const bytes = gunzipSync(Buffer.from(weights, 'base64'), { maxOutputLength: most });
    return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch {
    return null;
  }
}

/** The words of a table of vectors, or null where the text holds none. */
export function inflateWords(words: string): readonly string[] | null {
  try {
    return gunzipSync(Buffer.from(words, 'base64'), { maxOutputLength: MAX_NUMBERS }).toString('utf8').split('\n');
  } catch {
    return null;
  }
}
