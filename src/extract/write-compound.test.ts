import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CompoundEntry, readCompoundFile } from './compound-file.ts';
import { writeCompound } from './write-compound.ts';

interface Tree {
  readonly [name: string]: Tree | Uint8Array;
}

function entryOf(name: string, content: Tree | Uint8Array): CompoundEntry {
  const isStream = content instanceof Uint8Array;
  return {
    name,
    kind: isStream ? 'stream' : 'storage',
    size: isStream ? content.length : 0,
    children: isStream ? [] : Object.entries(content).map(([child, inner]) => entryOf(child, inner)),
    read: () => (isStream ? content : new Uint8Array()),
  };
}

function treeOf(entry: CompoundEntry): Tree {
  return Object.fromEntries(
    entry.children.map((child) => [
      child.name,
      child.kind === 'stream' ? Uint8Array.from(child.read()) : treeOf(child),
    ]),
  );
}

const reread = (tree: Tree): Tree => treeOf(readCompoundFile(writeCompound(entryOf('any', tree))));

describe('a compound file made of a storage', () => {
  const stream = fc.uint8Array({ maxLength: 9000, size: 'max' });
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.dictionary(
      fc.stringMatching(/^[A-Za-z0-9]{1,12}$/).filter((name) => name !== '__proto__'),
      fc.oneof({ depthSize: 'small', withCrossShrink: true }, stream, tie('tree')) as fc.Arbitrary<Tree | Uint8Array>,
      { maxKeys: 5, noNullPrototype: true },
    ),
  }));

  it('holds what the storage held', () => {
    fc.assert(
      fc.property(tree, (one) => {
        expect(reread(one)).toEqual(one);
      }),
      { numRuns: 60 },
    );
  });

  it('may need more of its allocation table than its header lists', () => {
    const large = Buffer.alloc(8 * 1024 ** 2, 'words ');
    const found = reread({ large, small: Uint8Array.of(1, 2, 3) });
    expect(Buffer.compare(Buffer.from(found['large'] as Uint8Array), large)).toBe(0);
    expect(found['small']).toEqual(Uint8Array.of(1, 2, 3));
  });
});
