import { addMasterKey, keyRing, retireMasterKey } from '../registers/keys.ts';
import { digestRule } from './digest-rule.ts';
import { storeKeys } from './store-keys.ts';

const CREATED = '2016-01-20T09:30:00Z';
const RULE = { detector: 'direction', rule: 'record-level-of-measure' } as const;
const first = addMasterKey(null, new Uint8Array(32).fill(1), CREATED);
const rotated = addMasterKey(first, new Uint8Array(32).fill(2), CREATED);
const digested = (file: typeof first, rule: Parameters<typeof digestRule>[0] = RULE) =>
  digestRule(rule, storeKeys(keyRing(file)));

describe('the digest of a rule', () => {
  it.each([
    ['another key came', rotated],
    ['the first key was retired', retireMasterKey(rotated, rotated.keys[0]?.id ?? '')],
  ])('is the same once %s: rows of before are found by it', (_when, file) => {
    expect(digested(file)).toBe(digested(first));
  });

  it.each([
    ['another key file', addMasterKey(null, new Uint8Array(32).fill(3), CREATED), RULE],
    ['another rule', first, { ...RULE, rule: 'change-of-measure' }],
    ['another detector', first, { ...RULE, detector: 'figure' }],
  ] as const)('is another with %s', (_what, file, rule) => {
    expect(digested(file, rule)).not.toBe(digested(first));
  });
});
