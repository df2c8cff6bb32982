import { readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { partLine } from '../../src/cli/print-parts.ts';
import { memorySource } from '../../src/core/byte-source.ts';
import { DEFAULT_LIMITS } from '../../src/extract/budget.ts';
import { extractors } from '../../src/extract/index.ts';
import { openParts } from '../../src/scan/open-parts.ts';
import { createPixelReader } from '../../src/scan/read-pixels.ts';

/**
 * Tries documents with the short texts that their projects' own tests expect:
 * `node bench/opening/expected-text.ts FOLDER EXPECTED.jsonl [--ocr] [--only TEXT] [--misses FILE]`.
 *
 * A line of EXPECTED is `{"file": path below FOLDER, "expect": [text, ...], "passwords"?: [...]}`. A text counts as found where
 * `holdfast open --text` prints it, runs of white space being one space. Printed: documents, texts and recall by extension.
 */
const line = z.object({
  file: z.string(),
  expect: z.array(z.string()),
  passwords: z.array(z.string()).optional(),
});
const args = process.argv.slice(2);
const option = (name: string): string | null => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? null) : null);
const [folder, list] = args;
if (folder === undefined || list === undefined) throw new Error('usage: expected-text.ts FOLDER EXPECTED.jsonl');
const only = option('--only') ?? '';
const ocr = args.includes('--ocr') ? { readPixels: createPixelReader() } : {};

interface Row {
  files: number;
  texts: number;
  found: number;
}
const rows = new Map<string, Row>();
const misses: string[] = [];
for (const given of (await readFile(list, 'utf8')).split('\n')) {
  if (given.trim() === '') continue;
  const { file, expect, passwords = [] } = line.parse(JSON.parse(given));
  if (!file.includes(only)) continue;
  const shown = await shownText(file, passwords);
  const lost = expect.filter((text) => !shown.includes(oneSpace(text)));
  const extension = extname(file).toLowerCase() || '(none)';
  const row = rows.get(extension) ?? { files: 0, texts: 0, found: 0 };
  rows.set(extension, {
    files: row.files + 1,
    texts: row.texts + expect.length,
    found: row.found + expect.length - lost.length,
  });
  for (const text of lost) misses.push(JSON.stringify({ file, text }));
}
console.log('format\tdocuments\ttexts\tfound\trecall');
for (const [extension, { files, texts, found }] of [...rows].sort((a, b) => b[1].texts - a[1].texts))
  console.log([extension, files, texts, found, (found / texts).toFixed(3)].join('\t'));
const missFile = option('--misses');
if (missFile !== null) await writeFile(missFile, `${misses.join('\n')}\n`);
else for (const miss of misses) console.log(miss);

async function shownText(file: string, passwords: readonly string[]): Promise<string> {
  const kind = /\.eml$/i.test(file) ? 'email' : 'file';
  const opened = await openParts(
    { kind, name: file, source: memorySource(await readFile(join(folder as string, file))) },
    { extractors, limits: DEFAULT_LIMITS, now: () => performance.now(), everyCell: true, passwords, ...ocr },
  );
  return oneSpace(
    opened.parts
      .map((part) => {
        const { path, text = '', table } = partLine(part, true);
        return `${path}\n${table?.name ?? ''}\n${text}`;
      })
      .join('\n'),
  );
}

function oneSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
