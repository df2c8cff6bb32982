/**
 * Reads a query string whole: a parameter given once is a string, one given again a list.
 *
 * Express's own parser drops everything after the thousandth parameter, and with it recipients.
 */
export function readQuery(text: string | null | undefined): Readonly<Record<string, string | readonly string[]>> {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text ?? '')) {
    const before = query[name];
    if (before === undefined) query[name] = value;
    else if (typeof before === 'string') query[name] = [before, value];
    else before.push(value);
  }
  return { ...query };
}
