import type { Caller, Role } from '../../service/ports.ts';
import type { Service } from '../../service/service.ts';
import type { Assets } from './assets.ts';
import { showInstant } from './show-time.ts';

interface NavigationItem {
  readonly text: string;
  readonly href: string;
  readonly current: boolean;
}

interface Place {
  readonly text: string;
  readonly href: string;
  readonly roles: readonly Role[];
  /** Pages of this place whose address begins otherwise. */
  readonly under?: readonly string[];
}

const PLACES: readonly Place[] = [
  { text: 'Check a draft', href: '/check', roles: ['submitter'], under: ['/drafts'] },
  { text: 'Held messages', href: '/review', roles: ['reviewer'], under: ['/false-alarms', '/incidents'] },
  {
    text: 'Registers',
    href: '/registers',
    roles: ['registrar', 'reviewer', 'auditor', 'admin'],
    under: ['/trial'],
  },
  { text: 'Recalls', href: '/recalls', roles: ['reviewer', 'auditor', 'admin'] },
  { text: 'Oversight', href: '/oversight', roles: ['auditor', 'admin'] },
  { text: 'Audit log', href: '/audit', roles: ['auditor', 'admin'] },
  { text: 'People', href: '/users', roles: ['admin'], under: ['/check-points'] },
];

/** The places a person's roles lead to, in the order of the navigation. */
export function placesOf(caller: Caller): readonly Place[] {
  return PLACES.filter((place) => place.roles.some((role) => caller.roles.includes(role)));
}

/** What every page shows around its own content. */
export function pageFrame(
  service: Pick<Service, 'clock'>,
  assets: Assets,
  path: string,
  person: { readonly caller: Caller; readonly token: string } | null,
): Readonly<Record<string, unknown>> {
  const navigation: readonly NavigationItem[] =
    person === null
      ? []
      : placesOf(person.caller).map((place) => ({
          ...place,
          current: path === place.href,
          active: [place.href, ...(place.under ?? [])].some(
            (begin) => path.startsWith(`${begin}/`) || (path === begin && begin !== place.href),
          ),
        }));
  return {
    asset: assets.url,
    now: service.clock.now(),
    trialClock: service.clock.fixed ? showInstant(service.clock.now()) : null,
    navigation,
    personName: person?.caller.name ?? null,
    token: person?.token ?? null,
  };
}
