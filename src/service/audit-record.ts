export type AuditAction =
  | 'message.revealed'
  | 'message.released'
  | 'message.rejected'
  | 'message.release-at-lift'
  | 'message.released-to-eligible'
  | 'message.release-proposed'
  | 'message.asked'
  | 'false-alarm.proposed'
  | 'false-alarm.approved'
  | 'false-alarm.refused'
  | 'false-alarm.revoked'
  | 'incident.opened'
  | 'incident.changed'
  | 'incident.confirmed'
  | 'incident.exported'
  | 'trial.run'
  | 'trial.started'
  | 'trial.ended'
  | 'embargo.put'
  | 'sensitivity.put'
  | 'registers.imported'
  | 'keys.rotated'
  | 'store.backed-up'
  | 'store.restored'
  | 'keys.retired'
  | 'embargo.removed'
  | 'sensitivity.removed'
  | 'change.proposed'
  | 'change.approved'
  | 'change.rejected'
  | 'change.withdrawn'
  | 'user.created'
  | 'user.changed'
  | 'user.unlocked'
  | 'user.password-reset'
  | 'user.factor-reset'
  | 'password.changed'
  | 'factor.enrolled'
  | 'factor.removed'
  | 'factor.recovery-used'
  | 'token.created'
  | 'token.revoked'
  | 'session.ended'
  | 'session.opened'
  | 'session.refused'
  | 'first-start'
  | 'recall.confirmed'
  | 'check-point.created'
  | 'check-point.ended'
  | 'webhook.created'
  | 'webhook.removed'
  /** For reviewers: an author without access tried out figures of a release. */
  | 'probing.suspected';

/** One act to account for. `detail` carries ids and settings, never content or figures. */
export interface AuditAct {
  readonly actor: string;
  readonly action: AuditAction;
  readonly target: string | null;
  readonly detail: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

export interface AuditRow extends AuditAct {
  readonly seq: number;
  readonly at: number;
}

export type AuditCheck =
  | { readonly ok: true; readonly rows: number }
  | { readonly ok: false; readonly seq: number; readonly message: string };

/** An act with the name of whoever did it, where the id still has one. */
export interface NamedAct extends AuditRow {
  readonly actorName: string | null;
}

/** Append-only and chained (promise 8). */
export interface AuditLog {
  append(act: AuditAct): Promise<void>;
  /** Newest first. */
  list(query: {
    readonly limit: number;
    readonly before?: number;
    readonly target?: string;
    readonly action?: AuditAction;
    readonly actor?: string;
    readonly from?: number;
    readonly to?: number;
  }): Promise<readonly AuditRow[]>;
  /** Whether the chain was begun with the keys at hand, or is empty; else they are not this database's. */
  isOurs(): Promise<boolean>;
  /** Recomputes the whole chain; names the first row that is changed or missing. */
  verify(): Promise<AuditCheck>;
}
