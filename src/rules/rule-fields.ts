import { z } from 'zod';

/** Id of a rule: lower case words joined by hyphens. */
export const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use lower case words joined by hyphens');

/** A regular expression in a rule file. */
export const pattern = z.string().refine(compiles, 'is not a valid regular expression');

function compiles(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}
