/** Milliseconds since the epoch, UTC. */
export type Instant = number;

export type Unit =
  | 'percent'
  | 'percentage-points'
  | 'count'
  | 'thousand'
  | 'million'
  | 'billion'
  | 'gbp'
  | 'gbp-thousand'
  | 'gbp-million'
  | 'gbp-billion'
  | 'index'
  | 'ratio';

export type EmbargoStatus = 'scheduled' | 'published' | 'postponed' | 'cancelled';

export interface Access {
  readonly email: string;
  readonly role: string | null;
  /** Day of the declaration, ISO date. */
  readonly declared: string | null;
  /** Day of the last training, ISO date; absent where none is known. */
  readonly trained?: string;
}

/** Somebody who was on a list and left: kept for the record, and for when they come back. */
export interface FormerAccess extends Access {
  readonly left: string;
}

/** An embargoed figure as it is kept: keyed digests of its canonical value at each plausible precision, never the value. */
export interface SealedFigure {
  readonly measure: string;
  readonly unit: Unit;
  /** Hex HMAC-SHA-256, one for each rounding a writer would use. */
  readonly digests: readonly string[];
}

export interface PublicFigure {
  readonly measure: string;
  readonly value: number;
  readonly unit: Unit;
  readonly release: string | null;
}

/** A statistical release under embargo, as judged: local times resolved to instants in the entry's own zone. */
export interface EmbargoEntry {
  readonly id: string;
  readonly title: string;
  readonly producer: string;
  readonly series: string | null;
  readonly page: string | null;
  readonly subjects: readonly string[];
  readonly from: Instant;
  /** The lift; the instant itself is public. */
  readonly until: Instant;
  readonly zone: string;
  readonly preRelease: {
    readonly opens: Instant;
    readonly access: readonly Access[];
    /** Nobody here has access; absent where nobody left. */
    readonly former?: readonly FormerAccess[];
  } | null;
  /** Addresses or `*@domain` patterns of the producer's own staff. */
  readonly custodians: readonly string[];
  readonly status: EmbargoStatus;
  readonly figures: readonly SealedFigure[];
  readonly public: readonly PublicFigure[];
  readonly quietUntil: Instant | null;
}

/** A protected dataset. */
export interface SensitivityEntry {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly classification: string | null;
  /** Id of the release it feeds. */
  readonly embargo: string | null;
  /** Id of a schema in `rules/datasets/`. */
  readonly dataset: string | null;
  readonly columns: readonly string[];
  /** Name of the sketch file, relative to the entry's file. */
  readonly sketch: string | null;
  readonly allowedRecipients: readonly string[];
}

export interface Registers {
  readonly embargoes: readonly EmbargoEntry[];
  readonly sensitivity: readonly SensitivityEntry[];
}
