import type { Role } from '../../service/ports.ts';
import { pageFrame } from './page-frame.ts';

const service = { clock: { now: () => 0, fixed: false } };
const assets = { url: (name: string) => name } as Parameters<typeof pageFrame>[1];

function marked(path: string, roles: readonly Role[]): readonly string[] {
  const caller = { id: 'u', name: 'U', address: null, roles };
  const { navigation } = pageFrame(service, assets, path, { caller, token: '' }) as {
    readonly navigation: readonly { readonly text: string; readonly current: boolean; readonly active: boolean }[];
  };
  return navigation.flatMap(({ text, current, active }) => (current ? [`${text}: here`] : active ? [text] : []));
}

it.each([
  ['/review', ['Held messages: here']],
  ['/review/m-1', ['Held messages']],
  ['/false-alarms', ['Held messages']],
  ['/incidents/new', ['Held messages']],
  ['/trial', ['Registers']],
  ['/trial/silent/t', ['Registers']],
  ['/check-points', ['People']],
  ['/check', ['Check a draft: here']],
  ['/drafts/m-1', ['Check a draft']],
  ['/reviewers', []],
  ['/account', []],
])('%s is a page of %j', (path, places) => {
  expect(marked(path, ['submitter', 'reviewer', 'registrar', 'auditor', 'admin'])).toEqual(places);
});

it('a registrar who is nothing else finds the way back from a trial', () => {
  expect(marked('/trial', ['registrar'])).toEqual(['Registers']);
});
