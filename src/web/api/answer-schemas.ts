import { z } from 'zod';

const instantText = z.iso.datetime().meta({ description: 'ISO 8601, UTC.' });

const finding = z.object({
  detector: z.string(),
  rule: z.string(),
  entry: z.string().nullable(),
  path: z.string(),
  span: z
    .object({ start: z.int(), end: z.int() })
    .nullable()
    .meta({ description: 'UTF-16 offsets into the text of the part; null without access to the entry.' }),
  severity: z.enum(['low', 'medium', 'high']),
  summary: z.string(),
  insight: z.string().optional().meta({ description: 'Only for reviewers with access to the entry.' }),
});

/** A message as one caller may see it. */
export const messageAnswer = z
  .object({
    id: z.string(),
    kind: z.enum(['email', 'draft', 'file']),
    state: z.string(),
    verdict: z.enum(['pass', 'flag', 'hold']).nullable(),
    holdUntil: instantText.nullable(),
    effectiveAt: instantText.nullable(),
    receivedAt: instantText,
    envelope: z.object({ from: z.string(), to: z.array(z.string()) }),
    messageId: z.string().nullable(),
    subject: z.string().nullable(),
    findings: z.array(finding),
    incomplete: z.array(z.object({ path: z.string(), reason: z.string() })),
    mayReveal: z.boolean(),
  })
  .meta({ id: 'Message' });

export const messageListAnswer = z
  .object({ items: z.array(messageAnswer), next: z.string().nullable() })
  .meta({ id: 'MessageList' });

const localTime = z.string().meta({ description: 'Local time in the zone of the entry, as 2016-01-20T09:30.' });

export const embargoAnswer = z
  .object({
    id: z.string(),
    title: z.string(),
    producer: z.string(),
    series: z.string().optional(),
    page: z.string().optional(),
    subjects: z.array(z.string()),
    embargo: z.object({ from: localTime, until: localTime, zone: z.string() }),
    preRelease: z
      .object({
        opens: localTime,
        access: z.array(
          z.object({
            email: z.string(),
            role: z.string().optional(),
            declared: z.string().optional(),
            trained: z.string().optional(),
            left: z.string().optional().meta({ description: 'Has no access since.' }),
          }),
        ),
      })
      .optional(),
    custodians: z.array(z.string()).optional(),
    status: z.enum(['scheduled', 'published', 'postponed', 'cancelled']),
    figures: z
      .array(z.object({ measure: z.string(), unit: z.string() }))
      .optional()
      .meta({
        description: 'That there are figures, never what they are. Sent back without a value, they stay as they are.',
      }),
    public: z
      .array(z.object({ measure: z.string(), value: z.number(), unit: z.string(), release: z.string().optional() }))
      .optional(),
    quietUntil: localTime.optional(),
  })
  .meta({ id: 'Embargo' });

export const sensitivityAnswer = z
  .object({
    id: z.string(),
    title: z.string(),
    owner: z.string(),
    classification: z.string().optional(),
    embargo: z.string().optional(),
    dataset: z.string().optional(),
    columns: z.array(z.string()).optional(),
    sketch: z.string().optional(),
    allowedRecipients: z.array(z.string()),
  })
  .meta({ id: 'Sensitivity' });

export const auditAnswer = z
  .object({
    items: z.array(
      z.object({
        seq: z.int(),
        at: instantText,
        actor: z.string(),
        actorName: z.string().nullable(),
        action: z.string(),
        target: z.string().nullable(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
    next: z.int().nullable(),
  })
  .meta({ id: 'AuditTrail' });

const recallScan = {
  entry: z.string(),
  title: z.string(),
  scannedAt: instantText.nullable().meta({ description: 'Null while the search is still to be done.' }),
  traced: z.int().meta({ description: 'Delivered mails with tables or documents that were compared.' }),
  found: z.int(),
};

export const recallListAnswer = z
  .object({ items: z.array(z.object(recallScan)), next: z.string().nullable() })
  .meta({ id: 'Recalls' });

export const recallAnswer = z
  .object({
    ...recallScan,
    mails: z.array(
      z.object({
        message: z.string(),
        sender: z.string(),
        sentAt: instantText,
        by: z.enum(['rows', 'columns', 'passages']),
        recipients: z.array(
          z.object({
            address: z.string(),
            deliveredAt: instantText.nullable(),
            confirmedAt: instantText.nullable(),
            note: z.string(),
          }),
        ),
        notice: z.object({ subject: z.string(), text: z.string() }),
      }),
    ),
  })
  .meta({ id: 'Recall' });

const webhookFields = {
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  createdAt: instantText,
  endedAt: instantText.nullable().meta({ description: 'Since when it is told nothing more, because it answered 410.' }),
  lastSuccessAt: instantText.nullable(),
  lastFailureAt: instantText.nullable(),
  lastFailure: z.string().nullable(),
  waiting: z.int().meta({ description: 'Events that are still to be told.' }),
};

export const webhookAnswer = z.object(webhookFields).meta({ id: 'Webhook' });

export const webhookListAnswer = z
  .object({ items: z.array(webhookAnswer), next: z.string().nullable() })
  .meta({ id: 'WebhookList' });

export const webhookMadeAnswer = z
  .object({ ...webhookFields, secret: z.string().meta({ description: 'Shown once.' }) })
  .meta({ id: 'WebhookMade' });

export const doneAnswer = z.object({ id: z.string() }).meta({ id: 'Done' });

/** A page of a register or of recalls. */
export function pageAnswer<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });
