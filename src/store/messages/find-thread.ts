import type { Thread } from '../../detect/detector.ts';
import type { Sql } from '../sql.ts';

/** Mails of one id: a mail to many arrives as several. */
const MOST = 50;

/** Between whom the mails of these `Message-ID`s passed and which register entries they concerned; null where none is in the record. */
export async function findThread(sql: Sql, messageIds: readonly string[]): Promise<Thread | null> {
  const { rows } = await sql.query<{ sender: string; recipients: readonly string[]; entries: readonly string[] }>({
    name: 'find-thread',
    text: `
      select m.sender, m.entries, array(select address from message_recipient r where r.message_id = m.id) as recipients
      from message m where m.message_id = any($1::text[]) order by m.id desc limit ${MOST}`,
    values: [messageIds],
  });
  if (rows.length === 0) return null;
  return {
    addresses: [...new Set(rows.flatMap(({ sender, recipients }) => [sender, ...recipients]))],
    entries: [...new Set(rows.flatMap(({ entries }) => entries))],
  };
}
