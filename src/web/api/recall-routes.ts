import type { Recall } from '../../service/recall-desk.ts';
import type { RetroScan } from '../../service/recall-record.ts';
import type { Service } from '../../service/service.ts';
import { recallAnswer, recallListAnswer } from './answer-schemas.ts';
import { type ApiRoute, apiRoute, reply } from './api-route.ts';
import { pageOf } from './page-of.ts';
import { confirmationBody, noQuery, pageQuery } from './request-schemas.ts';

/** What left before it was registered, and who has deleted it. */
export function recallRoutes(service: Service): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'get',
      path: '/v1/recalls',
      tag: 'Recalls',
      summary: 'Datasets that were searched for in what left',
      description: 'After each change of an entry of the sensitivity register, what left is searched for its data.',
      roles: ['reviewer', 'auditor', 'admin'],
      query: pageQuery,
      body: null,
      answer: recallListAnswer,
      handle: async ({ query, caller }) =>
        reply(await service.recallSummaries(caller), (items) => {
          const page = pageOf(items, ({ entry }) => entry, query);
          return { ...page, items: page.items.map(presentScan) };
        }),
    }),
    apiRoute({
      method: 'get',
      path: '/v1/recalls/:id',
      tag: 'Recalls',
      summary: 'Mails that carried a dataset, and whom they reached',
      roles: ['reviewer', 'auditor', 'admin'],
      query: noQuery,
      body: null,
      answer: recallAnswer,
      handle: async ({ id, caller }) => reply(await service.recall(id, caller), presentRecall),
    }),
    apiRoute({
      method: 'post',
      path: '/v1/recalls/:id/confirmations',
      tag: 'Recalls',
      summary: 'Note that a recipient deleted it',
      roles: ['reviewer'],
      query: noQuery,
      body: { type: 'application/json', schema: confirmationBody },
      answer: recallAnswer,
      handle: async ({ id, body, caller }) =>
        reply(await service.confirmDeletion({ ...body, entry: id }, caller), presentRecall),
    }),
  ];
}

const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString());

function presentScan<S extends RetroScan>({ scannedAt, ...scan }: S) {
  return { ...scan, scannedAt: instant(scannedAt) };
}

function presentRecall({ mails, ...scan }: Recall) {
  return {
    ...presentScan(scan),
    mails: mails.map(({ entry: _, sentAt, recipients, ...mail }) => ({
      ...mail,
      sentAt: instant(sentAt),
      recipients: recipients.map(({ deliveredAt, confirmedAt, ...one }) => ({
        ...one,
        deliveredAt: instant(deliveredAt),
        confirmedAt: instant(confirmedAt),
      })),
    })),
  };
}
