import type { Service } from '../../service/service.ts';
import { given } from '../given.ts';
import { auditAnswer } from './answer-schemas.ts';
import { type ApiRoute, apiRoute, reply } from './api-route.ts';
import { auditQuery } from './request-schemas.ts';

/** The audit log, to read. */
export function auditRoutes(service: Service): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'get',
      path: '/v1/audit',
      tag: 'Audit',
      summary: 'Every act, newest first',
      roles: ['auditor', 'admin'],
      query: auditQuery,
      body: null,
      answer: auditAnswer,
      handle: async ({ query, caller }) =>
        reply(await service.auditTrail(given(query), caller), ({ items, next }) => ({
          items: items.map((row) => ({ ...row, at: new Date(row.at).toISOString() })),
          next,
        })),
    }),
  ];
}
