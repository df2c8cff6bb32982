import { memorySource } from '../../src/core/byte-source.ts';
import { DEFAULT_LIMITS } from '../../src/extract/budget.ts';
import { extractors } from '../../src/extract/index.ts';
import { openParts } from '../../src/scan/open-parts.ts';

/** A SYLK file of one cell. */
const SYLK = Buffer.from('ID;PWXL;N;E\r\nC;Y1;X1;K"Employment rate at 74.0 per cent"\r\nE\r\n');

it.each([
  ['is read where it ends in its time', (_time: number, work: () => never) => ({ value: work() }), 'table', null],
  ['keeps its words and is incomplete where it does not', () => null, 'text', 'timed-out'],
] as const)('an old workbook %s', async (_what, runInTime, kind, reason) => {
  const opened = await openParts(
    { kind: 'file', name: 'book.slk', source: memorySource(SYLK) },
    {
      extractors,
      limits: DEFAULT_LIMITS,
      now: () => 0,
      everyCell: true,
      passwords: [],
      runInTime: runInTime as <T>(time: number, work: () => T) => { readonly value: T } | null,
    },
  );
  expect(opened.parts.map(({ content }) => content.kind)).toContain(kind);
  expect(opened.parts.flatMap(({ content }) => (content.kind === 'incomplete' ? [content.reason] : []))).toEqual(
    reason === null ? [] : [reason],
  );
  expect(JSON.stringify(opened.parts)).toContain('Employment rate');
});
