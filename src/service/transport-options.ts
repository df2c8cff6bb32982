import { z } from 'zod';

const Received = z.object({
  /** What the client called itself. */
  helo: z.string(),
  /** The client's address: of the peer, or of whom a trusted peer named. */
  address: z.string(),
  /** How it was handed to us: `ESMTP`, `ESMTPS` ... (RFC 3848). */
  protocol: z.string(),
  /** The client's host name, where a trusted peer named it. */
  name: z.string().optional(),
  /** Address of the trusted peer that named the client by XCLIENT or XFORWARD. */
  via: z.string().optional(),
  /** Who signed in. */
  user: z.string().optional(),
});

/**
 * What SMTP said about a message beyond sender and recipients; goes on to the next hop. Parameter values stay in xtext (RFC 3461).
 *
 * Keys of a newer version are passed over, so that versions can work side by side.
 */
export const TransportOptions = z.object({
  body: z.enum(['7BIT', '8BITMIME']).nullable(),
  smtpUtf8: z.boolean(),
  ret: z.enum(['FULL', 'HDRS']).nullable(),
  envid: z.string().nullable(),
  /** DSN wishes by recipient address. */
  recipients: z.record(z.string(), z.object({ notify: z.array(z.string()).nullable(), orcpt: z.string().nullable() })),
  /** For the `Received` header: who handed the message over, and how. */
  received: Received.nullable(),
  /** Attributes of XFORWARD by their names, values in xtext as they came; they go on to a next hop that takes them. */
  forwarded: z.record(z.string(), z.string()).optional(),
  /** A message of ours that only tries the way: no server is given it. */
  isCanary: z.literal(true).optional(),
});
export type TransportOptions = z.infer<typeof TransportOptions>;
export type ReceivedFrom = z.infer<typeof Received>;

export const PLAIN_TRANSPORT: TransportOptions = {
  body: null,
  smtpUtf8: false,
  ret: null,
  envid: null,
  recipients: {},
  received: null,
};

/** The options the store kept; what came in by another way than SMTP has none. */
export function parseTransportOptions(kept: Readonly<Record<string, unknown>>): TransportOptions {
  return TransportOptions.parse({ ...PLAIN_TRANSPORT, ...kept });
}

/** What was wished about notices for one recipient (RFC 3461 section 4). */
export function wishFor(
  { recipients }: TransportOptions,
  recipient: string,
): TransportOptions['recipients'][string] | undefined {
  return Object.hasOwn(recipients, recipient) ? recipients[recipient] : undefined;
}
