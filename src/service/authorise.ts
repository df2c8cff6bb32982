import type { Caller, Role } from './ports.ts';
import type { Outcome } from './service.ts';
import type { KeptMessage } from './stores.ts';

/** Everything a caller may ask for, and the roles that allow it. */
const ALLOWED = {
  submit: ['submitter'],
  review: ['reviewer'],
  'see-all-messages': ['reviewer', 'auditor', 'admin'],
  'see-own-messages': ['submitter'],
  'see-registers': ['registrar', 'reviewer', 'auditor', 'admin'],
  'edit-registers': ['registrar'],
  'see-audit': ['auditor', 'admin'],
  'see-history': ['reviewer', 'auditor', 'admin'],
  oversee: ['auditor', 'admin'],
  'try-changes': ['registrar', 'admin'],
  'see-incidents': ['reviewer', 'auditor', 'admin'],
  'write-incidents': ['reviewer'],
  'see-false-alarms': ['reviewer', 'auditor', 'admin'],
  'revoke-false-alarms': ['reviewer', 'admin'],
  'see-recalls': ['reviewer', 'auditor', 'admin'],
  'confirm-recalls': ['reviewer'],
  'administer-webhooks': ['admin'],
  'own-account': ['submitter', 'reviewer', 'registrar', 'auditor', 'admin'],
  'manage-users': ['admin'],
  'manage-check-points': ['admin'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type Act = keyof typeof ALLOWED;

export function may(caller: Caller, act: Act): boolean {
  const roles: readonly Role[] = ALLOWED[act];
  return caller.roles.some((role) => roles.includes(role));
}

/** Null where the caller may, else the refusal to hand back. */
export function refuse(caller: Caller, act: Act): (Outcome<never> & { ok: false }) | null {
  if (may(caller, act)) return null;
  return { ok: false, refusal: { kind: 'forbidden', message: `this needs the role ${ALLOWED[act].join(' or ')}` } };
}

/** Whether a caller may know that a message exists. */
export function maySee(caller: Caller, message: Pick<KeptMessage, 'submittedBy'>): boolean {
  return may(caller, 'see-all-messages') || (may(caller, 'see-own-messages') && message.submittedBy === caller.id);
}
