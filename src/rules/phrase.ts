import { z } from 'zod';
import { PatternFault, parsePattern } from '../text/pattern.ts';

/** A phrase pattern that can be read (`text/pattern.ts`). */
export const phrase = z.string().superRefine((pattern, context) => {
  try {
    parsePattern(pattern);
  } catch (cause) {
    if (!(cause instanceof PatternFault)) throw cause;
    context.addIssue({ code: 'custom', message: cause.message });
  }
});

export const phraseList = z.array(phrase);

/** Sentences a rule must match, and near-misses it must not (promise 9). */
export const proof = z.strictObject({
  match: z.array(z.string().min(1)).min(2),
  clean: z.array(z.string().min(1)).min(2),
});
