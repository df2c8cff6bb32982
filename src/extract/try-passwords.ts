import type { ExtractContext } from './extractor.ts';

/**
 * What the first fitting password opens: those that programs try by themselves, none at all among them, then those at hand; `null`
 * where none fits, or the message has no more tries.
 */
export async function tryPasswords<T>(
  context: ExtractContext,
  builtIn: readonly string[],
  open: (password: string) => T | null | Promise<T | null>,
): Promise<T | null> {
  for (const password of new Set([...builtIn, ...context.passwords])) {
    const end = context.budget.beginTrial();
    if (end === null) return null;
    try {
      const opened = await open(password);
      if (opened !== null) return opened;
    } finally {
      end();
    }
    context.budget.checkTime();
  }
  return null;
}
