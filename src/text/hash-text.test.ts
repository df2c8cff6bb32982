import fc from 'fast-check';
import { hashText, joinHashes } from './hash-text.ts';

it.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('hashes %j as FNV-1a is published', (text, hash) => {
  expect(hashText(text)).toBe(hash);
});

it('joins two hashes to one of 32 bits that knows their order', () => {
  const hash = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(hash, hash, (one, other) => {
      const joined = joinHashes(one, other);
      expect(joined).toBe(joined >>> 0);
      if (one !== other) expect(joinHashes(other, one)).not.toBe(joined);
    }),
  );
});
