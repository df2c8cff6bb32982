import type { NoticeDesk } from '../../service/notices/notice-desk.ts';
import type { NoticeWishes, ReviewingWish } from '../../service/notices/notice-record.ts';
import { ROLES } from '../../service/roles.ts';
import { problemOf } from '../problem.ts';
import { type PageRoute, page, pageOf } from './page-route.ts';

const REVIEWING: readonly { readonly value: ReviewingWish; readonly text: string }[] = [
  { value: 'soon', text: 'When something new waits, at most every ten minutes' },
  { value: 'daily', text: 'Once a day, if anything waits' },
  { value: 'off', text: 'Never' },
];

/** What a person wishes to be told by mail. */
export function noticePages(desk: NoticeDesk): readonly PageRoute[] {
  const show = (wishes: NoticeWishes, call: Parameters<PageRoute['handle']>[0], isSaved: boolean) =>
    page('notices.njk', {
      wishes,
      reviewing: REVIEWING,
      isReviewer: call.caller.roles.includes('reviewer'),
      isSubmitter: call.caller.roles.includes('submitter'),
      address: call.caller.address,
      isOn: desk.isOn,
      isSaved,
    });
  return [
    {
      method: 'get',
      path: '/notices',
      roles: ROLES,
      handle: async (call) => pageOf(await desk.wishesOf(call.caller), (wishes) => show(wishes, call, false)),
    },
    {
      method: 'post',
      path: '/notices',
      roles: ROLES,
      handle: async (call) => {
        const known = await desk.wishesOf(call.caller);
        if (!known.ok) return { kind: 'problem', problem: problemOf(known.refusal) };
        // A part that the page did not show, because of the roles, stays as it is.
        const reviewing = REVIEWING.find(({ value }) => value === call.form.get('reviewing'))?.value;
        const own = call.form.has('asks-own') ? call.form.get('own') === 'yes' : known.value.own;
        const wishes = { reviewing: reviewing ?? known.value.reviewing, own };
        return pageOf(await desk.wish(wishes, call.caller), (saved) => show(saved, call, true));
      },
    },
  ];
}
