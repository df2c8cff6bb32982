import type { Content } from '../core/byte-source.ts';
import type { TransportOptions } from './transport-options.ts';

export interface OutgoingMail {
  readonly from: string;
  readonly to: readonly string[];
  /** What is sent: added headers, then the original bytes. */
  readonly content: readonly Content[];
  readonly transport: TransportOptions;
}

export interface RecipientOutcome {
  readonly recipient: string;
  /** `deferred`: try again; `failed`: never will. */
  readonly outcome: 'delivered' | 'deferred' | 'failed';
  /** The server's reply, or what stood in the way, with a code and an enhanced status code in front. */
  readonly reply: string;
}

/** The server that cleared mail goes to. */
export interface NextHop {
  /** Where it is, for notices: `host:port`. */
  readonly name: string;
  /** One transaction; never rejects: whatever goes wrong is an outcome of each recipient. */
  deliver(mail: OutgoingMail): Promise<readonly RecipientOutcome[]>;
  /** Waits for transactions in hand and leaves politely. */
  close(): Promise<void>;
}
