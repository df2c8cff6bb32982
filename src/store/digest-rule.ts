import { createHmac } from 'node:crypto';

import type { Finding } from '../core/finding.ts';
import { keyObject } from './key-object.ts';
import type { StoreKeys } from './store-keys.ts';

/** Hex digits kept of an HMAC-SHA-256: rules are some hundred, and nobody can choose them to collide. */
const DIGITS = 16;

/**
 * What the database has in place of a rule's name, which would tell what a held mail says: keyed, so that a copy of the database
 * cannot be tried out with the rule files.
 *
 * The key is one that no rotation changes, so a rule has one digest in every row.
 */
export function digestRule({ detector, rule }: Pick<Finding, 'detector' | 'rule'>, keys: StoreKeys): string {
  return createHmac('sha256', keyObject(keys.token)).update(`rule\0${detector}/${rule}`).digest('hex').slice(0, DIGITS);
}
