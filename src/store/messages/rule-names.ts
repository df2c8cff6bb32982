import { digestRule } from '../digest-rule.ts';
import { unwrapDataKey } from '../sealing.ts';
import type { Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { type MessageRow, openJudgement } from './message-row.ts';

/** Shown for a rule whose name nothing that can be opened tells. */
export const UNKNOWN_RULE = 'a rule no longer known';

type SealedRow = Pick<MessageRow, 'id' | 'key_id' | 'wrapped_key' | 'judgement'>;

/** Names of rules by their digests, `detector/rule`: read once out of the sealed judgement of a message that a rule found. */
export class RuleNames {
  readonly #keys: StoreKeys;
  readonly #known = new Map<string, string>();

  constructor(keys: StoreKeys) {
    this.#keys = keys;
  }

  /** The name, or `UNKNOWN_RULE` where it was not learned. */
  of(digest: string): string {
    return this.#known.get(digest) ?? UNKNOWN_RULE;
  }

  /** @param carriers for each digest, a message that carries it. */
  async learn(sql: Sql, carriers: ReadonlyMap<string, string>): Promise<void> {
    const ids = new Set([...carriers].flatMap(([digest, id]) => (this.#known.has(digest) ? [] : [id])));
    if (ids.size === 0) return;
    const { rows } = await sql.query<SealedRow>({
      name: 'name-rules',
      text: 'select id, key_id, wrapped_key, judgement from message where id = any($1::text[])',
      values: [[...ids]],
    });
    for (const row of rows) this.#read(row);
  }

  #read({ id, key_id, wrapped_key, judgement }: SealedRow): void {
    if (judgement === null) return;
    try {
      const { findings } = openJudgement(id, judgement, unwrapDataKey(id, key_id, wrapped_key, this.#keys));
      for (const finding of findings)
        this.#known.set(digestRule(finding, this.#keys), `${finding.detector}/${finding.rule}`);
    } catch {
      // Its key is lost, which doctor says: those who oversee are still to see the counts.
    }
  }
}
