import { z } from 'zod';

/** A setting that has a value. */
export const text = z.string().min(1, 'is empty, give it a value or unset it');

/** A setting that may be unset: null. */
export const optional = text.optional().transform((value) => value ?? null);

/** A whole number of something, such as `minutes`. */
export function count(byDefault: number, least: number, most: number, unit: string) {
  const message = `is not a number of ${unit}, expected ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,7}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
    .prefault(String(byDefault));
}
