import { EmbargoDocument } from '../../registers/embargo-document.ts';
import { SensitivityDocument } from '../../registers/sensitivity-document.ts';
import type { Role } from '../../service/ports.ts';
import type { Service } from '../../service/service.ts';
import { embargoAnswer, pageAnswer, sensitivityAnswer } from './answer-schemas.ts';
import { type ApiRoute, apiRoute, reply } from './api-route.ts';
import { pageOf } from './page-of.ts';
import { presentEmbargo, presentSensitivity } from './present-entry.ts';
import { entryBody, noQuery, pageQuery } from './request-schemas.ts';

const READERS: readonly Role[] = ['reviewer', 'registrar', 'auditor', 'admin'];

/** The two registers. An entry has the shape of its YAML file. */
export function registerRoutes(service: Service): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'get',
      path: '/v1/embargoes',
      tag: 'Registers',
      summary: 'All embargo entries',
      roles: READERS,
      query: pageQuery,
      body: null,
      answer: pageAnswer(embargoAnswer),
      handle: async ({ query, caller }) =>
        reply(await service.registers(caller), ({ embargoes }) => {
          const page = pageOf(embargoes, ({ id }) => id, query);
          return { ...page, items: page.items.map(presentEmbargo) };
        }),
    }),
    apiRoute({
      method: 'get',
      path: '/v1/embargoes/:id',
      tag: 'Registers',
      summary: 'One embargo entry',
      roles: READERS,
      query: noQuery,
      body: null,
      answer: embargoAnswer,
      handle: async ({ id, caller }) => reply(await service.embargo(id, caller), presentEmbargo),
    }),
    apiRoute({
      method: 'put',
      path: '/v1/embargoes/:id',
      tag: 'Registers',
      summary: 'Write an embargo entry',
      description:
        'Figures are sealed as soon as they are read; one without a value keeps the sealed value that the entry has.',
      roles: ['registrar'],
      query: noQuery,
      body: { type: 'application/json', schema: entryBody, documented: EmbargoDocument },
      answer: embargoAnswer,
      handle: async ({ id, body, caller }) => reply(await service.putEmbargo(id, body, caller), presentEmbargo),
    }),
    apiRoute({
      method: 'get',
      path: '/v1/sensitivity',
      tag: 'Registers',
      summary: 'All sensitivity entries',
      roles: READERS,
      query: pageQuery,
      body: null,
      answer: pageAnswer(sensitivityAnswer),
      handle: async ({ query, caller }) =>
        reply(await service.registers(caller), ({ sensitivity }) => {
          const page = pageOf(sensitivity, ({ id }) => id, query);
          return { ...page, items: page.items.map(presentSensitivity) };
        }),
    }),
    apiRoute({
      method: 'get',
      path: '/v1/sensitivity/:id',
      tag: 'Registers',
      summary: 'One sensitivity entry',
      roles: READERS,
      query: noQuery,
      body: null,
      answer: sensitivityAnswer,
      handle: async ({ id, caller }) => reply(await service.sensitivity(id, caller), presentSensitivity),
    }),
    apiRoute({
      method: 'put',
      path: '/v1/sensitivity/:id',
      tag: 'Registers',
      summary: 'Write a sensitivity entry',
      roles: ['registrar'],
      query: noQuery,
      body: { type: 'application/json', schema: entryBody, documented: SensitivityDocument },
      answer: sensitivityAnswer,
      handle: async ({ id, body, caller }) => reply(await service.putSensitivity(id, body, caller), presentSensitivity),
    }),
  ];
}
