import type { Instant } from '../core/entry.ts';
import { refuse } from './authorise.ts';
import type { Service } from './service.ts';
import type { AccountRecord, AuditLog, AuditRow, MessageRecord, NamedAct } from './stores.ts';

const MAX_PAGE = 1000;
const MAX_HISTORY = 100;

const MAX_ALERTS = 20;
/** Alerts stay on the page for so long. */
const ALERTS_MS = 24 * 60 * 60_000;

const DAY_MS = 24 * 60 * 60_000;

export interface AuditDeskDeps {
  readonly audit: AuditLog;
  readonly accounts: Pick<AccountRecord, 'namesOf'>;
  readonly messages: Pick<MessageRecord, 'oversee'>;
  readonly now: () => Instant;
}

/** What auditors read: every act, and whether the record of them is whole. */
export function createAuditDesk({
  audit,
  accounts,
  messages,
  now,
}: AuditDeskDeps): Pick<Service, 'auditTrail' | 'messageHistory' | 'probingAlerts' | 'verifyAudit' | 'oversee'> {
  const named = async (rows: readonly AuditRow[]): Promise<readonly NamedAct[]> => {
    const names = await accounts.namesOf(rows.map(({ actor }) => actor));
    return rows.map((row) => ({ ...row, actorName: names.get(row.actor) ?? null }));
  };
  return {
    async auditTrail({ limit, ...query }, caller) {
      const refused = refuse(caller, 'see-audit');
      if (refused !== null) return refused;
      const wanted = Math.max(1, Math.min(limit, MAX_PAGE));
      // One more than asked for tells whether there is a next page.
      const rows = await audit.list({ ...query, limit: wanted + 1 });
      const items = await named(rows.slice(0, wanted));
      return { ok: true, value: { items, next: rows.length > wanted ? (items.at(-1)?.seq ?? null) : null } };
    },
    async messageHistory(id, caller) {
      const refused = refuse(caller, 'see-history');
      if (refused !== null) return refused;
      const rows = await audit.list({ target: id, limit: MAX_HISTORY });
      return { ok: true, value: await named(rows.filter(({ action }) => action.startsWith('message.'))) };
    },
    async probingAlerts(caller) {
      const refused = refuse(caller, 'review');
      if (refused !== null) return refused;
      const rows = await audit.list({ action: 'probing.suspected', limit: MAX_ALERTS });
      return { ok: true, value: await named(rows.filter(({ at }) => now() - at < ALERTS_MS)) };
    },
    async oversee(days, caller) {
      return refuse(caller, 'oversee') ?? { ok: true, value: await messages.oversee(now() - days * DAY_MS) };
    },
    async verifyAudit(caller) {
      return refuse(caller, 'see-audit') ?? { ok: true, value: await audit.verify() };
    },
  };
}
