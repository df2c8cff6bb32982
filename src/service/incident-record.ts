import type { Instant } from '../core/entry.ts';

/** What a breach report says, in the order and words of the template that producers send to the regulator. */
export const REPORT_FIELDS = [
  'title',
  'link',
  'producer',
  'contact',
  'reportedOn',
  'principle',
  'occurredOn',
  'nature',
  'reasons',
  'reactions',
  'corrective',
  'statements',
  'other',
] as const;

export type ReportField = (typeof REPORT_FIELDS)[number];
export type ReportFields = Readonly<Record<ReportField, string>>;

export interface KeptIncident {
  readonly id: string;
  /** The message that left; null for what somebody told. */
  readonly message: string | null;
  readonly openedBy: string;
  readonly openedAt: Instant;
  readonly changedAt: Instant;
  readonly fields: ReportFields;
}

export interface Confirmation {
  readonly recipient: string;
  readonly confirmedAt: Instant;
  readonly note: string;
}

/** Reports of breaches; what people wrote is sealed. Every write is audited in its own transaction. */
export interface IncidentRecord {
  open(incident: Pick<KeptIncident, 'id' | 'message' | 'fields'>, actor: string): Promise<void>;
  find(id: string): Promise<KeptIncident | null>;
  /** Newest first. */
  list(limit: number): Promise<readonly KeptIncident[]>;
  save(id: string, fields: ReportFields, actor: string): Promise<boolean>;
  confirm(id: string, recipient: string, note: string, actor: string): Promise<boolean>;
  confirmations(id: string): Promise<readonly Confirmation[]>;
}
