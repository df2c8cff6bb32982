import type { KeptMessage, KeptMessageQuery } from '../../service/stores.ts';
import type { Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';
import { MESSAGE_COLUMNS, type MessageRow, toMessage } from './message-row.ts';

export async function findMessage(sql: Sql, keys: StoreKeys, id: string): Promise<KeptMessage | null> {
  const { rows } = await sql.query<MessageRow>({
    name: 'find-message',
    text: `select ${MESSAGE_COLUMNS} from message m where m.id = $1`,
    values: [id],
  });
  return rows[0] === undefined ? null : toMessage(rows[0], keys);
}

/** Newest first; ids sort by time. */
export async function listMessages(
  sql: Sql,
  keys: StoreKeys,
  query: KeptMessageQuery,
): Promise<readonly KeptMessage[]> {
  const { rows } = await sql.query<MessageRow>({
    text: `
      select ${MESSAGE_COLUMNS} from message m
      where ($1::text is null or m.state = $1) and ($2::text is null or m.id < $2) and ($3::text is null or m.submitted_by = $3)
        and ($5::text is null or m.entries @> array[$5::text])
        and ($6::text is null or strpos(lower(m.sender), lower($6)) > 0)
      order by m.id desc limit $4`,
    values: [
      query.state ?? null,
      query.after ?? null,
      query.submittedBy ?? null,
      query.limit,
      query.entry ?? null,
      query.sender ?? null,
    ],
  });
  return rows.map((row) => toMessage(row, keys));
}
