import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractors } from '../../src/extract/index.ts';

const FOLDER = join(import.meta.dirname, '../../src/extract');

describe('the list of extractors', () => {
  it.each(extractors.map((listing) => [listing.name, listing] as const))(
    'names what `%s` says of itself',
    async (_, listing) => {
      const extractor = await listing.load();
      expect([extractor.name, [...extractor.types]]).toEqual([listing.name, [...listing.types]]);
    },
  );

  it('has every type once', () => {
    const types = extractors.flatMap((listing) => listing.types);
    expect(types.filter((type, at) => types.indexOf(type) !== at)).toEqual([]);
  });

  it('has every extractor of the folder', () => {
    const files = readdirSync(FOLDER).filter((name) => /\.ts$/.test(name) && !/\.test\.ts$/.test(name));
    const declared = files.filter((name) =>
      /^export const \w+: Extractor =/m.test(readFileSync(join(FOLDER, name), 'utf8')),
    );
    const index = readFileSync(join(FOLDER, 'index.ts'), 'utf8');
    expect(declared.filter((name) => !index.includes(`'./${name}'`))).toEqual([]);
    expect(declared.length).toBeGreaterThan(10);
  });
});
