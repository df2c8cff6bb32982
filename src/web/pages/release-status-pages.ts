import type { EmbargoEntry, EmbargoStatus } from '../../core/entry.ts';
import type { RegisterKeeping } from '../../service/register-keeping.ts';
import type { Service } from '../../service/service.ts';
import { problemOf } from '../problem.ts';
import { sayWindow } from './describe-window.ts';
import { embargoDocument, fieldsMovedTo, fieldsOfEmbargo } from './embargo-form.ts';
import { type FieldFault, readFaults } from './entry-faults.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { afterSaving } from './release-pages.ts';

const CHOICES: readonly {
  readonly value: string;
  readonly status: EmbargoStatus;
  readonly text: string;
  readonly hint: string;
}[] = [
  {
    value: 'move',
    status: 'scheduled',
    text: 'Move it to another time',
    hint: 'What it holds waits for the new lift.',
  },
  {
    value: 'postpone',
    status: 'postponed',
    text: 'Postpone it, without a new time yet',
    hint: 'It stays under embargo after its old lift, until you give it a new time or publish it.',
  },
  {
    value: 'cancel',
    status: 'cancelled',
    text: 'Cancel it',
    hint: 'It is never published, so its embargo does not end. What it holds waits for a reviewer.',
  },
  {
    value: 'publish',
    status: 'published',
    text: 'It is published now',
    hint: 'The embargo ends at once. What it alone holds is judged again, and goes out if nothing else is found.',
  },
];

/** Moving, postponing, cancelling and publishing a release, beside the list of what is held by it. */
export function releaseStatusPages(service: Service, keeping: RegisterKeeping): readonly PageRoute[] {
  const roles = ['registrar'] as const;
  const path = '/registers/embargoes/:id/status';
  const show = async (call: PageCall, entry: EmbargoEntry, faults: readonly FieldFault[] = []): Promise<PageReply> => {
    const held = await keeping.heldBy(entry.id, call.caller);
    if (!held.ok) return { kind: 'problem', problem: problemOf(held.refusal) };
    const fields = fieldsOfEmbargo(entry);
    const data = {
      entry,
      said: sayWindow(entry, service.clock.now()),
      held: held.value,
      choices: CHOICES,
      chosen: call.form.get('choice') ?? '',
      untilDay: call.form.get('untilDay') ?? fields.untilDay,
      untilTime: call.form.get('untilTime') ?? fields.untilTime,
      faults,
      fourEyes: keeping.fourEyes,
    };
    return page('release-status.njk', data, faults.length > 0 ? 422 : 200);
  };
  return [
    {
      method: 'get',
      path,
      roles,
      handle: async (call) => pageOf(await service.embargo(call.id, call.caller), (entry) => show(call, entry)),
    },
    {
      method: 'post',
      path,
      roles,
      handle: async (call) =>
        pageOf(await service.embargo(call.id, call.caller), async (entry) => {
          const { form, caller } = call;
          const choice = CHOICES.find(({ value }) => value === form.get('choice'));
          if (choice === undefined) return show(call, entry, [{ field: 'choice', text: 'Choose what happens to it' }]);
          const [untilDay, untilTime] = [form.get('untilDay') ?? '', form.get('untilTime') ?? ''];
          const fields =
            choice.value === 'move'
              ? fieldsMovedTo(entry, { untilDay, untilTime, zone: entry.zone })
              : fieldsOfEmbargo(entry);
          const document = embargoDocument({ ...fields, status: choice.status }, entry);
          const outcome = await keeping.saveEmbargo(entry.id, document, caller);
          if (outcome.ok || outcome.refusal.kind !== 'invalid') return afterSaving(outcome, entry.id);
          return show(call, entry, readFaults(outcome.refusal.message, 'release'));
        }),
    },
  ];
}
