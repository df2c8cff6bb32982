export interface PageQuery {
  readonly limit: number;
  /** Id of the last item of the page before. */
  readonly after?: string | undefined;
}

/** One page of a list that is in memory as a whole; `next` is null where it is the last. An `after` that is gone begins anew. */
export function pageOf<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  { limit, after }: PageQuery,
): { readonly items: readonly T[]; readonly next: string | null } {
  const start = after === undefined ? 0 : items.findIndex((item) => idOf(item) === after) + 1;
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  return { items: page, next: last === undefined || start + limit >= items.length ? null : idOf(last) };
}
