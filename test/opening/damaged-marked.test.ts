import { incompleteParts } from '../../src/core/part.ts';
import { MARKER, markedFiles } from '../fuzz/marked-files.ts';
import { mutations } from '../fuzz/mutations.ts';
import { holdsWords } from '../fuzz/plain-reader.ts';
import { seededRandom } from '../fuzz/random.ts';
import { allText, openBytes } from './open-bytes.ts';

/** A short run of the fuzzer (`npm run fuzz`): one file of each format, damaged once in every way, opened in this process. */
describe('a file with a marker', () => {
  it.each(Object.entries(mutations))('is never clean without it: %s', async (_name, mutate) => {
    const random = seededRandom(7);
    let readable = 0;
    const missed: string[] = [];
    for (const { name, bytes } of markedFiles) {
      const damaged = mutate(bytes, random, random.pick(markedFiles).bytes);
      if (!holdsWords(damaged, MARKER)) continue;
      readable += 1;
      const opened = await openBytes(damaged, { name, kind: name.endsWith('.eml') ? 'email' : 'file' });
      const said = `${opened.parts.map(({ path }) => path).join(' ')} ${allText(opened)}`.replace(/\s+/g, ' ');
      if (!said.includes(MARKER) && incompleteParts(opened).length === 0) missed.push(name);
    }
    expect(missed).toEqual([]);
    expect(readable).toBeGreaterThan(0);
  });
});
