import { z } from 'zod';
import { instant } from '../api/request-schemas.ts';

/** A draft as places outside our pages send it: words alone. */
export const draftToCheck = z
  .strictObject({
    text: z.string().max(20_000, 'is longer than 20,000 characters; check it on the page'),
    channel: z.string().min(1).max(64).default('other'),
    publishAt: instant.nullish().transform((value) => value ?? null),
  })
  .refine(({ text }) => text.trim() !== '', { path: ['text'], message: 'is empty; send the draft' });

/** The first thing that is wrong with a draft, as a sentence's beginning: `text: is empty; send the draft`. */
export function faultOfDraft({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'is not valid'}`;
}
