import type { Content } from '../core/byte-source.ts';
import type { TransportOptions } from './transport-options.ts';

export interface OutgoingMail {
  readonly from: string;
  readonly to: readonly string[];
  /** What is sent: added headers, then the original bytes. */
  readonly content: readonly Content[];
  readonly transport: TransportOptions;
  /** The server is asked whether it takes mail now, and given none. */
  readonly isProbe?: true;
  /** Asked before the message is handed over; false: another may be delivering it, and nothing goes. */
  readonly mayGo?: () => boolean;
}

export interface RecipientOutcome {
  readonly recipient: string;
  /** `deferred`: try again; `failed`: never will. */
  readonly outcome: 'delivered' | 'deferred' | 'failed';
  /** The server's reply, or what stood in the way, with a code and an enhanced status code in front. */
  readonly reply: string;
  /** Host of the server that said so; absent where none was reached. */
  readonly server?: string;
  /** The server took over what was wished about notices (RFC 3461 section 5.2.1), so none of ours tells of success. */
  readonly takesDsn?: boolean;
}

/** The server, or servers, that cleared mail goes to. */
export interface NextHop {
  /** Where it is: `host:port`, several with commas between. */
  readonly name: string;
  /** Never rejects: whatever goes wrong is an outcome of each recipient. */
  deliver(mail: OutgoingMail): Promise<readonly RecipientOutcome[]>;
  /**
   * Asks for leave to deliver something; false while no server can be reached, but for one asker at a time who finds out whether
   * one is back. What is refused leave waits unclaimed. Absent: everybody has leave.
   */
  askLeave?(): boolean;
  /** Each server, and whether it was reached when it was last tried. */
  servers?(): readonly { readonly name: string; readonly isReached: boolean }[];
  /** Waits for transactions in hand and leaves politely. */
  close(): Promise<void>;
}
