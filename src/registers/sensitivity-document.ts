import { z } from 'zod';
import { AddressPattern, Id, Text } from './entry-fields.ts';
import { PasswordDocument } from './seal-password.ts';

/** A sensitivity entry as its file and the API write it (contract section 2). */
export const SensitivityDocument = z.strictObject({
  id: Id,
  title: Text,
  owner: AddressPattern,
  classification: Text.optional(),
  embargo: Id.optional(),
  dataset: Id.optional(),
  columns: z.array(Text).optional(),
  sketch: z
    .string()
    .min(1)
    .max(500)
    .refine(
      (name) => !name.startsWith('/') && !/^[A-Za-z]:|\\|\0/.test(name) && !name.split('/').includes('..'),
      'leads out of the register folder, write a path below the folder of this file',
    )
    .optional(),
  allowedRecipients: z.array(AddressPattern).default([]),
  /** Tried on encrypted attachments; sealed as soon as they are read. */
  passwords: z.array(PasswordDocument).max(20).optional(),
});
export type SensitivityDocument = z.output<typeof SensitivityDocument>;
