import type { Sibling } from '../../detect/batch.ts';
import type { Siblings } from '../../scan/engine.ts';
import { idsAround } from '../../service/message-id.ts';
import { open, seal, unwrapDataKey } from '../sealing.ts';
import type { Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';

const WINDOW_MS = 3 * 3_600_000;
/** Bounds what comparing costs where one sender sends thousands. */
const MOST = 100;
/** Mails that came in so long before or after one of a batch may belong to it though they are not judged yet. */
const ABOUT_NOW_MS = 120_000;

/**
 * The judged mails with attachments that a sender sent in the hours around one of them, newest first, and how many are not judged yet.
 *
 * By when they came in, so that a mail judged again much later is among the same ones as at first.
 */
export async function findSiblings(
  sql: Sql,
  keys: StoreKeys,
  sender: string,
  id: string,
): Promise<Siblings & { readonly own: Sibling | null }> {
  const { from, until } = idsAround(id, WINDOW_MS);
  const { rows } = await sql.query<{ id: string; key_id: string; wrapped_key: Buffer; sibling: Buffer }>({
    name: 'find-siblings',
    text: `
      select id, key_id, wrapped_key, sibling from message
      where sender = $1 and sibling is not null and id between $3 and $4
      order by (id = $5) desc, id desc limit $2`,
    values: [sender, MOST + 1, from, until, id],
  });
  const judged: Sibling[] = rows.map((row) =>
    // Authenticated by the message's own key, so it is what `sealSibling` wrote.
    JSON.parse(
      open(row.sibling, unwrapDataKey(row.id, row.key_id, row.wrapped_key, keys), `${row.id}/sibling`).toString('utf8'),
    ),
  );
  const own = judged.find((sibling) => sibling.id === id) ?? null;
  return { own, judged: judged.filter((sibling) => sibling !== own), unjudged: await countUnjudged(sql, sender, id) };
}

async function countUnjudged(sql: Sql, sender: string, notId: string): Promise<number> {
  const { from, until } = idsAround(notId, ABOUT_NOW_MS);
  const { rows } = await sql.query<{ count: number }>({
    name: 'count-unjudged-of-sender',
    text: `
      select count(*)::int as count from message
      where sender = $1 and id <> $2 and verdict is null and kind = 'email' and id between $3 and $4`,
    values: [sender, notId, from, until],
  });
  return rows[0]?.count ?? 0;
}

export function sealSibling(id: string, sibling: Sibling, key: Uint8Array): Buffer {
  return seal(Buffer.from(JSON.stringify(sibling)), key, `${id}/sibling`);
}
