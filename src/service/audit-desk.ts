import type { Instant } from '../core/entry.ts';
import { refuse } from './authorise.ts';
import type { Service } from './service.ts';
import type { AuditLog, MessageRecord } from './stores.ts';

const MAX_PAGE = 1000;

const DAY_MS = 24 * 60 * 60_000;

export interface AuditDeskDeps {
  readonly audit: AuditLog;
  readonly messages: Pick<MessageRecord, 'oversee'>;
  readonly now: () => Instant;
}

/** What auditors read: every act, and whether the record of them is whole. */
export function createAuditDesk({
  audit,
  messages,
  now,
}: AuditDeskDeps): Pick<Service, 'auditTrail' | 'verifyAudit' | 'oversee'> {
  return {
    async auditTrail({ limit, ...query }, caller) {
      const refused = refuse(caller, 'see-audit');
      if (refused !== null) return refused;
      const wanted = Math.max(1, Math.min(limit, MAX_PAGE));
      // One more than asked for tells whether there is a next page.
      const rows = await audit.list({ ...query, limit: wanted + 1 });
      const items = rows.slice(0, wanted);
      return { ok: true, value: { items, next: rows.length > wanted ? (items.at(-1)?.seq ?? null) : null } };
    },
    async oversee(days, caller) {
      return refuse(caller, 'oversee') ?? { ok: true, value: await messages.oversee(now() - days * DAY_MS) };
    },
    async verifyAudit(caller) {
      return refuse(caller, 'see-audit') ?? { ok: true, value: await audit.verify() };
    },
  };
}
