import type { Instant } from '../core/entry.ts';
import { refuse } from './authorise.ts';
import { engineOf } from './decide-held.ts';
import type { Confirmation, IncidentRecord, KeptIncident, ReportFields } from './incident-record.ts';
import { findFor, type ReviewDeps } from './message-for.ts';
import type { Caller } from './ports.ts';
import { emptyReport, prefillReport } from './prefill-report.ts';
import { recallNotice } from './recall-notice.ts';
import { refusal } from './refusal.ts';
import type { RecipientState, ReviewRecord } from './review-record.ts';
import type { Outcome } from './service.ts';
import type { AccountRecord, KeptMessage, NamedAct } from './stores.ts';
import { viewMessage } from './view-message.ts';

export interface IncidentView extends KeptIncident {
  readonly opener: string;
  /** Acts on the message and the incident, oldest first; without what people gave as reasons. */
  readonly timeline: readonly Pick<NamedAct, 'at' | 'actor' | 'actorName' | 'action'>[];
  readonly message: string | null;
  readonly receivedAt: Instant | null;
  readonly sender: string | null;
  readonly recipients: readonly (RecipientState & { readonly confirmed: Confirmation | null })[];
  /** What to write to those whom it reached; null where no message is known. */
  readonly notice: { readonly subject: string; readonly text: string } | null;
}

/** Reports of breaches, from a message that left or from what somebody told. */
export interface IncidentDesk {
  incidents(caller: Caller): Promise<Outcome<readonly KeptIncident[]>>;
  incident(id: string, caller: Caller): Promise<Outcome<IncidentView>>;
  /** Filled from the record as far as that knows; `message` null: empty. */
  openIncident(message: string | null, caller: Caller): Promise<Outcome<{ readonly id: string }>>;
  saveIncident(id: string, fields: ReportFields, caller: Caller): Promise<Outcome<{ readonly id: string }>>;
  confirmIncident(
    confirmation: { readonly id: string; readonly recipient: string; readonly note: string },
    caller: Caller,
  ): Promise<Outcome<{ readonly id: string }>>;
  /** Notes in the audit log that a report was taken out. */
  noteExport(id: string, format: string, caller: Caller): Promise<Outcome<{ readonly id: string }>>;
}

export interface IncidentDeskDeps extends ReviewDeps {
  readonly incidents: IncidentRecord;
  readonly reviews: Pick<ReviewRecord, 'recipients'>;
  readonly accounts: Pick<AccountRecord, 'namesOf'>;
}

const MOST_LISTED = 200;
const MOST_ACTS = 200;
const MOST_NOTE = 500;

export function createIncidentDesk(deps: IncidentDeskDeps): IncidentDesk {
  const { incidents, audit } = deps;
  return {
    async incidents(caller) {
      return refuse(caller, 'see-incidents') ?? { ok: true, value: await incidents.list(MOST_LISTED) };
    },
    async incident(id, caller) {
      const refused = refuse(caller, 'see-incidents');
      if (refused !== null) return refused;
      const kept = await incidents.find(id);
      return kept === null ? missing(id) : { ok: true, value: await show(kept, caller, deps) };
    },
    async openIncident(messageId, caller) {
      const refused = refuse(caller, 'write-incidents');
      if (refused !== null) return refused;
      const message = messageId === null ? null : await findFor(messageId, caller, deps);
      if (messageId !== null && message === null)
        return refusal('not-found', `there is no message ${messageId.slice(0, 64)}`);
      const id = deps.newId();
      const fields = message === null ? emptyReport(deps.now()) : await prefill(message, deps);
      await incidents.open({ id, message: message?.id ?? null, fields }, caller.id);
      return { ok: true, value: { id } };
    },
    async saveIncident(id, fields, caller) {
      const refused = refuse(caller, 'write-incidents');
      if (refused !== null) return refused;
      return (await incidents.save(id, fields, caller.id)) ? { ok: true, value: { id } } : missing(id);
    },
    async confirmIncident({ id, recipient, note }, caller) {
      const refused = refuse(caller, 'write-incidents');
      if (refused !== null) return refused;
      const isThere = await incidents.confirm(id, recipient, note.slice(0, MOST_NOTE), caller.id);
      return isThere ? { ok: true, value: { id } } : refusal('not-found', 'it did not reach such a recipient');
    },
    async noteExport(id, format, caller) {
      const refused = refuse(caller, 'see-incidents');
      if (refused !== null) return refused;
      if ((await incidents.find(id)) === null) return missing(id);
      await audit.append({ actor: caller.id, action: 'incident.exported', target: id, detail: { format } });
      return { ok: true, value: { id } };
    },
  };
}

async function prefill(message: KeptMessage, deps: IncidentDeskDeps): Promise<ReportFields> {
  const registers = (await engineOf(deps))?.registers ?? { embargoes: [], sensitivity: [] };
  // As somebody without any access sees it: the report is read by others than whoever opened it.
  const view = viewMessage(message, registers, { kind: 'reviewer', address: null, at: deps.now() }, false);
  return prefillReport(view, await deps.reviews.recipients(message.id), registers, deps.now());
}

async function show(kept: KeptIncident, caller: Caller, deps: IncidentDeskDeps): Promise<IncidentView> {
  const message = kept.message === null ? null : await findFor(kept.message, caller, deps);
  const [recipients, confirmations, ofMessage, ofIncident] = await Promise.all([
    message === null ? [] : deps.reviews.recipients(message.id),
    deps.incidents.confirmations(kept.id),
    message === null ? [] : deps.audit.list({ target: message.id, limit: MOST_ACTS }),
    deps.audit.list({ target: kept.id, limit: MOST_ACTS }),
  ]);
  const acts = [...ofMessage, ...ofIncident].toSorted((a, b) => a.seq - b.seq);
  const names = await deps.accounts.namesOf([...new Set([...acts.map(({ actor }) => actor), kept.openedBy])]);
  return {
    ...kept,
    opener: names.get(kept.openedBy) ?? kept.openedBy,
    timeline: acts.map(({ at, actor, action }) => ({ at, actor, action, actorName: names.get(actor) ?? null })),
    message: message?.id ?? null,
    receivedAt: message?.receivedAt ?? null,
    sender: message?.envelope.from ?? null,
    recipients: recipients.map((one) => ({
      ...one,
      confirmed: confirmations.find(({ recipient }) => recipient === one.address) ?? null,
    })),
    notice: message === null ? null : recallNotice({ sender: message.envelope.from, sentAt: message.receivedAt }, null),
  };
}

function missing(id: string): Outcome<never> {
  return refusal('not-found', `there is no incident ${id.slice(0, 64)}`);
}
