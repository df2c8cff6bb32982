import { z } from 'zod';
import { text } from '../setting-shapes.ts';

/** The settings of notices by e-mail; null: none are sent. */
export interface NoticesConfig {
  readonly from: string;
  readonly domains: readonly string[];
  readonly digestHour: number;
  /** Folder of templates of one's own; null: the ones that ship. */
  readonly templates: string | null;
}

const DOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/** The settings, for the schema of the whole environment. */
export const noticesShape = {
  HOLDFAST_NOTICES_FROM: text
    .regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, 'is no address, expected for example holdfast@department.example')
    .optional(),
  HOLDFAST_NOTICES_TO: text
    .transform((value) => value.split(',').map((domain) => domain.trim().toLowerCase()))
    .refine(
      (domains) => domains.every((domain) => DOMAIN.test(domain)),
      'is no list of domains, expected for example department.example,agency.example',
    )
    .optional(),
  HOLDFAST_NOTICES_DIGEST_HOUR: z
    .string()
    .regex(/^(?:[01]?\d|2[0-3])$/, 'is no hour, expected 0 to 23')
    .transform(Number)
    .prefault('8'),
  HOLDFAST_NOTICES_TEMPLATES: text.optional(),
} as const;

const shape = z.object(noticesShape);

/** Notices are sent once they have an address to come from; without a list they go to its domain alone. */
export function readNotices(settings: z.output<typeof shape>): NoticesConfig | null {
  const from = settings.HOLDFAST_NOTICES_FROM;
  if (from === undefined) return null;
  return {
    from,
    domains: settings.HOLDFAST_NOTICES_TO ?? [from.slice(from.lastIndexOf('@') + 1).toLowerCase()],
    digestHour: settings.HOLDFAST_NOTICES_DIGEST_HOUR,
    templates: settings.HOLDFAST_NOTICES_TEMPLATES ?? null,
  };
}
