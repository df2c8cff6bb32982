import type { NamedChange, RegisterKeeping } from '../../service/register-keeping.ts';
import { aProblem, problemOf } from '../problem.ts';
import { type PageRoute, page, pageOf } from './page-route.ts';
import { REGISTER_READERS } from './register-pages.ts';

/** Changes of the registers that a second person looks at. */
export function changePages(keeping: RegisterKeeping): readonly PageRoute[] {
  return [
    {
      method: 'get',
      path: '/registers/changes',
      roles: REGISTER_READERS,
      handle: async ({ caller, query }) =>
        pageOf(await keeping.changes(caller), (changes) =>
          page('changes.njk', {
            waiting: changes.filter(({ state }) => state === 'waiting').map(titled),
            settled: changes.filter(({ state }) => state !== 'waiting').map(titled),
            fourEyes: keeping.fourEyes,
            done: query.get('done'),
          }),
        ),
    },
    {
      method: 'get',
      path: '/registers/changes/:id',
      roles: REGISTER_READERS,
      handle: async ({ id, caller, query }) =>
        pageOf(await keeping.change(id, caller), (change) =>
          page('change.njk', {
            change: titled(change),
            rows: compare(change),
            wasProposed: query.get('proposed') === 'yes',
            maySettle: change.state === 'waiting' && caller.roles.includes('registrar'),
          }),
        ),
    },
    {
      method: 'post',
      path: '/registers/changes/:id',
      roles: ['registrar'],
      handle: async ({ id, caller, form }) => {
        const act = form.get('act');
        if (act !== 'approve' && act !== 'reject') {
          return { kind: 'problem', problem: aProblem('invalid', 'Choose to approve or to reject the change.') };
        }
        const settled = await keeping.settleChange(id, act === 'approve', form.get('note') ?? '', caller);
        if (!settled.ok) return { kind: 'problem', problem: problemOf(settled.refusal) };
        return { kind: 'redirect', to: `/registers/changes?done=${act}` };
      },
    },
  ];
}

const titled = (change: NamedChange) => ({ ...change, title: change.document.title });

/** What a change touches, key by key; of a sealed figure only that it is there. */
export function compare({ base, document, hasSketch }: Pick<NamedChange, 'base' | 'document' | 'hasSketch'>) {
  const [before, after] = [flatten(base ?? {}), flatten(document)];
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const rows = keys
    .map((key) => ({ key, before: before.get(key) ?? null, after: after.get(key) ?? null }))
    .filter((row) => row.before !== row.after)
    .map((row) => (row.key.includes('sealed') ? { ...row, before: hide(row.before), after: hide(row.after) } : row));
  const merged = new Map(rows.map((row) => [row.key.replace(/\.sealed\..*$/, '.value'), row]));
  const list = [...merged].map(([key, row]) => ({ ...row, key }));
  return hasSketch ? [...list, { key: 'sketch', before: null, after: 'a new sketch of its rows' }] : list;
}

const hide = (value: string | null) => (value === null ? null : 'sealed');

function flatten(value: object, path = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
      const name = path === '' ? key : `${path}.${/^\d+$/.test(key) ? Number(key) + 1 : key}`;
      return typeof one === 'object' && one !== null ? [...flatten(one, name)] : [[name, String(one)] as const];
    }),
  );
}
