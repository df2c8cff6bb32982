import { z } from 'zod';
import type { EmbargoEntry } from '../../core/entry.ts';
import { compareLists, type ListedPerson, readAccessRows } from '../../registers/access-list.ts';
import type { RegisterKeeping } from '../../service/register-keeping.ts';
import type { Service } from '../../service/service.ts';
import { aProblem, problemOf } from '../problem.ts';
import { describeWindow } from './describe-window.ts';
import { documentWithAccess, listOfEntry } from './embargo-form.ts';
import { readFaults } from './entry-faults.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { dateWarnings } from './person-dates.ts';
import { toLocal } from './show-time.ts';

const PATH = '/registers/embargoes/:id/access';
const Person = z.strictObject({
  email: z.string(),
  role: z.string().optional(),
  declared: z.string().optional(),
  trained: z.string().optional(),
  left: z.string().optional(),
});

/** Who has pre-release access to one release: the list, its import from a spreadsheet, and people who leave and come back. */
export function accessListPages(service: Service, keeping: RegisterKeeping): readonly PageRoute[] {
  const roles = ['registrar'] as const;
  const today = () => toLocal(service.clock.now()).day;

  const show = (entry: EmbargoEntry, more: Readonly<Record<string, unknown>> = {}, status = 200): PageReply => {
    const people = (entry.preRelease?.access ?? []).map((one) => ({ ...one, warnings: dateWarnings(one, today()) }));
    const data = {
      entry,
      people,
      former: entry.preRelease?.former ?? [],
      sentences: describeWindow(entry, service.clock.now()),
      fourEyes: keeping.fourEyes,
      faults: [],
      ...more,
    };
    return page('access-list.njk', data, status);
  };

  const save = async (call: PageCall, entry: EmbargoEntry, list: readonly ListedPerson[], done: string) => {
    const outcome = await keeping.saveEmbargo(entry.id, documentWithAccess(entry, list), call.caller);
    if (outcome.ok) {
      const id = encodeURIComponent(outcome.value.kind === 'waiting' ? outcome.value.change : entry.id);
      const to =
        outcome.value.kind === 'waiting'
          ? `/registers/changes/${id}?proposed=yes`
          : `/registers/embargoes/${id}/access?done=${done}`;
      return { kind: 'redirect', to } as const;
    }
    if (outcome.refusal.kind !== 'invalid') return { kind: 'problem', problem: problemOf(outcome.refusal) } as const;
    return show(entry, { faults: readFaults(outcome.refusal.message, 'release') }, 422);
  };

  const preview = async (call: PageCall, entry: EmbargoEntry): Promise<PageReply> => {
    const file = call.files[0];
    if (file === undefined || file.content.length === 0) {
      return show(
        entry,
        { faults: [{ field: 'file', text: 'Choose a file: CSV or XLSX, with a column called Email' }] },
        422,
      );
    }
    const rows = await keeping.readRows(file, call.caller);
    if (!rows.ok && rows.refusal.kind !== 'invalid') return { kind: 'problem', problem: problemOf(rows.refusal) };
    const read = rows.ok
      ? readAccessRows(rows.value)
      : { people: [], faults: [`The file ${rows.refusal.message.replace('file: ', '')}`] };
    if (read.faults.length > 0) {
      return show(entry, { faults: read.faults.slice(0, 20).map((text) => ({ field: 'file', text })) }, 422);
    }
    const change = compareLists(listOfEntry(entry), read.people);
    return page('access-preview.njk', {
      entry,
      change,
      fileName: file.name,
      list: JSON.stringify(change.result),
      fourEyes: keeping.fourEyes,
    });
  };

  const withEntry = (act: (call: PageCall, entry: EmbargoEntry) => Promise<PageReply>) => async (call: PageCall) =>
    pageOf(await service.embargo(call.id, call.caller), (entry) => act(call, entry));

  return [
    {
      method: 'get',
      path: PATH,
      roles,
      handle: withEntry(async ({ query }, entry) => show(entry, { done: DONE[query.get('done') ?? ''] ?? null })),
    },
    { method: 'post', path: `${PATH}/preview`, roles, handle: withEntry(preview) },
    {
      method: 'post',
      path: PATH,
      roles,
      handle: withEntry(async (call, entry) => {
        const list = readList(call.form.get('list') ?? '');
        if (list !== null) return save(call, entry, list, 'list');
        return {
          kind: 'problem',
          problem: aProblem('invalid', 'The list did not arrive whole. Choose the file again.'),
        };
      }),
    },
    {
      method: 'post',
      path: `${PATH}/person`,
      roles,
      handle: withEntry(async (call, entry) => {
        const email = call.form.get('email') ?? '';
        const hasLeft = call.form.get('act') === 'left';
        return save(call, entry, moved(listOfEntry(entry), email, hasLeft ? today() : null), hasLeft ? 'left' : 'back');
      }),
    },
  ];
}

const DONE: Readonly<Record<string, string>> = {
  list: 'The list is saved. Messages are judged by it from now on.',
  left: 'They have no access any more. They stay on record, and can come back.',
  back: 'They have access again.',
};

/** A list with one person gone since a day, or back. */
export function moved(list: readonly ListedPerson[], email: string, left: string | null): readonly ListedPerson[] {
  return list.map((one) => {
    if (one.email.toLowerCase() !== email.toLowerCase()) return one;
    const { left: _left, ...person } = one;
    return left === null ? person : { ...person, left };
  });
}

function readList(text: string): readonly ListedPerson[] | null {
  try {
    const read = z.array(Person).max(5000).safeParse(JSON.parse(text));
    return read.success ? (read.data as readonly ListedPerson[]) : null;
  } catch {
    return null;
  }
}
