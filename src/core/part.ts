/** Joins the steps of a part's path: `report.zip › a.xlsx › Sheet1` (contract section 3). */
export const PATH_SEPARATOR = ' › ';

export const INCOMPLETE_REASONS = [
  'encrypted',
  'corrupt',
  'unsupported',
  'too-large',
  'too-deep',
  'too-many',
  'timed-out',
  'crashed',
] as const;

/** Why a part could not be looked at; never the same as clean. */
export type IncompleteReason = (typeof INCOMPLETE_REASONS)[number];

export interface Incomplete {
  readonly path: string;
  readonly reason: IncompleteReason;
}

/**
 * Where a text stood in the message.
 *
 * `body` and `subject` are the sender's own words; `quoted` is the older mail below a reply; `table` is a table's cells,
 * a row a line, tab-separated; `name` is a file, sheet or attachment name; `metadata` is properties, headers, EXIF;
 * `document` is the running text of an attachment.
 */
export type TextRole = 'subject' | 'body' | 'document' | 'table' | 'name' | 'metadata';

/** One column of a table as the opener saw it over all rows. */
export interface ColumnProfile {
  readonly filled: number;
  readonly integers: number;
  readonly decimals: number;
  readonly dates: number;
  /** Distinct values, counted exactly up to `DISTINCT_LIMIT` and then held there. */
  readonly distinct: number;
  readonly maxLength: number;
}

export const DISTINCT_LIMIT = 256;

/** A sheet, CSV file, HTML table or statistical file: what detectors judge record-level content by. */
export interface Table {
  readonly name: string;
  /** Rows with a filled cell, titles and headers too. */
  readonly rows: number;
  readonly columns: number;
  /** The likeliest header among the first ten rows; empty where there is none. */
  readonly header: readonly string[];
  /** Hidden, very hidden, or with hidden rows or columns that hold data. */
  readonly hidden: boolean;
  /** The first rows (at least 50, titles and header included), then rows taken evenly from the rest; cells as shown text. */
  readonly sample: readonly (readonly string[])[];
  readonly profiles: readonly ColumnProfile[];
}

export type PartContent =
  /** `text` is what detectors read; spans are UTF-16 offsets into it. */
  | { readonly kind: 'text'; readonly role: TextRole; readonly text: string; readonly hidden?: boolean }
  /** `text` holds the table's cells, tab-separated: every row of a small table, and of a large one the first rows and all prose. */
  | { readonly kind: 'table'; readonly table: Table; readonly text: string }
  /** Opened in full into the parts below it. */
  | { readonly kind: 'container' }
  | { readonly kind: 'incomplete'; readonly reason: IncompleteReason; readonly detail?: string };

/** A node of the opened message. Every byte ends as text, as a table or as an incomplete part with its reason (promise 1). */
export interface OpenedPart {
  readonly path: string;
  readonly type: string;
  readonly bytes: number;
  readonly content: PartContent;
}

/** What the mail headers say beyond the text parts; drafts and files have none. */
export interface MailHeaders {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly messageId: string | null;
  readonly date: string | null;
  readonly inReplyTo: string | null;
}

export interface OpenedMessage {
  readonly parts: readonly OpenedPart[];
  readonly headers: MailHeaders | null;
}

/** The incomplete parts of an opened message, in message order. */
export function incompleteParts(message: OpenedMessage): readonly Incomplete[] {
  return message.parts.flatMap((part) =>
    part.content.kind === 'incomplete' ? [{ path: part.path, reason: part.content.reason }] : [],
  );
}
