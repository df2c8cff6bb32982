import type { EmbargoDocument } from '../../registers/embargo-document.ts';
import { namesOfFigures } from '../../service/names-of-written.ts';
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

type Compared = Pick<NamedChange, 'base' | 'document' | 'hasSketch' | 'written'>;

/**
 * What a change touches, key by key.
 *
 * Of a sealed value it tells whether there is one and whether it was written anew, never whether it is another one now: that would tell
 * whoever proposes a guess that it is right (promise 4).
 */
export function compare({ base, document, hasSketch, written }: Compared) {
  const [before, after] = [flatten(withoutSealed(base ?? {})), flatten(withoutSealed(document))];
  const rows = [...new Set([...before.keys(), ...after.keys()])].map((key) => ({
    key,
    before: before.get(key) ?? null,
    after: after.get(key) ?? null,
  }));
  const [hadSealed, hasSealed] = [namesOfSealed(base ?? {}), namesOfSealed(document)];
  const sealed = [...new Set([...hadSealed, ...hasSealed])].map((key) => ({
    key,
    before: hadSealed.includes(key) ? 'sealed' : null,
    after: hasSealed.includes(key) ? sealedWords(key, hadSealed, written) : null,
  }));
  const changed = [...rows, ...sealed].filter((row) => row.before !== row.after);
  return hasSketch ? [...changed, { key: 'sketch', before: null, after: 'a new sketch of its rows' }] : changed;
}

type Entry = NamedChange['document'] | Readonly<Record<string, never>>;

function sealedWords(key: string, before: readonly string[], written: readonly string[] | null): string {
  if (!before.includes(key)) return 'sealed';
  if (written === null) return 'sealed; whether it was written anew is not known';
  return written.includes(key) ? 'sealed, written anew' : 'sealed';
}

function withoutSealed(entry: Entry): object {
  const { figures: _figures, passwords: _passwords, ...rest } = entry as Partial<EmbargoDocument>;
  return rest;
}

function namesOfSealed(entry: Entry): readonly string[] {
  const { figures, passwords } = entry as Partial<EmbargoDocument>;
  return [...namesOfFigures(figures), ...(passwords === undefined ? [] : ['passwords'])];
}

function flatten(value: object, path = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
      const name = path === '' ? key : `${path}.${/^\d+$/.test(key) ? Number(key) + 1 : key}`;
      return typeof one === 'object' && one !== null ? [...flatten(one, name)] : [[name, String(one)] as const];
    }),
  );
}
