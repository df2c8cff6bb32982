import { z } from 'zod';
import { AddressPattern, Id, IsoDate, LocalTime, Page, Text, UnitName } from './entry-fields.ts';
import { PasswordDocument } from './seal-password.ts';

/**
 * A figure as it is kept: digests to compare by, and the value encrypted, so that digests can be made anew when the key or
 * the roundings change. Both need the key that `key` names.
 */
export const SealedValue = z.strictObject({
  key: Id,
  scheme: z.int().min(1),
  box: z.base64('is damaged, seal the original anew').max(200),
  digests: z.array(z.string().regex(/^[0-9a-f]{32}$/, 'is damaged, seal the original anew')).max(64),
});
export type SealedValue = z.output<typeof SealedValue>;

export const FigureDocument = z.strictObject({
  measure: Id,
  value: z.number().optional(),
  unit: UnitName,
  sealed: SealedValue.optional(),
});
export type FigureDocument = z.output<typeof FigureDocument>;

/** An embargo entry as its file and the API write it (contract section 2); the store keeps it so, with figures sealed. */
export const EmbargoDocument = z.strictObject({
  id: Id,
  title: Text,
  producer: Text,
  series: Id.optional(),
  page: Page.optional(),
  subjects: z.array(Id).min(1),
  embargo: z.strictObject({ from: LocalTime, until: LocalTime, zone: Text }),
  preRelease: z
    .strictObject({
      opens: LocalTime,
      access: z.array(
        z.strictObject({
          email: AddressPattern,
          role: Text.optional(),
          declared: IsoDate.optional(),
          /** Day of the last training in pre-release access. */
          trained: IsoDate.optional(),
          /** Day the person left: no access while it stands here. */
          left: IsoDate.optional(),
        }),
      ),
    })
    .optional(),
  custodians: z.array(AddressPattern).optional(),
  status: z.enum(['scheduled', 'published', 'postponed', 'cancelled']).default('scheduled'),
  figures: z.array(FigureDocument).optional(),
  public: z
    .array(z.strictObject({ measure: Id, value: z.number(), unit: UnitName, release: Id.optional() }))
    .optional(),
  quietUntil: LocalTime.optional(),
  /** Tried on encrypted attachments; sealed as soon as they are read. */
  passwords: z.array(PasswordDocument).max(20).optional(),
});
export type EmbargoDocument = z.output<typeof EmbargoDocument>;
