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
  /** False while no server can be reached and none is to be tried yet; what is due then waits unclaimed. Absent: always true. */
  isAvailable?(): boolean;
  /** Waits for transactions in hand and leaves politely. */
  close(): Promise<void>;
}
