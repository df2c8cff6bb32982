import type { AccountDesk } from '../../service/account-desk.ts';
import type { TokenView } from '../../service/accounts.ts';
import { ROLES } from '../../service/roles.ts';
import type { Outcome } from '../../service/service.ts';
import { problemOf } from '../problem.ts';
import { nameAgent } from './name-agent.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { ROLE_WORDS } from './wording-roles.ts';

/** What a person sees of the own account: password, second factor, sessions, tokens. */
export function accountPages(people: AccountDesk): readonly PageRoute[] {
  const roles = ROLES;
  return [
    { method: 'get', path: '/account', roles, handle: (call) => show(people, call) },
    {
      method: 'post',
      path: '/account/password',
      roles,
      handle: async (call) => {
        const { form, caller, session } = call;
        const next = form.get('next') ?? '';
        if (next !== form.get('again'))
          return show(people, call, { next: 'The two are not the same. Enter it twice.' });
        return settle(
          people,
          call,
          await people.changePassword(form.get('now') ?? '', next, session, caller),
          'password',
        );
      },
    },
    {
      method: 'get',
      path: '/account/second-factor',
      roles,
      handle: async ({ caller }) =>
        pageOf(await people.startFactor(caller), (factor) =>
          page('second-factor.njk', { ...grouped(factor), error: null }),
        ),
    },
    { method: 'post', path: '/account/second-factor', roles, handle: (call) => confirmFactor(people, call) },
    {
      method: 'post',
      path: '/account/second-factor/remove',
      roles,
      handle: async (call) =>
        settle(people, call, await people.removeFactor(call.form.get('password') ?? '', call.caller), 'factor-removed'),
    },
    {
      method: 'post',
      path: '/account/sessions/:id/end',
      roles,
      handle: async (call) => settle(people, call, await people.endSession(call.id, call.caller), 'session'),
    },
    { method: 'post', path: '/account/tokens', roles, handle: (call) => createToken(people, call) },
    {
      method: 'post',
      path: '/account/tokens/:id/revoke',
      roles,
      handle: async (call) => settle(people, call, await people.revokeToken(call.id, call.caller), 'token'),
    },
  ];
}

const DONE: Readonly<Record<string, string>> = {
  password: 'Your password is changed. Every other session of yours is signed out.',
  'factor-removed': 'The second factor is off. Set up another soon.',
  session: 'That session is signed out.',
  token: 'The token is revoked. Whatever uses it is refused from now on.',
};

type Errors = Readonly<Record<string, string>>;

async function show(people: AccountDesk, call: PageCall, errors: Errors = {}, token: string | null = null) {
  const { caller, session, query, form } = call;
  const [account, sessions, tokens] = await Promise.all([
    people.own(caller),
    people.ownSessions(caller, session),
    people.ownTokens(caller),
  ]);
  if (!account.ok) return pageOf(account, () => page('account.njk', {}));
  if (!sessions.ok || !tokens.ok) return pageOf(sessions.ok ? tokens : sessions, () => page('account.njk', {}));
  return page(
    'account.njk',
    {
      account: account.value,
      sessions: sessions.value.map((one) => ({ ...one, agentWords: nameAgent(one.agent) })),
      tokens: tokens.value.map(showToken),
      roles: caller.roles.map((role) => ({ role, words: ROLE_WORDS[role] })),
      rolesWords: caller.roles.map((role) => ROLE_WORDS[role]).join('; '),
      typed: { name: form.get('name') ?? '', days: form.get('days') ?? '90', roles: form.getAll('roles') },
      errors,
      newToken: token,
      done: DONE[query.get('done') ?? ''] ?? null,
    },
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** After an act: back to the page, so that a reload does not do it again. A fault stays beside its field. */
async function settle(people: AccountDesk, call: PageCall, outcome: Outcome<null>, done: string): Promise<PageReply> {
  if (outcome.ok) return { kind: 'redirect', to: `/account?done=${done}` };
  const errors = errorsOf(outcome);
  return errors === null ? { kind: 'problem', problem: problemOf(outcome.refusal) } : show(people, call, errors);
}

async function confirmFactor(people: AccountDesk, { caller, form }: PageCall): Promise<PageReply> {
  const confirmed = await people.confirmFactor(form.get('code') ?? '', caller);
  if (confirmed.ok) return page('recovery-codes.njk', { codes: confirmed.value });
  const errors = errorsOf(confirmed);
  if (errors === null) return { kind: 'problem', problem: problemOf(confirmed.refusal) };
  return pageOf(await people.startFactor(caller), (factor) =>
    page('second-factor.njk', { ...grouped(factor), error: errors['code'] ?? null }, 422),
  );
}

async function createToken(people: AccountDesk, call: PageCall): Promise<PageReply> {
  const { form, caller } = call;
  const made = await people.createToken(
    {
      name: form.get('name') ?? '',
      roles: ROLES.filter((role) => form.getAll('roles').includes(role)),
      isReadOnly: form.get('readOnly') === 'yes',
      days: Number(form.get('days') ?? ''),
    },
    caller,
  );
  if (made.ok) return show(people, { ...call, form: new URLSearchParams() }, {}, made.value);
  const errors = errorsOf(made);
  return errors === null ? { kind: 'problem', problem: problemOf(made.refusal) } : show(people, call, errors);
}

/** `next: is too short` as a sentence beside its field; null for what is no fault of a field. */
export function errorsOf(outcome: Outcome<unknown>): Errors | null {
  if (outcome.ok || outcome.refusal.kind !== 'invalid') return null;
  const [, key = '', words = ''] = /^(\w+): (.*)$/s.exec(outcome.refusal.message) ?? [];
  return { [key]: `${NAMES[key] ?? 'It'} ${words}.` };
}

const NAMES: Readonly<Record<string, string>> = {
  now: 'What you entered',
  password: 'What you entered',
  next: 'The new password',
  code: 'That',
  name: 'The name',
  address: 'The address',
  days: 'The number of days',
  roles: 'Roles:',
};

export function showToken(token: TokenView) {
  return { ...token, rolesWords: token.roles.map((role) => ROLE_WORDS[role]).join(', ') };
}

/** In groups of four, as people copy it. */
function grouped({ secret, link }: { readonly secret: string; readonly link: string }) {
  return { secret: secret.match(/.{1,4}/g)?.join(' ') ?? secret, link };
}
