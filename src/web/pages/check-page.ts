import type { Instant } from '../../core/entry.ts';
import type { MessageView, Service } from '../../service/service.ts';
import { CHANNELS, type CheckErrors, type CheckFields, readCheckFields, readDraft } from './check-form.ts';
import { highlight } from './highlight.ts';
import { type PageRoute, page, pageOf } from './page-route.ts';
import { groupReasons, marksOf } from './reasons.ts';
import { adviseAuthor, adviseOnDraft } from './wording.ts';

/** The path that the draft's own words have among the parts; findings elsewhere are in an attachment. */
const DRAFT_TEXT = 'body';

/** Check a draft before it is published: the sender's view only, and nothing is kept. */
export function checkRoutes(service: Service): readonly PageRoute[] {
  const form = (fields: CheckFields, errors: CheckErrors, result: unknown, status = 200) =>
    page('check-draft.njk', { channels: CHANNELS, fields, errors, result }, status);
  const resultOf = (view: MessageView, text: string, publishAt: Instant | null) =>
    checkResult(view, text, publishAt, service.clock);
  return [
    {
      method: 'get',
      path: '/check',
      roles: ['submitter'],
      handle: async ({ query }) => form(readCheckFields(query), {}, null),
    },
    {
      method: 'post',
      path: '/check',
      roles: ['submitter'],
      handle: async ({ form: values, files, caller }) => {
        const fields = readCheckFields(values);
        const read = readDraft(fields, files, caller);
        if (!read.ok) return form(fields, read.errors, null, 422);
        if (values.get('intent') === 'send') {
          return pageOf(await service.submitDraft(read.draft, caller), ({ id }) => ({
            kind: 'redirect',
            to: `/drafts/${encodeURIComponent(id)}`,
          }));
        }
        const outcome = await service.checkDraft(read.draft, caller);
        return pageOf(outcome, (view) => form(fields, {}, resultOf(view, fields.text, read.draft.publishAt)));
      },
    },
    {
      method: 'get',
      path: '/drafts/:id',
      roles: ['submitter'],
      handle: async ({ id, caller }) =>
        pageOf(await service.viewMessage(id, caller), (view) =>
          page('draft-sent.njk', {
            view,
            advice: adviseAuthor(view, service.clock.now()),
            reasons: groupReasons(view.findings),
          }),
        ),
    },
    {
      method: 'post',
      path: '/check/live',
      roles: ['submitter'],
      fragment: true,
      handle: async ({ form: values, caller }) => {
        const fields = readCheckFields(values);
        const read = readDraft(fields, [], caller);
        // While typing, an unfinished form is no mistake: there is just no answer yet.
        if (!read.ok)
          return page('check-result.njk', { result: null, waitingFor: Object.values(read.errors)[0] ?? null });
        const outcome = await service.checkDraft(read.draft, caller);
        return pageOf(outcome, (view) =>
          page('check-result.njk', {
            result: resultOf(view, fields.text, read.draft.publishAt),
            filesWaiting: Number(values.get('files')) > 0,
          }),
        );
      },
    },
  ];
}

function checkResult(view: MessageView, text: string, publishAt: Instant | null, clock: Service['clock']) {
  const now = clock.now();
  const effectiveAt = Math.max(now, publishAt ?? now);
  const grouped = groupReasons(view.findings);
  const reasons = grouped.map((reason) => ({
    ...reason,
    elsewhere: reason.path === DRAFT_TEXT ? null : reason.path,
    marked: reason.path === DRAFT_TEXT && reason.spans.length > 0,
  }));
  return {
    advice: adviseOnDraft(view, publishAt, now),
    // A fixed clock comes to no lift, and a draft planned for later is safe or not by its plan.
    liftIn: view.holdUntil === null || clock.fixed || effectiveAt > now ? null : view.holdUntil - now,
    reasons,
    incomplete: view.incomplete,
    segments: highlight(text, marksOf(grouped, DRAFT_TEXT)),
  };
}
