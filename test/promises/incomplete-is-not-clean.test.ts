import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { makeLettingsWorkbook } from '../../src/cli/lettings-workbook.ts';
import { memorySource } from '../../src/core/byte-source.ts';
import { type OpenedMessage, PATH_SEPARATOR } from '../../src/core/part.ts';
import { decide } from '../../src/core/policy.ts';
import { DEFAULT_LIMITS } from '../../src/extract/budget.ts';
import { extractors } from '../../src/extract/index.ts';
import { openParts } from '../../src/scan/open-parts.ts';

// Promise 1: every byte of a message ends as text, as a table or as an incomplete part with its reason.

// Machines that build are slow; what is tested is that each ends.
const SLOW = 120_000;
const MARKER = 'zebra crossing forty-two';

function open(name: string, bytes: Uint8Array): Promise<OpenedMessage> {
  const kind = name.endsWith('.eml') ? 'email' : 'file';
  return openParts(
    { kind, name, source: memorySource(bytes) },
    { extractors, limits: DEFAULT_LIMITS, now: () => performance.now() },
  );
}

/** What an opened message must be, whatever went in. */
function expectWhole(opened: OpenedMessage): void {
  expect(opened.parts.length).toBeGreaterThan(0);
  const paths = opened.parts.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  for (const { path, content } of opened.parts) {
    if (content.kind !== 'container' || path === paths[0]) continue;
    const inside = paths.some((other) => other.startsWith(`${path}${PATH_SEPARATOR}`));
    if (!inside) throw new Error(`${path} was opened into nothing and is not incomplete`);
  }
}

function isSeen(opened: OpenedMessage): boolean {
  return opened.parts.some(({ content }) => 'text' in content && content.text.includes(MARKER));
}

function isIncomplete(opened: OpenedMessage): boolean {
  return opened.parts.some(({ content }) => content.kind === 'incomplete');
}

function mail(attachment: Uint8Array, name: string): Buffer {
  const head = `From: a@department.example\r\nTo: b@council.example\r\nSubject: papers\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="edge"\r\n\r\n--edge\r\n\r\nPapers attached.\r\n--edge\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n`;
  return Buffer.from(
    `${head}${Buffer.from(attachment).toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n--edge--\r\n`,
  );
}

const text = Buffer.from(`First line.\r\n${MARKER}\r\n`);
const shapes: readonly (readonly [string, string, () => Promise<Buffer> | Buffer])[] = [
  ['plain text', 'note.txt', () => text],
  ['a mail with an attachment', 'mail.eml', () => mail(text, 'note.txt')],
  ['a mail in a mail', 'mail.eml', () => mail(mail(text, 'note.txt'), 'forwarded.eml')],
  ['gzip', 'note.txt.gz', () => gzipSync(text)],
  ['gzip in gzip in a mail', 'mail.eml', () => mail(gzipSync(gzipSync(text)), 'note.gz')],
  [
    'HTML that hides it',
    'page.html',
    () => Buffer.from(`<html><body><p>Hello</p><p style="display:none">${MARKER}</p></body></html>`),
  ],
  ['CSV', 'table.csv', () => Buffer.from(`room,floor\n1,${MARKER}\n2,3\n`)],
];

describe('every byte ends as text, as a table or as incomplete', () => {
  it.each(shapes)('in %s the words are seen', async (_what, name, make) => {
    const opened = await open(name, await make());
    expectWhole(opened);
    expect(isSeen(opened)).toBe(true);
  });

  it.each(shapes)(
    'in %s cut short anywhere, the words are seen or the message is incomplete or they were cut off',
    async (_what, name, make) => {
      const whole = await make();
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (end) => {
          const opened = await open(name, whole.subarray(0, end));
          expectWhole(opened);
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each([
    ['any bytes', (bytes: Uint8Array) => bytes],
    ['a mail of any bytes', (bytes: Uint8Array) => mail(bytes, 'any.bin')],
    ['any bytes behind a zip signature', (bytes: Uint8Array) => Buffer.concat([Buffer.from('PK\x03\x04'), bytes])],
    ['any bytes behind a PDF signature', (bytes: Uint8Array) => Buffer.concat([Buffer.from('%PDF-1.4\n'), bytes])],
    [
      'any bytes behind an OLE signature',
      (bytes: Uint8Array) => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), bytes]),
    ],
    ['any bytes behind a gzip signature', (bytes: Uint8Array) => Buffer.concat([Buffer.from('1f8b08', 'hex'), bytes])],
  ])(
    '%s never end in nothing',
    async (what, wrap) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2000 }), async (bytes) => {
          expectWhole(await open('any.bin', wrap(bytes)));
        }),
        // A broken archive starts 7-Zip anew each time.
        { numRuns: what.includes('zip') ? 30 : 100 },
      );
    },
    SLOW,
  );

  it(
    'a workbook with any byte changed is read, or incomplete, and never an empty success',
    async () => {
      const whole = await makeLettingsWorkbook(20, 5);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: whole.length - 1 }),
          fc.integer({ min: 1, max: 255 }),
          async (at, flip) => {
            const bytes = Buffer.from(whole);
            bytes[at] = (bytes[at] ?? 0) ^ flip;
            const opened = await open('book.xlsx', bytes);
            expectWhole(opened);
            const hasTable = opened.parts.some(({ content }) => content.kind === 'table' && content.table.rows > 0);
            expect(hasTable || isIncomplete(opened)).toBe(true);
          },
        ),
        { numRuns: 300 },
      );
    },
    SLOW,
  );
});

describe('a part nobody could look at', () => {
  it.each([
    'encrypted',
    'corrupt',
    'unsupported',
    'too-large',
    'too-deep',
    'too-many',
    'timed-out',
    'crashed',
  ] as const)('holds when it is %s', (reason) => {
    const evidence = {
      findings: [],
      incomplete: [{ path: 'x', reason }],
      parties: { from: 'a@b.example', to: ['c@d.example'] },
      effectiveAt: 0,
    };
    const policy = {
      quietPeriod: 'hold',
      incomplete: 'hold',
      unregisteredSensitive: 'hold',
      unregisteredPlain: 'flag',
      attributed: 'flag',
      detectors: {},
    } as const;
    expect(decide(evidence, { embargoes: [], sensitivity: [] }, policy).verdict).toBe('hold');
  });
});
