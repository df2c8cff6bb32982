import type { RegisterKeeping } from '../../service/register-keeping.ts';
import type { Service } from '../../service/service.ts';
import { problemOf } from '../problem.ts';
import {
  type DatasetFields,
  datasetDocument,
  emptyDatasetFields,
  fieldsOfDataset,
  readDatasetFields,
} from './dataset-form.ts';
import { idFor } from './embargo-form.ts';
import { type FieldFault, readFaults } from './entry-faults.ts';
import { faultOfId, findExisting } from './existing-entry.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { afterSaving } from './release-pages.ts';

/** Writing protected datasets. */
export function datasetPages(service: Service, keeping: RegisterKeeping): readonly PageRoute[] {
  const roles = ['registrar'] as const;
  const show = async (
    call: PageCall,
    fields: DatasetFields,
    isNew: boolean,
    faults: readonly FieldFault[] = [],
  ): Promise<PageReply> => {
    const words = keeping.words(call.caller);
    if (!words.ok) return { kind: 'problem', problem: problemOf(words.refusal) };
    const registers = await service.registers(call.caller);
    const data = {
      fields,
      isNew,
      faults,
      faultOf: Object.fromEntries(faults.toReversed().map(({ field, text }) => [field ?? '', text])),
      fourEyes: keeping.fourEyes,
      datasets: words.value.datasets,
      releases: registers.ok ? registers.value.embargoes.map(({ id, title }) => ({ id, title })) : [],
    };
    return page('edit-dataset.njk', data, faults.length > 0 ? 422 : 200);
  };
  return [
    {
      method: 'get',
      path: '/registers/new-dataset',
      roles,
      handle: async (call) => show(call, emptyDatasetFields(), true),
    },
    {
      method: 'get',
      path: '/registers/datasets/:id/edit',
      roles,
      handle: async (call) =>
        pageOf(await service.sensitivity(call.id, call.caller), (entry) => show(call, fieldsOfDataset(entry), false)),
    },
    {
      method: 'post',
      path: '/registers/datasets',
      roles,
      handle: async (call) => {
        const { form, caller } = call;
        const typed = readDatasetFields(form);
        const fields = { ...typed, id: typed.id === '' ? idFor(typed.title) : typed.id };
        const isNew = form.get('isNew') === 'yes';
        const kept = await findExisting(service.sensitivity.bind(service), fields.id, caller);
        const clash = faultOfId(fields.id, isNew, kept !== null);
        if (clash !== null) return show(call, fields, isNew, [clash]);
        const outcome = await keeping.saveSensitivity(fields.id, datasetDocument(fields, kept), caller);
        if (outcome.ok || outcome.refusal.kind !== 'invalid') return afterSaving(outcome, fields.id);
        return show(call, fields, isNew, readFaults(outcome.refusal.message, 'dataset'));
      },
    },
  ];
}
