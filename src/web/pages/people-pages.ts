import type { EmbargoEntry } from '../../core/entry.ts';
import { windowState } from '../../core/window.ts';
import type { RegisterKeeping } from '../../service/register-keeping.ts';
import type { Service } from '../../service/service.ts';
import { problemOf } from '../problem.ts';
import { moved } from './access-list-pages.ts';
import { documentWithAccess, listOfEntry } from './embargo-form.ts';
import { type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { type DateWarning, dateWarnings } from './person-dates.ts';
import { REGISTER_READERS } from './register-pages.ts';
import { toLocal } from './show-time.ts';

interface PersonOnLists {
  readonly email: string;
  readonly role: string | null;
  /** The newest that any list knows. */
  readonly declared: string | null;
  readonly trained: string | null;
  readonly warnings: readonly DateWarning[];
  readonly releases: readonly { readonly id: string; readonly title: string; readonly hasLeft: boolean }[];
  /** On no list of a release that is coming or under embargo any more, but on record there. */
  readonly hasLeft: boolean;
}

/** Everybody with pre-release access to what comes, and people who leave and come back for all of it at once. */
export function peoplePages(service: Service, keeping: RegisterKeeping): readonly PageRoute[] {
  const today = () => toLocal(service.clock.now()).day;
  const running = (entries: readonly EmbargoEntry[]) =>
    entries.filter((entry) => windowState(entry, service.clock.now()) !== 'lifted');
  return [
    {
      method: 'get',
      path: '/registers/people',
      roles: REGISTER_READERS,
      handle: async ({ caller, query }) =>
        pageOf(await service.registers(caller), ({ embargoes }) =>
          page('people.njk', {
            people: peopleOf(running(embargoes), today()),
            mayEdit: caller.roles.includes('registrar'),
            fourEyes: keeping.fourEyes,
            done: query.get('done'),
          }),
        ),
    },
    {
      method: 'post',
      path: '/registers/people',
      roles: ['registrar'],
      handle: async ({ caller, form }): Promise<PageReply> => {
        const registers = await service.registers(caller);
        if (!registers.ok) return { kind: 'problem', problem: problemOf(registers.refusal) };
        const email = form.get('email') ?? '';
        const hasLeft = form.get('act') === 'left';
        const isConcerned = (entry: EmbargoEntry) =>
          (hasLeft ? entry.preRelease?.access : entry.preRelease?.former)?.some(
            (one) => one.email.toLowerCase() === email.toLowerCase(),
          ) === true;
        for (const entry of running(registers.value.embargoes).filter(isConcerned)) {
          const list = moved(listOfEntry(entry), email, hasLeft ? today() : null);
          const saved = await keeping.saveEmbargo(entry.id, documentWithAccess(entry, list), caller);
          if (!saved.ok) return { kind: 'problem', problem: problemOf(saved.refusal) };
        }
        return {
          kind: 'redirect',
          to: keeping.fourEyes ? '/registers/changes' : `/registers/people?done=${hasLeft ? 'left' : 'back'}`,
        };
      },
    },
  ];
}

/** One row a person over all releases given, those with warnings first. */
export function peopleOf(entries: readonly EmbargoEntry[], today: string): readonly PersonOnLists[] {
  const all = new Map<string, PersonOnLists>();
  for (const { id, title, preRelease } of entries) {
    for (const one of [...(preRelease?.access ?? []), ...(preRelease?.former ?? [])]) {
      const hasLeft = 'left' in one;
      const key = one.email.toLowerCase();
      const before = all.get(key);
      const newest = (a: string | null | undefined, b: string | null | undefined) =>
        [a ?? '', b ?? ''].sort().at(-1) || null;
      const declared = newest(before?.declared, one.declared);
      const trained = newest(before?.trained, one.trained);
      const gone = hasLeft && (before?.hasLeft ?? true);
      all.set(key, {
        email: one.email,
        role: before?.role ?? one.role,
        declared,
        trained,
        warnings: gone ? [] : dateWarnings({ declared, trained }, today),
        releases: [...(before?.releases ?? []), { id, title, hasLeft }],
        hasLeft: gone,
      });
    }
  }
  const rank = ({ hasLeft, warnings }: PersonOnLists) => (hasLeft ? 2 : warnings.length > 0 ? 0 : 1);
  return [...all.values()].toSorted((one, other) => rank(one) - rank(other) || one.email.localeCompare(other.email));
}
