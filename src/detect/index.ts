import type { Detector } from './detector.ts';

/** Every detector, in the order they read a message. One line each. */
export const detectors: readonly Detector[] = [];
