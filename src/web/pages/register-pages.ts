import type { EmbargoEntry, Instant } from '../../core/entry.ts';
import { windowState } from '../../core/window.ts';
import type { Role } from '../../service/ports.ts';
import type { Service } from '../../service/service.ts';
import { describeWindow } from './describe-window.ts';
import { type PageCall, type PageRoute, page, pageOf } from './page-route.ts';
import { timeline } from './timeline.ts';

export const REGISTER_READERS: readonly Role[] = ['registrar', 'reviewer', 'auditor', 'admin'];

const STATUS_TAGS = {
  before: { text: 'Coming', colour: 'blue' },
  embargoed: { text: 'Under embargo', colour: 'red' },
  quiet: { text: 'Quiet period', colour: 'yellow' },
  lifted: { text: 'Public', colour: 'green' },
} as const;

/** The registers, to read. */
export function registerPages(service: Service): readonly PageRoute[] {
  return [
    { method: 'get', path: '/registers', roles: REGISTER_READERS, handle: (call) => showRegisters(service, call) },
    {
      method: 'get',
      path: '/registers/embargoes/:id',
      roles: REGISTER_READERS,
      handle: async ({ id, caller }) =>
        pageOf(await service.embargo(id, caller), (entry) => {
          const now = service.clock.now();
          return page('release.njk', { ...release(entry, now), mayEdit: caller.roles.includes('registrar') });
        }),
    },
    {
      method: 'get',
      path: '/registers/datasets/:id',
      roles: REGISTER_READERS,
      handle: async ({ id, caller }) =>
        pageOf(await service.sensitivity(id, caller), (dataset) =>
          page('dataset.njk', { dataset, mayEdit: caller.roles.includes('registrar') }),
        ),
    },
  ];
}

async function showRegisters(service: Service, { caller, query }: PageCall) {
  const now = service.clock.now();
  return pageOf(await service.registers(caller), ({ embargoes, sensitivity }) => {
    const ordered = inOrder(embargoes, now);
    const saved = query.get('saved');
    return page('registers.njk', {
      releases: ordered.map((entry) => release(entry, now)),
      picture: timeline(ordered, now),
      datasets: sensitivity,
      mayEdit: caller.roles.includes('registrar'),
      saved: [...embargoes, ...sensitivity].find(({ id }) => id === saved)?.title ?? null,
    });
  });
}

/** What is under embargo first, then what comes, then what is public, each by its lift. */
function inOrder(entries: readonly EmbargoEntry[], now: Instant): readonly EmbargoEntry[] {
  const rank = { embargoed: 0, quiet: 1, before: 2, lifted: 3 };
  return entries.toSorted((one, other) => {
    const byState = rank[windowState(one, now)] - rank[windowState(other, now)];
    return byState || (rank[windowState(one, now)] === 3 ? other.until - one.until : one.until - other.until);
  });
}

function release(entry: EmbargoEntry, now: Instant) {
  return { entry, tag: STATUS_TAGS[windowState(entry, now)], words: describeWindow(entry, now) };
}
