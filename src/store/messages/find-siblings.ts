import type { Sibling } from '../../detect/batch.ts';
import { idsAround } from '../../service/message-id.ts';
import { open, seal, unwrapDataKey } from '../sealing.ts';
import type { Sql } from '../sql.ts';
import type { StoreKeys } from '../store-keys.ts';

const WINDOW_MS = 3 * 3_600_000;
/** Bounds what comparing costs where one sender sends thousands. */
const MOST = 60;

/**
 * The judged mails with attachments that a sender sent in the hours around one of them, newest first.
 *
 * By when they came in, so that a mail judged again much later is among the same ones as at first.
 */
export async function findSiblings(
  sql: Sql,
  keys: StoreKeys,
  sender: string,
  notId: string,
): Promise<readonly Sibling[]> {
  const { from, until } = idsAround(notId, WINDOW_MS);
  const { rows } = await sql.query<{ id: string; key_id: string; wrapped_key: Buffer; sibling: Buffer }>({
    name: 'find-siblings',
    text: `
      select id, key_id, wrapped_key, sibling from message
      where sender = $1 and id <> $2 and sibling is not null and id between $4 and $5
      order by id desc limit $3`,
    values: [sender, notId, MOST, from, until],
  });
  return rows.map(({ id, key_id, wrapped_key, sibling }) =>
    // Authenticated by the message's own key, so it is what `sealSibling` wrote.
    JSON.parse(open(sibling, unwrapDataKey(id, key_id, wrapped_key, keys), `${id}/sibling`).toString('utf8')),
  );
}

export function sealSibling(id: string, sibling: Sibling, key: Uint8Array): Buffer {
  return seal(Buffer.from(JSON.stringify(sibling)), key, `${id}/sibling`);
}
