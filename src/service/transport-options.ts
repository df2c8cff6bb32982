import { z } from 'zod';

/** What SMTP said about a message beyond sender and recipients; goes on to the next hop. Parameter values stay in xtext (RFC 3461). */
export const TransportOptions = z.strictObject({
  body: z.enum(['7BIT', '8BITMIME']).nullable(),
  smtpUtf8: z.boolean(),
  ret: z.enum(['FULL', 'HDRS']).nullable(),
  envid: z.string().nullable(),
  /** DSN wishes by recipient address. */
  recipients: z.record(
    z.string(),
    z.strictObject({ notify: z.array(z.string()).nullable(), orcpt: z.string().nullable() }),
  ),
  /** For the `Received` header: who handed the message over, and how. */
  received: z.strictObject({ helo: z.string(), address: z.string(), protocol: z.string() }).nullable(),
});
export type TransportOptions = z.infer<typeof TransportOptions>;

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
