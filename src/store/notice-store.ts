import type pg from 'pg';
import type { DueNotice, NoticeRecord, NoticeWishes } from '../service/notices/notice-record.ts';
import { insertMessage } from './messages/insert-message.ts';
import type { StoreKeys } from './store-keys.ts';

const LOCK = 0x48_4f_4e_54;
/** The trigger that notes what is due leaves these out. */
const SUBMITTED_BY = 'holdfast:notice';

interface DueRow {
  readonly message: string;
  readonly what: DueNotice['what'];
  readonly kind: DueNotice['kind'];
  readonly sender: string;
  readonly recipients: number;
  readonly received_at: Date;
  readonly hold_until: Date | null;
  readonly is_still: boolean;
}

export function createNoticeStore(pool: pg.Pool, keys: StoreKeys): NoticeRecord {
  return {
    async alone(work) {
      const client = await pool.connect();
      try {
        const { rows } = await client.query<{ is_ours: boolean }>('select pg_try_advisory_lock($1) as is_ours', [LOCK]);
        if (rows[0]?.is_ours !== true) return false;
        try {
          await work();
        } finally {
          await client.query('select pg_advisory_unlock($1)', [LOCK]);
        }
        return true;
      } finally {
        client.release();
      }
    },
    async dueToSenders(limit) {
      // Nobody is told of yesterday's, when notices are switched on or come back after long.
      await pool.query(
        `update notice_due set sender_told = true, reviewers_told = true
         where (not sender_told or not reviewers_told) and noted_at < now() - interval '1 day'`,
      );
      const { rows } = await pool.query<DueRow>(
        `select d.message_id as message, d.what, m.kind, m.sender, m.received_at, m.hold_until,
           (select count(*)::int from message_recipient r where r.message_id = m.id) as recipients,
           case d.what when 'released' then m.state in ('released', 'delivering', 'delivered') else m.state = d.what end as is_still
         from notice_due d join message m on m.id = d.message_id
         where not d.sender_told order by d.noted_at limit $1`,
        [limit],
      );
      return rows.map((row) => ({
        message: row.message,
        what: row.what,
        kind: row.kind,
        sender: row.sender,
        recipients: row.recipients,
        receivedAt: row.received_at.getTime(),
        holdUntil: row.hold_until?.getTime() ?? null,
        isStill: row.is_still,
      }));
    },
    async senderTold(message, what) {
      await pool.query('update notice_due set sender_told = true where message_id = $1 and what = $2', [message, what]);
    },
    async declines(sender) {
      const { rowCount } = await pool.query(
        `select from app_user u join notice_wish w on w.user_id = u.id
         where lower(u.address) = lower($1) and not w.own limit 1`,
        [sender],
      );
      return rowCount !== 0;
    },
    async waiting() {
      const { rows } = await pool.query<{ waiting: number; oldest: Date | null }>(
        `select count(*)::int as waiting, min(received_at) as oldest from message where state = 'held'`,
      );
      const fresh = await pool.query<{ id: string }>(
        `select d.message_id as id from notice_due d join message m on m.id = d.message_id
         where d.what = 'held' and not d.reviewers_told and m.state = 'held' and m.sender <> ''`,
      );
      const lifts = await pool.query<{ lift: Date; held: number }>(
        `select hold_until as lift, count(*)::int as held from message
         where state = 'held' and hold_until is not null group by 1 order by 1 limit 100`,
      );
      const [row] = rows;
      return {
        fresh: fresh.rows.map(({ id }) => id),
        waiting: row?.waiting ?? 0,
        oldest: row?.oldest?.getTime() ?? null,
        lifts: lifts.rows.map(({ lift, held }) => ({ lift: lift.getTime(), held })),
      };
    },
    async reviewers(wish) {
      const { rows } = await pool.query<{ address: string }>(
        `select distinct lower(u.address) as address from app_user u left join notice_wish w on w.user_id = u.id
         where 'reviewer' = any(u.roles) and u.address is not null and not u.is_disabled
           and coalesce(w.reviewing, 'soon') = $1 order by 1`,
        [wish],
      );
      return rows.map(({ address }) => address);
    },
    async mayTellReviewers(everyMs) {
      const { rowCount } = await pool.query(
        `select from notice_pace where reviewers_at is null or reviewers_at <= now() - $1 * interval '1 millisecond'`,
        [everyMs],
      );
      return rowCount !== 0;
    },
    async reviewersTold(messages) {
      await pool.query(
        `with told as (update notice_due set reviewers_told = true where what = 'held' and message_id = any($1))
         update notice_pace set reviewers_at = now()`,
        [messages],
      );
    },
    async takeDigest(day) {
      const { rowCount } = await pool.query(
        'update notice_pace set digest_day = $1 where digest_day is null or digest_day < $1',
        [day],
      );
      return rowCount !== 0;
    },
    async wishesOf(user) {
      const { rows } = await pool.query<NoticeWishes>('select reviewing, own from notice_wish where user_id = $1', [
        user,
      ]);
      return rows[0] ?? { reviewing: 'soon', own: true };
    },
    async wish(user, { reviewing, own }) {
      await pool.query(
        `insert into notice_wish (user_id, reviewing, own) values ($1, $2, $3)
         on conflict (user_id) do update set reviewing = excluded.reviewing, own = excluded.own`,
        [user, reviewing, own],
      );
    },
    async send(notice) {
      await insertMessage(pool, keys, notice, { name: 'notice.eml', submittedBy: SUBMITTED_BY });
    },
  };
}
