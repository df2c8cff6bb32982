import type { Sql } from '../sql.ts';

export interface WrappedKey {
  readonly id: string;
  readonly key_id: string;
  readonly wrapped_key: Buffer;
}

const MOST = 2000;

/** Wrapped data keys of messages that were just claimed, so that writing their judgement needs no second look at the record. */
export class RecentKeys {
  #known = new Map<string, WrappedKey>();

  keep({ id, key_id, wrapped_key }: WrappedKey): void {
    this.#known.set(id, { id, key_id, wrapped_key });
    // Claims that came to nothing leave theirs behind.
    if (this.#known.size > MOST)
      for (const oldest of [...this.#known.keys()].slice(0, MOST / 2)) this.#known.delete(oldest);
  }

  /** Those of these messages, each handed out once; what is not known is asked for. */
  async get(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, WrappedKey>> {
    const found = new Map<string, WrappedKey>();
    for (const id of ids) {
      const known = this.#known.get(id);
      if (known !== undefined) found.set(id, known);
      this.#known.delete(id);
    }
    const unknown = ids.filter((id) => !found.has(id));
    if (unknown.length === 0) return found;
    const { rows } = await sql.query<WrappedKey>({
      name: 'judgement-keys',
      text: 'select id, key_id, wrapped_key from message where id = any($1::text[])',
      values: [unknown],
    });
    for (const row of rows) found.set(row.id, row);
    return found;
  }
}
