import { refuse } from '../authorise.ts';
import type { Caller } from '../ports.ts';
import type { Outcome } from '../service.ts';
import type { NoticeRecord, NoticeWishes } from './notice-record.ts';

/** What a person wishes to be told by mail. */
export interface NoticeDesk {
  /** Whether this Holdfast sends notices at all. */
  readonly isOn: boolean;
  wishesOf(caller: Caller): Promise<Outcome<NoticeWishes>>;
  wish(wishes: NoticeWishes, caller: Caller): Promise<Outcome<NoticeWishes>>;
}

/** Each person's own wishes, and nobody else's. */
export function createNoticeDesk(record: Pick<NoticeRecord, 'wishesOf' | 'wish'>, isOn: boolean): NoticeDesk {
  return {
    isOn,
    async wishesOf(caller) {
      return refuse(caller, 'own-account') ?? { ok: true, value: await record.wishesOf(caller.id) };
    },
    async wish(wishes, caller) {
      const refused = refuse(caller, 'own-account');
      if (refused !== null) return refused;
      await record.wish(caller.id, wishes);
      return { ok: true, value: wishes };
    },
  };
}
