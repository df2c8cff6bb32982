import { z } from 'zod';
import type { Caller } from '../../service/ports.ts';
import type { MessageView, Outcome, Revealed, Service } from '../../service/service.ts';
import { problemOf } from '../problem.ts';
import { besideMessage } from './beside-message.ts';
import { falseAlarmPages } from './false-alarm-pages.ts';
import { type DecisionForm, messagePageData, NO_DECISION } from './message-page.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { queuePages } from './queue-page.ts';
import { framedHtml } from './safe-html.ts';
import { selectedPages } from './selected-pages.ts';
import { tableCharts } from './table-chart.ts';
import { STATE_TAGS } from './wording.ts';

const HISTORY_WORDS: Readonly<Record<string, string>> = {
  'message.revealed': 'looked at the content',
  'message.released': 'released it',
  'message.rejected': 'rejected it',
  'message.release-at-lift': 'set it to go at the lift',
  'message.released-to-eligible': 'released it to those who may have it',
  'message.release-proposed': 'proposed to release it',
  'message.asked': 'asked the sender',
};

const Decision = z.strictObject({
  action: z.enum(
    ['release', 'reject', 'release-at-lift', 'release-eligible', 'ask'],
    'Choose what happens to the message',
  ),
  reason: z
    .string()
    .trim()
    .min(1, 'Say why, in a sentence; it is kept in the audit log')
    .max(2000, 'Use 2,000 characters or less'),
});

/** Held messages: the list, one message, what is in it, and the decision. */
export function reviewRoutes(service: Service): readonly PageRoute[] {
  return [
    ...queuePages(service),
    ...selectedPages(service),
    ...falseAlarmPages(service),
    {
      method: 'get',
      path: '/review/:id',
      roles: ['reviewer'],
      handle: async ({ id, caller, query }) =>
        showMessage(service, await service.viewMessage(id, caller), caller, NO_DECISION, query.get('done')),
    },
    {
      method: 'post',
      path: '/review/:id/reveal',
      roles: ['reviewer'],
      handle: async ({ id, caller }) => {
        const outcome = await service.revealMessage(id, caller);
        return showMessage(service, outcome, caller, NO_DECISION, null);
      },
    },
    { method: 'post', path: '/review/:id/decision', roles: ['reviewer'], handle: (call) => decide(service, call) },
  ];
}

async function showMessage(
  service: Service,
  outcome: Outcome<MessageView> | Outcome<Revealed>,
  caller: Caller,
  decision: DecisionForm,
  done: string | null,
): Promise<PageReply> {
  if (!outcome.ok) return { kind: 'problem', problem: problemOf(outcome.refusal) };
  const registers = await service.registers(caller);
  const view = 'message' in outcome.value ? outcome.value.message : outcome.value;
  const opened = 'message' in outcome.value ? outcome.value.opened : null;
  const columns = 'message' in outcome.value ? outcome.value.columns : undefined;
  const history = await service.messageHistory(view.id, caller);
  const acts = (history.ok ? history.value : []).map(({ at, actor, actorName, action, detail }) => ({
    at,
    who: actorName ?? actor,
    words: HISTORY_WORDS[action] ?? action,
    // A cleared reviewer may have put into words what somebody without access must not read.
    reason: view.mayReveal && typeof detail['reason'] === 'string' ? detail['reason'] : null,
  }));
  const batch = await service.viewBatch(view.id, caller);
  const siblings = (batch.ok ? batch.value : []).map((mail) => ({ ...mail, state: STATE_TAGS[mail.state] }));
  const data = messagePageData(
    view,
    registers.ok ? registers.value : null,
    opened,
    service.clock.now(),
    decision,
    columns,
  );
  const beside = await besideMessage(service, view, opened, caller);
  const markup = 'message' in outcome.value ? (outcome.value.markup ?? []) : [];
  const status = Object.keys(decision.errors).length > 0 ? 422 : 200;
  return page(
    'message.njk',
    {
      ...data,
      acts,
      // It stays so while it is held, whatever else is done to it.
      setToGo: view.state === 'held' && history.ok && history.value.some(isSettingToGo),
      ...beside,
      siblings,
      frames: markup.map(framedHtml),
      charts: opened === null ? [] : tableCharts(opened),
      done: Decision.shape.action.safeParse(done).data ?? (done === 'proposed' || done === 'false-alarm' ? done : null),
    },
    status,
  );
}

const isSettingToGo = ({ action }: { readonly action: string }) => action === 'message.release-at-lift';

async function decide(service: Service, { id, form, caller }: PageCall): Promise<PageReply> {
  const fields = { action: form.get('action') ?? '', reason: form.get('reason') ?? '' };
  const parsed = Decision.safeParse(fields);
  if (!parsed.success) {
    const errors = Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]));
    const action = Decision.shape.action.safeParse(fields.action).data ?? null;
    return showMessage(
      service,
      await service.viewMessage(id, caller),
      caller,
      { action, reason: fields.reason, errors },
      null,
    );
  }
  const outcome = await service.decideMessage(id, parsed.data, caller);
  return pageOf(outcome, ({ state }) => {
    // Held still: the first of two people, but for what keeps it held anyway.
    const isProposal = state === 'held' && ['release', 'release-eligible'].includes(parsed.data.action);
    return {
      kind: 'redirect',
      to: `/review/${encodeURIComponent(id)}?done=${isProposal ? 'proposed' : parsed.data.action}`,
    };
  });
}
