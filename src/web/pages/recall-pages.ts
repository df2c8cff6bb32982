import { z } from 'zod';
import type { Recall } from '../../service/recall-desk.ts';
import type { Outcome, Service } from '../../service/service.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';

const Confirmation = z.object({
  message: z.string().min(1).max(100),
  recipient: z.string().min(1).max(400),
  note: z.string().trim().max(500).default(''),
});

const KNOWN_BY = {
  rows: 'by its rows',
  columns: 'by its columns',
  passages: 'by its passages',
} as const;

/** Recalls: what left before it was registered, whom it reached, and who has deleted it. */
export function recallPages(service: Service): readonly PageRoute[] {
  return [
    {
      method: 'get',
      path: '/recalls',
      roles: ['reviewer', 'auditor', 'admin'],
      handle: async ({ caller }) =>
        pageOf(await service.recallSummaries(caller), (items) =>
          page('recalls.njk', {
            found: items.filter((item) => item.found > 0),
            clear: items.filter((item) => item.found === 0 && item.scannedAt !== null),
            searching: items.filter((item) => item.scannedAt === null),
          }),
        ),
    },
    {
      method: 'get',
      path: '/recalls/:id',
      roles: ['reviewer', 'auditor', 'admin'],
      handle: async ({ id, caller }) => showRecall(await service.recall(id, caller), caller),
    },
    {
      method: 'post',
      path: '/recalls/:id/confirmations',
      roles: ['reviewer'],
      handle: async ({ id, caller, form }) => {
        const given = Confirmation.safeParse(Object.fromEntries(form));
        if (!given.success) return showRecall(await service.recall(id, caller), caller);
        const outcome = await service.confirmDeletion({ ...given.data, entry: id }, caller);
        return outcome.ok
          ? { kind: 'redirect', to: `/recalls/${encodeURIComponent(id)}` }
          : showRecall(outcome, caller);
      },
    },
  ];
}

async function showRecall(outcome: Outcome<Recall>, caller: PageCall['caller']): Promise<PageReply> {
  return pageOf(outcome, (recall) => {
    const recipients = recall.mails.flatMap((mail) => mail.recipients);
    return page('recall.njk', {
      recall,
      mails: recall.mails.map((mail) => ({ ...mail, knownBy: KNOWN_BY[mail.by] })),
      reached: recipients.length,
      confirmed: recipients.filter(({ confirmedAt }) => confirmedAt !== null).length,
      mayConfirm: caller.roles.includes('reviewer'),
    });
  });
}
