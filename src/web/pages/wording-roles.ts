import type { Role } from '../../service/ports.ts';

/** What a role lets somebody do, as a person would say it. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  submitter: 'Check drafts and send them to a reviewer',
  reviewer: 'Release and reject held messages',
  registrar: 'Keep the registers',
  auditor: 'Oversee, and read the audit log',
  admin: 'Administer people',
};
