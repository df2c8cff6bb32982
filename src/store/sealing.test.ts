import { randomBytes } from 'node:crypto';
import { newDataKey, open, openChunk, seal, sealContent, unwrapDataKey } from './sealing.ts';
import type { StoreKeys } from './store-keys.ts';

const current = { id: 'k1', key: randomBytes(32) };
const keys: StoreKeys = { current, all: [current], audit: randomBytes(32), token: randomBytes(32) };
const { key } = newDataKey('m1', keys);

it('opens what it sealed, at the same place alone, and unchanged alone', () => {
  const sealed = seal(Buffer.from('held'), key, 'm1/judgement');
  expect(open(sealed, key, 'm1/judgement').toString()).toBe('held');
  expect(() => open(sealed, key, 'm2/judgement')).toThrow();
  for (const at of [0, 12, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(() => open(changed, key, 'm1/judgement')).toThrow();
  }
});

it('opens no chunk in the place of another, and none as the last that is not', () => {
  const [first, last] = [...sealContent('m1', Buffer.alloc((1 << 20) + 1, 7), key)];
  if (first === undefined || last === undefined) throw new Error('two chunks expected');
  expect(openChunk('m1', 0, false, first.sealed, key)).toHaveLength(1 << 20);
  expect(() => openChunk('m1', 1, true, first.sealed, key)).toThrow();
  expect(() => openChunk('m1', 0, true, first.sealed, key)).toThrow();
  expect(() => openChunk('m2', 1, true, last.sealed, key)).toThrow();
});

it('unwraps no data key for another message, and looks once more for a key that it does not know', () => {
  const { wrapped, key: own } = newDataKey('m1', keys);
  expect(Buffer.from(unwrapDataKey('m1', 'k1', wrapped, keys))).toEqual(Buffer.from(own));
  expect(() => unwrapDataKey('m2', 'k1', wrapped, keys)).toThrow();
  const late = { ...keys, all: [] as StoreKeys['all'][number][], reread: () => void late.all.push(current) };
  expect(Buffer.from(unwrapDataKey('m1', 'k1', wrapped, late))).toEqual(Buffer.from(own));
  expect(() => unwrapDataKey('m1', 'k9', wrapped, late)).toThrow('the key file has no key k9');
});
