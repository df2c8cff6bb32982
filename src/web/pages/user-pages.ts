import type { AccountDesk, UserAct } from '../../service/account-desk.ts';
import type { AccountView } from '../../service/accounts.ts';
import { ROLES } from '../../service/roles.ts';
import { aProblem, problemOf } from '../problem.ts';
import { errorsOf, showToken } from './account-pages.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { ROLE_WORDS } from './wording-roles.ts';

const ACTS: readonly UserAct[] = ['disable', 'enable', 'reset-factor', 'reset-password', 'unlock'];

/** People and what they may do, for whoever administers them. */
export function userPages(people: AccountDesk): readonly PageRoute[] {
  const roles = ['admin'] as const;
  return [
    { method: 'get', path: '/users', roles, handle: (call) => showUsers(people, call) },
    {
      method: 'get',
      path: '/users/new',
      roles,
      handle: async () => page('new-user.njk', { typed: { name: '', address: '', roles: [] }, choices, errors: {} }),
    },
    { method: 'post', path: '/users', roles, handle: (call) => addUser(people, call) },
    {
      method: 'get',
      path: '/users/:id',
      roles,
      handle: async ({ id, caller, query }) =>
        pageOf(await people.user(id, caller), (account) => showUser(account, { saved: query.get('saved') === 'yes' })),
    },
    { method: 'post', path: '/users/:id', roles, handle: (call) => changeUser(people, call) },
    { method: 'post', path: '/users/:id/act', roles, handle: (call) => actOnUser(people, call) },
    {
      method: 'post',
      path: '/users/tokens/:id/revoke',
      roles,
      handle: async ({ id, caller }) => {
        const revoked = await people.revokeToken(id, caller);
        return revoked.ok
          ? { kind: 'redirect', to: '/users?done=token' }
          : { kind: 'problem', problem: problemOf(revoked.refusal) };
      },
    },
  ];
}

const choices = ROLES.map((role) => ({ role, words: ROLE_WORDS[role] }));

async function showUsers(people: AccountDesk, { caller, query }: PageCall): Promise<PageReply> {
  const tokens = await people.allTokens(caller);
  if (!tokens.ok) return { kind: 'problem', problem: problemOf(tokens.refusal) };
  return pageOf(await people.users(caller), (accounts) =>
    page('users.njk', {
      accounts: accounts.map((account) => ({ ...account, rolesWords: account.roles.join(', ') })),
      tokens: tokens.value.map(showToken),
      done: query.get('done') === 'token' ? 'The token is revoked. Whatever uses it is refused from now on.' : null,
    }),
  );
}

async function addUser(people: AccountDesk, { caller, form }: PageCall): Promise<PageReply> {
  const typed = { name: form.get('name') ?? '', address: form.get('address') ?? '', roles: form.getAll('roles') };
  const added = await people.addUser(typed, caller);
  if (added.ok) return page('made-password.njk', { ...added.value, isNew: true });
  const errors = errorsOf(added);
  if (errors === null) return { kind: 'problem', problem: problemOf(added.refusal) };
  return page('new-user.njk', { typed, choices, errors }, 422);
}

function showUser(account: AccountView, more: Readonly<Record<string, unknown>> = {}, status = 200): PageReply {
  const typed = { address: account.address ?? '', roles: account.roles };
  return page('user.njk', { account, typed, choices, errors: {}, saved: false, ...more }, status);
}

async function changeUser(people: AccountDesk, { id, caller, form }: PageCall): Promise<PageReply> {
  const typed = { address: form.get('address') ?? '', roles: form.getAll('roles') };
  const changed = await people.changeUser(id, typed, caller);
  if (changed.ok) return { kind: 'redirect', to: `/users/${encodeURIComponent(id)}?saved=yes` };
  const errors = errorsOf(changed);
  if (errors === null) return { kind: 'problem', problem: problemOf(changed.refusal) };
  return pageOf(await people.user(id, caller), (account) => showUser(account, { typed, errors }, 422));
}

async function actOnUser(people: AccountDesk, { id, caller, form }: PageCall): Promise<PageReply> {
  const act = ACTS.find((one) => one === form.get('act'));
  if (act === undefined) {
    return {
      kind: 'problem',
      problem: aProblem('invalid', 'That is nothing to do with an account; go back and choose.'),
    };
  }
  const done = await people.actOnUser(id, act, caller);
  if (!done.ok) return { kind: 'problem', problem: problemOf(done.refusal) };
  const { account, password } = done.value;
  if (password !== null) return page('made-password.njk', { account, password, isNew: false });
  return { kind: 'redirect', to: `/users/${encodeURIComponent(id)}?saved=yes` };
}
