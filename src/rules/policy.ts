import { z } from 'zod';

const hold = z.enum(['hold', 'flag']);
const verdict = z.enum(['pass', 'flag', 'hold']);

/** `rules/policy.yaml`: what each kind of reason comes to, and the numbers that detectors measure by. */
export const policySchema = z
  .strictObject({
    quietPeriod: hold,
    incomplete: hold,
    unregisteredSensitive: hold,
    unregisteredPlain: hold,
    attributed: hold,
    /** Outcome of findings that carry no weight of their own, by detector. */
    detectors: z
      .strictObject({
        direction: verdict,
        figure: verdict,
        'record-level': verdict,
        fingerprint: verdict,
        marking: verdict,
        recipients: verdict,
        batch: verdict,
      })
      .readonly(),
    thresholds: z.record(z.string(), z.number().min(0)).readonly(),
  })
  .readonly();

export type PolicyFile = z.output<typeof policySchema>;
