import type { Caller } from '../../service/ports.ts';
import type { Outcome, Service } from '../../service/service.ts';
import { problemOf } from '../problem.ts';
import {
  type DatasetFields,
  datasetDocument,
  emptyDatasetFields,
  fieldsOfDataset,
  readDatasetFields,
} from './dataset-form.ts';
import { describeWindow } from './describe-window.ts';
import {
  type EmbargoFields,
  embargoDocument,
  emptyEmbargoFields,
  fieldsOfEmbargo,
  previewEntry,
  readEmbargoFields,
} from './embargo-form.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Writing register entries: the register checks them, exactly as it checks their files. */
export function registerEditPages(service: Service): readonly PageRoute[] {
  const roles = ['registrar'] as const;
  return [
    {
      method: 'get',
      path: '/registers/new-release',
      roles,
      handle: async () => embargoForm(service, emptyEmbargoFields(), { isNew: true }),
    },
    {
      method: 'get',
      path: '/registers/embargoes/:id/edit',
      roles,
      handle: async ({ id, caller }) =>
        pageOf(await service.embargo(id, caller), (entry) =>
          embargoForm(service, fieldsOfEmbargo(entry), { isNew: false, sealed: entry.figures }),
        ),
    },
    { method: 'post', path: '/registers/embargoes', roles, handle: (call) => saveEmbargo(service, call) },
    {
      method: 'get',
      path: '/registers/new-dataset',
      roles,
      handle: async () => datasetForm(emptyDatasetFields(), true, []),
    },
    {
      method: 'get',
      path: '/registers/datasets/:id/edit',
      roles,
      handle: async ({ id, caller }) =>
        pageOf(await service.sensitivity(id, caller), (entry) => datasetForm(fieldsOfDataset(entry), false, [])),
    },
    { method: 'post', path: '/registers/datasets', roles, handle: (call) => saveDataset(service, call) },
  ];
}

interface EmbargoFormState {
  readonly isNew: boolean;
  readonly faults?: readonly string[];
  readonly sealed?: readonly { readonly measure: string; readonly unit: string }[];
  readonly isPreview?: boolean;
}

function embargoForm(service: Service, fields: EmbargoFields, state: EmbargoFormState): PageReply {
  const entry = previewEntry(fields);
  const { faults = [], sealed = [], isNew, isPreview = false } = state;
  const data = {
    fields,
    isNew,
    faults,
    sealed,
    isPreview,
    words: entry === null ? null : describeWindow(entry, service.clock.now()),
  };
  return page('edit-release.njk', data, faults.length > 0 ? 422 : 200);
}

async function saveEmbargo(service: Service, { form, caller }: PageCall): Promise<PageReply> {
  const fields = readEmbargoFields(form);
  const isNew = form.get('isNew') === 'yes';
  const kept = await existing(service.embargo.bind(service), fields.id, caller);
  const state = { isNew, sealed: kept?.figures ?? [] };
  const clash = faultOfId(fields.id, isNew, kept !== null);
  if (clash !== null) return embargoForm(service, fields, { ...state, sealed: [], faults: [clash] });
  if (form.get('intent') === 'preview') return embargoForm(service, fields, { ...state, isPreview: true });
  const outcome = await service.putEmbargo(fields.id, embargoDocument(fields, kept), caller);
  if (outcome.ok) return { kind: 'redirect', to: `/registers?saved=${encodeURIComponent(fields.id)}` };
  if (outcome.refusal.kind !== 'invalid') return { kind: 'problem', problem: problemOf(outcome.refusal) };
  return embargoForm(service, fields, { ...state, faults: linesOf(outcome.refusal.message) });
}

function datasetForm(fields: DatasetFields, isNew: boolean, faults: readonly string[]): PageReply {
  return page('edit-dataset.njk', { fields, isNew, faults }, faults.length > 0 ? 422 : 200);
}

async function saveDataset(service: Service, { form, caller }: PageCall): Promise<PageReply> {
  const fields = readDatasetFields(form);
  const isNew = form.get('isNew') === 'yes';
  const kept = await existing(service.sensitivity.bind(service), fields.id, caller);
  const clash = faultOfId(fields.id, isNew, kept !== null);
  if (clash !== null) return datasetForm(fields, isNew, [clash]);
  const outcome = await service.putSensitivity(fields.id, datasetDocument(fields, kept), caller);
  if (outcome.ok) return { kind: 'redirect', to: `/registers?saved=${encodeURIComponent(fields.id)}` };
  if (outcome.refusal.kind !== 'invalid') return { kind: 'problem', problem: problemOf(outcome.refusal) };
  return datasetForm(fields, isNew, linesOf(outcome.refusal.message));
}

async function existing<E>(
  find: (id: string, caller: Caller) => Promise<Outcome<E>>,
  id: string,
  caller: Caller,
): Promise<E | null> {
  if (!ID.test(id)) return null;
  const outcome = await find(id, caller);
  return outcome.ok ? outcome.value : null;
}

/** A new entry never overwrites one that is there, and an edit never makes a second one. */
function faultOfId(id: string, isNew: boolean, exists: boolean): string | null {
  if (!ID.test(id)) return 'id: use letters, digits, dots, hyphens and underscores, like labour-market-2016-01';
  if (isNew && exists) return `id: there is an entry ${id} already, choose another id or change that one`;
  if (!isNew && !exists) return `id: there is no entry ${id} any more, make a new one`;
  return null;
}

/** The faults of an entry, a line each: a fault of its own begins at a key. */
function linesOf(message: string): readonly string[] {
  return message.split(/; (?=[A-Za-z][\w.[\]-]*: )/);
}
