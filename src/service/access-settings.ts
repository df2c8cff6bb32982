import { z } from 'zod';
import type { Role } from './ports.ts';
import { ROLES } from './roles.ts';
import { count, optional, text } from './setting-shapes.ts';

/** How people sign in, and how many it takes to change a register. */
export interface AccessSettings {
  /** Where people reach the pages, as `https://holdfast.example`; null: whatever the Host header says. */
  readonly publicUrl: string | null;
  readonly sessionIdleMinutes: number;
  readonly sessionHours: number;
  /** Null: people sign in with a password alone. */
  readonly provider: {
    readonly issuer: string;
    readonly clientId: string;
    readonly clientSecret: string | null;
    readonly groupsClaim: string;
    readonly scope: string;
    readonly roles: ReadonlyMap<string, readonly Role[]>;
    readonly trustsAddress: boolean;
  } | null;
  /** A change of a register waits for a second registrar. */
  readonly fourEyes: boolean;
}

const yesNo = z.enum(['yes', 'no'], { error: 'is neither yes nor no' }).default('no');

/** HTTPS, or HTTP on this machine for trials: a session cookie or a code in the clear is anybody's. */
function webAddress(example: string) {
  return optional.refine((value) => {
    if (value === null) return true;
    if (!URL.canParse(value)) return false;
    const { protocol, hostname } = new URL(value);
    return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
  }, `is no https:// address (http:// on this machine alone), expected for example ${example}`);
}

const groupRoles = text.transform((value, context): ReadonlyMap<string, readonly Role[]> => {
  const roles = new Map<string, readonly Role[]>();
  for (const part of value.split(';').filter((one) => one.trim() !== '')) {
    const at = part.lastIndexOf('=');
    const group = part.slice(0, at).trim();
    const names = part
      .slice(at + 1)
      .split('+')
      .map((name) => name.trim());
    const known = ROLES.filter((role) => names.includes(role));
    if (at < 1 || group === '' || known.length !== names.length) {
      context.addIssue({
        code: 'custom',
        message: `is no list of groups and roles, expected for example comms=submitter;stats=reviewer+registrar (roles are ${ROLES.join(', ')})`,
      });
      return z.NEVER;
    }
    roles.set(group, [...new Set([...(roles.get(group) ?? []), ...known])]);
  }
  return roles;
});

/** The settings, for the schema of the whole environment. */
export const accessShape = {
  HOLDFAST_PUBLIC_URL: webAddress('https://holdfast.department.example').transform((value) =>
    value === null ? null : new URL(value).origin,
  ),
  HOLDFAST_SESSION_IDLE_MINUTES: count(60, 1, 1440, 'minutes'),
  HOLDFAST_SESSION_HOURS: count(12, 1, 168, 'hours'),
  HOLDFAST_OIDC_ISSUER: webAddress('https://login.department.example'),
  HOLDFAST_OIDC_CLIENT_ID: optional,
  HOLDFAST_OIDC_CLIENT_SECRET: optional,
  HOLDFAST_OIDC_GROUPS_CLAIM: text.default('groups'),
  HOLDFAST_OIDC_SCOPE: text.default('openid profile email'),
  HOLDFAST_OIDC_ROLES: groupRoles.optional().transform((value) => value ?? null),
  HOLDFAST_OIDC_TRUST_EMAIL: yesNo,
  HOLDFAST_FOUR_EYES: yesNo,
} as const;

const shape = z.object(accessShape);

/** The settings as one value, or a line that says which goes without which. */
export function readAccess(
  settings: z.output<typeof shape>,
): { readonly ok: true; readonly value: AccessSettings } | { readonly ok: false; readonly line: string } {
  const issuer = settings.HOLDFAST_OIDC_ISSUER;
  const clientId = settings.HOLDFAST_OIDC_CLIENT_ID;
  const roles = settings.HOLDFAST_OIDC_ROLES;
  const value = {
    publicUrl: settings.HOLDFAST_PUBLIC_URL,
    sessionIdleMinutes: settings.HOLDFAST_SESSION_IDLE_MINUTES,
    sessionHours: settings.HOLDFAST_SESSION_HOURS,
    fourEyes: settings.HOLDFAST_FOUR_EYES === 'yes',
  };
  if (issuer === null && clientId === null && roles === null) return { ok: true, value: { ...value, provider: null } };
  if (issuer === null || clientId === null || roles === null) {
    const line =
      'HOLDFAST_OIDC_ISSUER, HOLDFAST_OIDC_CLIENT_ID, HOLDFAST_OIDC_ROLES: one without the others, set all three or none';
    return { ok: false, line };
  }
  const provider = {
    issuer,
    clientId,
    clientSecret: settings.HOLDFAST_OIDC_CLIENT_SECRET,
    groupsClaim: settings.HOLDFAST_OIDC_GROUPS_CLAIM,
    scope: settings.HOLDFAST_OIDC_SCOPE,
    roles,
    trustsAddress: settings.HOLDFAST_OIDC_TRUST_EMAIL === 'yes',
  };
  return { ok: true, value: { ...value, provider } };
}
