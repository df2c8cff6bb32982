import { z } from 'zod';
import { WEBHOOK_EVENTS } from '../../service/webhook-record.ts';
import { parseInstant } from '../../text/instant.ts';
import { describePictures } from '../pages/alt-text.ts';

const MAX_RECIPIENTS = 10_000;
const STATES = [
  'received',
  'scanning',
  'cleared',
  'held',
  'released',
  'rejected',
  'expired',
  'delivering',
  'delivered',
  'returned',
] as const;

/** Loose on purpose: RFC 5321 allows much, and only what could split a header or a list is refused. */
const MAILBOX = /^[^\s<>,;]+@[^\s<>,;@]+$/;

const address = z
  .string()
  .max(320, 'is longer than 320 characters, which no address is')
  .regex(MAILBOX, { error: 'is not an address like name@example.org (in a query, write + as %2B)', abort: true })
  .refine((text) => !/\p{Cc}/u.test(text), 'holds a control character');

const addressList = z.preprocess(
  (value) => (value === undefined ? [] : typeof value === 'string' ? [value] : value),
  z.array(address),
);

/** An instant with its offset: without one it would mean another moment on another machine. */
export const instant = z
  .string()
  .transform((text, context) => {
    const value = parseInstant(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: 'is no instant with an offset, like 2016-01-20T09:30:00+00:00' });
    return z.NEVER;
  })
  .meta({ format: 'date-time' });

export const envelopeQuery = z.strictObject({
  // The null sender of a bounce is an empty `from`.
  from: z
    .union([z.literal(''), address], {
      error: ({ input }) =>
        input === undefined ? 'is missing; give the envelope sender, empty for a bounce' : undefined,
    })
    .meta({ description: 'Envelope sender; empty for a bounce.' }),
  to: addressList
    .pipe(z.array(address).min(1, 'names no recipient; give at least one `to`').max(MAX_RECIPIENTS))
    .meta({ description: 'Envelope recipients, one `to` each.', minItems: 1 }),
});

const base64 = z
  .string()
  .transform((text, context) => {
    const clean = text.replaceAll(/[\r\n]/g, '');
    const bytes = Buffer.from(clean, 'base64');
    // Buffer skips what is not base64; only the length tells that something was skipped.
    if (bytes.length === Math.floor((clean.replace(/={1,2}$/, '').length * 3) / 4) && clean.length % 4 !== 1) {
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    context.addIssue({ code: 'custom', message: 'is not base64' });
    return z.NEVER;
  })
  .meta({ contentEncoding: 'base64' });

const attachment = z
  .strictObject({
    name: z.string().min(1).max(255),
    type: z.string().max(255).default('application/octet-stream'),
    base64,
    alt: z.string().max(10_000).default('').meta({
      description: 'Of an image: the words for those who do not see it. They are published too, so they are judged.',
    }),
  })
  .transform(({ name, type, base64: content, alt }) => [{ name, type, content }, ...describePictures([{ name }], alt)]);

export const draftBody = z
  .strictObject({
    text: z.string().max(1_000_000),
    channel: z.string().min(1).max(64).meta({ description: 'Where it will appear: x, facebook, press, email ...' }),
    publishAt: instant.nullish().meta({ description: 'When it becomes visible; absent: at once.' }),
    author: z.string().min(1).max(320),
    recipients: z.array(address).max(MAX_RECIPIENTS).default([]).meta({ description: 'Empty: for the public.' }),
    attachments: z.array(attachment).max(100).default([]),
  })
  .refine((draft) => draft.text.trim() !== '' || draft.attachments.length > 0, {
    path: ['text'],
    message: 'is empty, and nothing is attached; send what is to be published',
  })
  .transform((draft) => ({ ...draft, attachments: draft.attachments.flat(), publishAt: draft.publishAt ?? null }));

export const listQuery = z.strictObject({
  state: z.enum(STATES).optional(),
  entry: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Only what a register entry of this id is concerned by.' }),
  sender: z.string().min(1).max(320).optional().meta({ description: 'Only senders whose address holds this.' }),
  detector: z
    .enum(['direction', 'figure', 'record-level', 'fingerprint', 'marking', 'recipients', 'batch'])
    .optional()
    .meta({ description: 'Only what this detector found something in.' }),
  search: z
    .string()
    .min(1)
    .max(320)
    .optional()
    .meta({ description: 'Part of a sender, a whole recipient or organisation, or an id.' }),
  order: z
    .enum(['newest', 'oldest', 'lift'])
    .optional()
    .meta({ description: '`lift`: the nearest lift first. Default: newest first.' }),
  limit: z.coerce.number().int().min(1).max(1000).default(50).meta({ description: 'A page may hold fewer.' }),
  after: z.string().min(1).max(200).optional().meta({ description: '`next` of the page before.' }),
});

/** Lists that have always been whole stay so for whoever asks for no page. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(10_000).default(1000).meta({ description: 'A page may hold fewer.' }),
  after: z.string().min(1).max(200).optional().meta({ description: '`next` of the page before.' }),
});

export const webhookBody = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(2000)
    .meta({ description: 'https, on the public internet or in HOLDFAST_WEBHOOK_NETWORKS.' }),
  events: z
    .array(z.enum(WEBHOOK_EVENTS))
    .min(1, 'names no event; give at least one')
    .max(20)
    .meta({ description: 'States that a message comes to, and what reviewers decide.' }),
});

export const decisionBody = z.strictObject({
  action: z.enum(['release', 'reject', 'release-at-lift', 'release-eligible', 'ask']),
  reason: z
    .string()
    .trim()
    .min(1, 'is empty; say in a sentence why, it is kept in the audit log')
    .max(2000)
    .meta({ description: 'Kept in the audit log.' }),
});

export const auditQuery = z.strictObject({
  target: z.string().min(1).max(200).optional().meta({ description: 'Only acts on this message or entry.' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  before: z.coerce.number().int().min(1).optional().meta({ description: '`next` of the page before.' }),
});

export const confirmationBody = z.strictObject({
  message: z.string().min(1).max(100),
  recipient: z.string().min(1).max(400),
  note: z.string().trim().max(500).default('').meta({ description: 'How it is known.' }),
});

/** A register entry is checked by the register's own schema, the same as for its YAML file. */
export const entryBody = z.record(z.string(), z.unknown());

export const noQuery = z.strictObject({});
