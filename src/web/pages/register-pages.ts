import type { EmbargoEntry, Instant } from '../../core/entry.ts';
import { windowState } from '../../core/window.ts';
import type { Service } from '../../service/service.ts';
import { describeWindow } from './describe-window.ts';
import { type PageRoute, page, pageOf } from './page-route.ts';

const STATUS_TAGS = {
  before: { text: 'Coming', colour: 'blue' },
  embargoed: { text: 'Under embargo', colour: 'red' },
  quiet: { text: 'Quiet period', colour: 'yellow' },
  lifted: { text: 'Public', colour: 'green' },
} as const;

/** The registers, to read. */
export function registerPages(service: Service): readonly PageRoute[] {
  return [
    {
      method: 'get',
      path: '/registers',
      roles: ['registrar', 'reviewer', 'auditor', 'admin'],
      handle: async ({ caller }) => {
        const now = service.clock.now();
        return pageOf(await service.registers(caller), ({ embargoes, sensitivity }) =>
          page('registers.njk', {
            releases: inOrder(embargoes, now).map((entry) => release(entry, now)),
            datasets: sensitivity,
          }),
        );
      },
    },
  ];
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
