import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { memorySource } from '../../src/core/byte-source.ts';
import { DEFAULT_LIMITS } from '../../src/extract/budget.ts';
import { extractors } from '../../src/extract/index.ts';
import { openParts } from '../../src/scan/open-parts.ts';
import { createPixelReader } from '../../src/scan/read-pixels.ts';

/**
 * Opens every file of the folders given and tells, by extension, what became of them:
 * `node bench/opening/corpus.ts DIR... [--each] [--ocr]`.
 */
const args = process.argv.slice(2);
const each = args.includes('--each');
const ocr = args.includes('--ocr') ? { readPixels: createPixelReader() } : {};
interface Row {
  files: number;
  whole: number;
  reasons: Map<string, number>;
  characters: number;
  slowest: number;
}
const rows = new Map<string, Row>();

for (const folder of args.filter((arg) => !arg.startsWith('--'))) {
  for (const path of await filesIn(folder)) {
    const bytes = await readFile(path);
    const start = performance.now();
    const kind = /\.eml$/i.test(path) ? 'email' : 'file';
    const opened = await openParts(
      { kind, name: path, source: memorySource(bytes) },
      { extractors, limits: DEFAULT_LIMITS, now: () => performance.now(), ...ocr },
    );
    const took = performance.now() - start;
    const incomplete = opened.parts.flatMap((part) => (part.content.kind === 'incomplete' ? [part] : []));
    const row = rows.get(extname(path)) ?? { files: 0, whole: 0, reasons: new Map(), characters: 0, slowest: 0 };
    rows.set(extname(path), row);
    row.files += 1;
    if (incomplete.length === 0) row.whole += 1;
    for (const part of opened.parts)
      if (part.content.kind === 'text' || part.content.kind === 'table') row.characters += part.content.text.length;
    for (const reason of new Set(
      incomplete.map((part) => (part.content.kind === 'incomplete' ? part.content.reason : '')),
    ))
      row.reasons.set(reason, (row.reasons.get(reason) ?? 0) + 1);
    row.slowest = Math.max(row.slowest, took);
    if (each)
      for (const part of incomplete)
        if (part.content.kind === 'incomplete')
          console.log(`${path}\t${part.path}\t${part.content.reason}\t${part.type}\t${part.content.detail ?? ''}`);
  }
}
console.log('extension\tfiles\twhole\tincomplete\tcharacters\tslowest ms');
for (const [extension, row] of [...rows].sort((a, b) => b[1].files - a[1].files))
  console.log(
    [
      extension,
      row.files,
      row.whole,
      [...row.reasons].map(([reason, count]) => `${reason} ${count}`).join(', '),
      row.characters,
      row.slowest.toFixed(0),
    ].join('\t'),
  );

async function filesIn(folder: string): Promise<string[]> {
  if ((await stat(folder)).isFile()) return [folder];
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .sort();
}
