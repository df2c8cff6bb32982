import type { Service } from '../../service/service.ts';
import { given } from '../given.ts';
import { messageAnswer, messageListAnswer } from './answer-schemas.ts';
import { type ApiRoute, apiRoute, reply } from './api-route.ts';
import { presentMessage } from './present-message.ts';
import { decisionBody, draftBody, envelopeQuery, listQuery, noQuery } from './request-schemas.ts';

/** Messages, drafts and decisions. */
export function messageRoutes(service: Service): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'post',
      path: '/v1/messages',
      tag: 'Messages',
      summary: 'Judge an e-mail',
      description: 'Stores the e-mail, judges it at once and answers in its sender’s view.',
      roles: ['submitter'],
      query: envelopeQuery,
      body: { type: 'message/rfc822' },
      answer: messageAnswer,
      handle: async ({ query, body, caller }) =>
        reply(await service.submitMessage(body as Uint8Array, query, caller), presentMessage),
    }),
    apiRoute({
      method: 'get',
      path: '/v1/messages',
      tag: 'Messages',
      summary: 'List messages, newest first',
      roles: ['submitter', 'reviewer', 'auditor', 'admin'],
      query: listQuery,
      body: null,
      answer: messageListAnswer,
      handle: async ({ query, caller }) =>
        reply(await service.listMessages(given(query), caller), (page) => ({
          items: page.items.map(presentMessage),
          next: page.next,
        })),
    }),
    apiRoute({
      method: 'get',
      path: '/v1/messages/:id',
      tag: 'Messages',
      summary: 'One message in the caller’s view',
      roles: ['submitter', 'reviewer', 'auditor', 'admin'],
      query: noQuery,
      body: null,
      answer: messageAnswer,
      handle: async ({ id, caller }) => reply(await service.viewMessage(id, caller), presentMessage),
    }),
    apiRoute({
      method: 'post',
      path: '/v1/messages/:id/decision',
      tag: 'Messages',
      summary: 'Release or reject a held message',
      description:
        '`release-at-lift` waits for the lift and then scans once more; `release-eligible` goes to those alone whom the policy would let have it; `ask` sends the reason to the sender as a question, and the message stays held. Where the policy asks for two people, the first release answers with the message still held.',
      roles: ['reviewer'],
      query: noQuery,
      body: { type: 'application/json', schema: decisionBody },
      answer: messageAnswer,
      handle: async ({ id, body, caller }) => reply(await service.decideMessage(id, body, caller), presentMessage),
    }),
    apiRoute({
      method: 'post',
      path: '/v1/drafts',
      tag: 'Drafts',
      summary: 'Judge a draft and keep it',
      roles: ['submitter'],
      query: noQuery,
      body: { type: 'application/json', schema: draftBody },
      answer: messageAnswer,
      handle: async ({ body, caller }) => reply(await service.submitDraft(body, caller), presentMessage),
    }),
    apiRoute({
      method: 'post',
      path: '/v1/drafts/check',
      tag: 'Drafts',
      summary: 'Judge a draft without keeping it',
      description: 'For checks while typing: nothing is stored, and `id` names nothing.',
      roles: ['submitter'],
      query: noQuery,
      body: { type: 'application/json', schema: draftBody },
      answer: messageAnswer,
      handle: async ({ body, caller }) => reply(await service.checkDraft(body, caller), presentMessage),
    }),
  ];
}
