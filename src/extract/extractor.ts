import type { ByteSource } from '../core/byte-source.ts';
import type { IncompleteReason, MailHeaders, TextRole } from '../core/part.ts';
import type { Budget } from './budget.ts';
import type { PdfReader } from './pdf-reader.ts';
import type { EveryCell, FinishedTable } from './table-builder.ts';

/** Bytes still to be opened, typed by their content. */
export interface RawPart {
  readonly path: string;
  /** File name as the sender gave it; null where there is none. */
  readonly name: string | null;
  /** Media type by content (`detect-type`), never by name. */
  readonly type: string;
  /** What the sender said it was; a disagreement is noted, never believed. */
  readonly declaredType: string | null;
  /** Charset that the sender declared for text. */
  readonly charset?: string | null;
  readonly source: ByteSource;
}

/**
 * What an extractor yields, in message order. `step` is the path step below the part; null for the part's own content.
 *
 * A part's bytes must all end in pieces: what cannot be read is yielded as `incomplete`, never left out (promise 1).
 */
export type Piece =
  | {
      readonly kind: 'text';
      readonly step: string | null;
      readonly role: TextRole;
      readonly text: string;
      readonly hidden?: boolean;
      /** Media type of what the text was; absent: `text/plain`. */
      readonly type?: string;
    }
  | (FinishedTable & { readonly kind: 'table'; readonly step: string | null })
  /** A part inside, to be typed and opened in turn. */
  | {
      readonly kind: 'part';
      readonly step: string;
      readonly name: string | null;
      readonly declaredType: string | null;
      readonly charset?: string | null;
      readonly source: ByteSource;
    }
  | {
      readonly kind: 'incomplete';
      readonly step: string | null;
      readonly reason: IncompleteReason;
      readonly detail?: string;
    }
  | { readonly kind: 'headers'; readonly headers: MailHeaders };

export interface ExtractContext {
  /** One budget for the whole message; an extractor takes from it before it allocates. */
  readonly budget: Budget;
  /** `open --text`: tables yield every cell in their text. */
  readonly everyCell: EveryCell;
  /**
   * Set for a quick look: readers of large tables stop after so many rows and say that the rest is unread, so that a quick look
   * can hold a message and never clear one.
   */
  readonly firstRows?: number;
  /** Passwords to try on encrypted parts, likeliest first. */
  readonly passwords: readonly string[];
  /** Reads the words in a picture (PNG, JPEG ...); null where it cannot. Absent: pixels are not looked at, and say so. */
  readonly readPixels?: (image: Uint8Array) => Promise<string | null>;
  /** Where a PDF is parsed, within `time` ms. Absent: in this thread, which a damaged one may take with it. */
  readonly pdfReader?: (time: number) => PdfReader;
  /** Stops work that takes longer than so many ms, and is null then; where there is none, it runs to its end. */
  readonly runInTime?: <T>(time: number, work: () => T) => { readonly value: T } | null;
}

/** Reads one format. A fault it expects is a yielded `incomplete` or an `Unreadable`; whatever else it throws is a defect. */
export interface Extractor {
  readonly name: string;
  readonly types: readonly string[];
  extract(part: RawPart, context: ExtractContext): AsyncIterable<Piece> | Iterable<Piece>;
}
