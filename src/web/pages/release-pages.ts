import type { EmbargoEntry } from '../../core/entry.ts';
import type { RegisterKeeping, Saved } from '../../service/register-keeping.ts';
import type { Outcome, Service } from '../../service/service.ts';
import { problemOf } from '../problem.ts';
import { describeWindow, sayWindow } from './describe-window.ts';
import {
  type EmbargoFields,
  embargoDocument,
  emptyEmbargoFields,
  fieldsOfEmbargo,
  figureRows,
  previewEntry,
  readEmbargoFields,
} from './embargo-form.ts';
import { type FieldFault, readFaults } from './entry-faults.ts';
import { faultOfId, findExisting } from './existing-entry.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { toLocal } from './show-time.ts';
import { UNIT_WORDS } from './wording-units.ts';

/** Writing releases: the register checks them, exactly as it checks their files. */
export function releasePages(service: Service, keeping: RegisterKeeping): readonly PageRoute[] {
  const roles = ['registrar'] as const;
  const desk = { service, keeping };
  return [
    {
      method: 'get',
      path: '/registers/new-release',
      roles,
      handle: async ({ caller, query }) => {
        const fields = { ...emptyEmbargoFields(), fromDay: toLocal(service.clock.now()).day };
        return form(desk, caller, { ...fields, title: query.get('title') ?? '' }, { isNew: true });
      },
    },
    {
      method: 'get',
      path: '/registers/embargoes/:id/edit',
      roles,
      handle: async ({ id, caller }) =>
        pageOf(await service.embargo(id, caller), (entry) =>
          form(desk, caller, fieldsOfEmbargo(entry), { isNew: false, sealed: entry.figures }),
        ),
    },
    { method: 'post', path: '/registers/embargoes', roles, handle: (call) => save(desk, call) },
    { method: 'post', path: '/registers/check', roles, fragment: true, handle: (call) => check(desk, call) },
  ];
}

interface Desk {
  readonly service: Service;
  readonly keeping: RegisterKeeping;
}

interface FormState {
  readonly isNew: boolean;
  readonly faults?: readonly FieldFault[];
  readonly sealed?: EmbargoEntry['figures'];
  readonly isPreview?: boolean;
}

async function form(
  { service, keeping }: Desk,
  caller: PageCall['caller'],
  fields: EmbargoFields,
  { faults = [], sealed = [], isNew, isPreview = false }: FormState,
): Promise<PageReply> {
  const words = keeping.words(caller);
  if (!words.ok) return { kind: 'problem', problem: problemOf(words.refusal) };
  const registers = await service.registers(caller);
  const producers = registers.ok ? registers.value.embargoes.map(({ producer }) => producer) : [];
  const inMore = ['id', 'custodians', 'quietDay', 'series', 'page', 'zone'];
  const data = {
    fields,
    isNew,
    faults,
    faultOf: Object.fromEntries(faults.toReversed().map(({ field, text }) => [field ?? '', text])),
    sealed,
    isPreview,
    fourEyes: keeping.fourEyes,
    words: words.value,
    chosen: fields.subjects.split(/[\s,]+/),
    producers: [...new Set(producers)],
    rows: figureRows(fields),
    units: UNIT_WORDS,
    showsId: isNew,
    showsMore: faults.some(({ field }) => inMore.includes(field ?? '')),
    ...sayOf(service, fields),
  };
  return page('edit-release.njk', data, faults.length > 0 ? 422 : 200);
}

/** The window in one breath, and beside it what that leaves out: when it begins, and a quiet time. */
function sayOf(service: Service, fields: EmbargoFields) {
  const entry = previewEntry(fields);
  if (entry === null) return { said: null, sentences: [] };
  const now = service.clock.now();
  const [begins = '', _access, _lift, ...quiet] = describeWindow(entry, now);
  return { said: sayWindow(entry, now), sentences: [begins, ...quiet] };
}

async function check({ service, keeping }: Desk, { form: sent, caller }: PageCall): Promise<PageReply> {
  const fields = readEmbargoFields(sent);
  const isNew = sent.get('isNew') === 'yes';
  const kept = await findExisting(service.embargo.bind(service), fields.id, caller);
  const clash = faultOfId(fields.id, isNew, kept !== null);
  const checked = await keeping.checkEmbargo(fields.id, embargoDocument(fields, kept), caller);
  const message = checked.ok ? null : checked.refusal.message;
  const faults = [...(clash === null ? [] : [clash]), ...(message === null ? [] : readFaults(message, 'release'))];
  const data = { isNew, isPreview: true, isLive: true, liveFaults: JSON.stringify(faults), ...sayOf(service, fields) };
  return page('edit-release-preview.njk', data);
}

async function save(desk: Desk, { form: sent, caller }: PageCall): Promise<PageReply> {
  const { service, keeping } = desk;
  const fields = readEmbargoFields(sent);
  const isNew = sent.get('isNew') === 'yes';
  const kept = await findExisting(service.embargo.bind(service), fields.id, caller);
  const state = { isNew, sealed: kept?.figures ?? [] };
  const clash = faultOfId(fields.id, isNew, kept !== null);
  if (clash !== null) return form(desk, caller, fields, { ...state, sealed: [], faults: [clash] });
  if (sent.get('intent') === 'preview') return form(desk, caller, fields, { ...state, isPreview: true });
  const outcome = await keeping.saveEmbargo(fields.id, embargoDocument(fields, kept), caller);
  if (outcome.ok || outcome.refusal.kind !== 'invalid') return afterSaving(outcome, fields.id);
  return form(desk, caller, fields, { ...state, faults: readFaults(outcome.refusal.message, 'release') });
}

/** To the list where it holds, to the change where it waits for somebody else. */
export function afterSaving(outcome: Outcome<Saved>, id: string): PageReply {
  if (!outcome.ok) return { kind: 'problem', problem: problemOf(outcome.refusal) };
  return outcome.value.kind === 'saved'
    ? { kind: 'redirect', to: `/registers?saved=${encodeURIComponent(id)}` }
    : { kind: 'redirect', to: `/registers/changes/${encodeURIComponent(outcome.value.change)}?proposed=yes` };
}
