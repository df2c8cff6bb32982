import type { AccessSettings } from '../service/access-settings.ts';

/** The settings of sign-in as `config check` prints them, without secrets. */
export function showAccess(access: AccessSettings): readonly (readonly [string, string])[] {
  const { provider } = access;
  const none = '(none: people sign in with a password)';
  const roles = [...(provider?.roles ?? [])].map(([group, names]) => `${group}=${names.join('+')}`).join(';');
  return [
    ['HOLDFAST_PUBLIC_URL', access.publicUrl ?? '(none: what the Host header says)'],
    ['HOLDFAST_SESSION_IDLE_MINUTES', String(access.sessionIdleMinutes)],
    ['HOLDFAST_SESSION_HOURS', String(access.sessionHours)],
    ['HOLDFAST_OIDC_ISSUER', provider?.issuer ?? none],
    ['HOLDFAST_OIDC_CLIENT_ID', provider?.clientId ?? '(none)'],
    ['HOLDFAST_OIDC_CLIENT_SECRET', provider?.clientSecret == null ? '(none)' : '(set)'],
    ['HOLDFAST_OIDC_ROLES', provider === null ? '(none)' : roles],
    ['HOLDFAST_OIDC_GROUPS_CLAIM', provider?.groupsClaim ?? 'groups'],
    ['HOLDFAST_OIDC_SCOPE', provider?.scope ?? 'openid profile email'],
    ['HOLDFAST_OIDC_TRUST_EMAIL', provider?.trustsAddress === true ? 'yes' : 'no'],
    ['HOLDFAST_FOUR_EYES', access.fourEyes ? 'yes' : 'no'],
  ];
}
