import type { Service } from '../../service/service.ts';
import { CHANNELS, type CheckErrors, type CheckFields, readCheckFields, readDraft } from './check-form.ts';
import { type CheckResult, checkResult } from './check-result.ts';
import { type PageRoute, page, pageOf } from './page-route.ts';
import { ZONES } from './planned-time.ts';
import { groupReasons } from './reasons.ts';
import { adviseAuthor } from './wording.ts';

/** Check a draft before it is published: the sender's view only, and nothing is kept. */
export function checkRoutes(service: Service): readonly PageRoute[] {
  const form = (fields: CheckFields, errors: CheckErrors, result: CheckResult | null, status = 200) => {
    const zones = ZONES.some(({ value }) => value === fields.zone)
      ? ZONES
      : [...ZONES, { value: fields.zone, text: fields.zone }];
    return page('check-draft.njk', { channels: CHANNELS, zones, fields, errors, result }, status);
  };
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
        const had = Math.max(fields.hadFiles, files.length);
        if (!read.ok) return form({ ...fields, hadFiles: had }, read.errors, null, 422);
        const isForgotten = forgets(fields, files.length, values);
        if (values.get('intent') === 'send') {
          if (isForgotten) return form(fields, { files: AGAIN }, null, 422);
          return pageOf(await service.submitDraft(read.draft, caller), ({ id }) => ({
            kind: 'redirect',
            to: `/drafts/${encodeURIComponent(id)}`,
          }));
        }
        const { publishAt } = read.draft;
        const checked = {
          text: fields.text,
          publishAt,
          plannedNote: read.plannedNote,
          filesLeftOut: isForgotten ? ('forgotten' as const) : ('none' as const),
        };
        const outcome = await service.checkDraft(read.draft, caller);
        return pageOf(outcome, (view) =>
          form(
            { ...fields, hadFiles: isForgotten ? had : files.length },
            {},
            checkResult(view, checked, service.clock),
          ),
        );
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
      handle: async ({ form: values, files, caller }) => {
        const given = readCheckFields(values);
        // Nobody is named yet: judged as for everybody, which is stricter.
        const fields = given.recipients.trim() === '' ? { ...given, audience: 'public' } : given;
        const chosen = Math.max(files.length, Number(values.get('files')) || 0);
        const filesWaiting = files.length === 0 && chosen > 0;
        const forgotten = forgets(fields, chosen, values) ? ('forgotten' as const) : ('none' as const);
        const read = readDraft(fields, files, caller);
        // While typing, an unfinished form is no mistake: there is just no answer yet.
        if (!read.ok)
          return page('check-result.njk', {
            result: null,
            waitingFor: filesWaiting && read.errors.text !== undefined ? null : Object.values(read.errors)[0],
          });
        const { publishAt } = read.draft;
        const checked = {
          text: fields.text,
          publishAt,
          plannedNote: read.plannedNote,
          filesLeftOut: filesWaiting ? ('waiting' as const) : forgotten,
        };
        const outcome = await service.checkDraft(read.draft, caller);
        return pageOf(outcome, (view) =>
          page('check-result.njk', { result: checkResult(view, checked, service.clock), filesWaiting }),
        );
      },
    },
  ];
}

/** A browser does not keep files: those of the check before are missing, and nobody said that they are to be. */
function forgets({ hadFiles }: CheckFields, chosen: number, values: URLSearchParams): boolean {
  return chosen < hadFiles && values.get('without-files') !== 'yes';
}

const AGAIN = 'Choose the files again: your browser does not keep them. Or tick that the draft goes without them';
