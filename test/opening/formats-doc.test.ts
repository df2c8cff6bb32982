import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatsTable, unnoted } from '../../bench/opening/formats-table.ts';

describe('docs/formats.md', () => {
  it('has a note for every extractor', () => {
    expect(unnoted()).toEqual([]);
  });

  it('is what `node bench/opening/write-formats.ts` makes', () => {
    expect(readFileSync(join(import.meta.dirname, '../../docs/formats.md'), 'utf8')).toBe(formatsTable());
  });
});
