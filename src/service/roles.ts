import type { Role } from './ports.ts';

export const ROLES: readonly Role[] = ['submitter', 'reviewer', 'registrar', 'auditor', 'admin'];
