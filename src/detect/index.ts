import type { Detector } from './detector.ts';
import { direction } from './direction.ts';
import { figure } from './figure.ts';
import { fingerprint } from './fingerprint.ts';
import { marking } from './marking.ts';
import { recipients } from './recipients.ts';
import { recordLevel } from './record-level.ts';

/** Every detector, in the order they read a message. One line each. */
export const detectors: readonly Detector[] = [direction, figure, recordLevel, fingerprint, marking, recipients];
