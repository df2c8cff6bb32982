import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import type * as SheetJs from '@e965/xlsx';
import { incompleteParts } from '../../src/core/part.ts';
import { makeXlsx } from './make-office.ts';
import { allText, openBytes, textByPath } from './open-bytes.ts';

const { CFB, utils, write } = createRequire(import.meta.url)('@e965/xlsx') as typeof SheetJs & { readonly CFB: Cfb };
interface Cfb {
  readonly utils: { cfb_new(): unknown; cfb_add(cfb: unknown, name: string, bytes: Uint8Array): void };
  write(cfb: unknown, options: { type: 'buffer' }): Buffer;
}

const WORDS = 'Employment rate at 74.0 per cent';
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

function makeCompound(streams: Readonly<Record<string, Uint8Array>>): Buffer {
  const cfb = CFB.utils.cfb_new();
  for (const [name, bytes] of Object.entries(streams)) CFB.utils.cfb_add(cfb, name, bytes);
  return CFB.write(cfb, { type: 'buffer' });
}

/** A record of PowerPoint or of the drawing layer. */
function record(type: number, body: Uint8Array, instance = 0, version = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE((instance << 4) | version, 0);
  head.writeUInt16LE(type, 2);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** A record of Excel's stream. */
function biff(type: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(body.length, 2);
  return Buffer.concat([head, body]);
}

/** A Word document of one piece of UTF-16 text, its stories by their lengths. */
function makeDoc(stories: readonly string[], flags = 0): Buffer {
  const text = stories.join('');
  const main = Buffer.alloc(0x400);
  main.writeUInt16LE(0xa5ec, 0);
  main.writeUInt16LE(0x00c1, 2);
  main.writeUInt16LE(0x0200 | flags, 0x0a);
  for (const [at, story] of stories.entries()) main.writeUInt32LE(story.length, 0x4c + 4 * at);
  const pieces = Buffer.alloc(21);
  pieces[0] = 2;
  pieces.writeUInt32LE(16, 1);
  pieces.writeUInt32LE(text.length, 9);
  pieces.writeUInt32LE(0x400, 15);
  main.writeUInt32LE(pieces.length, 0x1a6);
  return makeCompound({ '/WordDocument': Buffer.concat([main, wide(text)]), '/1Table': pieces });
}

function makeXls(records: readonly Buffer[]): Buffer {
  const globals = [biff(0x809, Buffer.from('000605000000000000000000000000000000', 'hex').subarray(0, 16))];
  return makeCompound({ '/Workbook': Buffer.concat([...globals, ...records, biff(0x0a, Buffer.alloc(0))]) });
}

const textObject = (text: string): Buffer[] => {
  const body = Buffer.alloc(18);
  body.writeUInt16LE(text.length, 10);
  return [biff(0x1b6, body), biff(0x3c, Buffer.concat([Buffer.from([1]), wide(text)])), biff(0x3c, Buffer.alloc(16))];
};
const header = (text: string): Buffer => {
  const length = Buffer.alloc(3);
  length.writeUInt16LE(text.length, 0);
  return Buffer.concat([length, Buffer.from(text, 'latin1')]);
};
const propertySet = (text: string): Buffer => {
  const value = Buffer.concat([Buffer.alloc(8), Buffer.from(`${text}\0`)]);
  value.writeUInt32LE(0x1e, 0);
  value.writeUInt32LE(text.length + 1, 4);
  const head = Buffer.alloc(48 + 16);
  head.writeUInt16LE(0xfffe, 0);
  head.writeUInt32LE(1, 24);
  head.writeUInt32LE(48, 44);
  head.writeUInt32LE(16 + value.length, 48);
  head.writeUInt32LE(1, 52);
  head.writeUInt32LE(2, 56);
  head.writeUInt32LE(16, 60);
  return Buffer.concat([head, value]);
};

const places: readonly (readonly [place: string, file: () => Buffer])[] = [
  ['a Word 97 text', () => makeDoc([`${WORDS}\r`])],
  ['a Word 97 footnote', () => makeDoc(['text\r', `\x02${WORDS}\r`])],
  ['a Word 97 header', () => makeDoc(['text\r', '', `${WORDS}\r`])],
  ['a Word 97 comment', () => makeDoc(['text\r', '', '', '', `\x05${WORDS}\r`])],
  ['a Word 97 text box', () => makeDoc(['text\r', '', '', '', '', '', `${WORDS}\r`])],
  ['a Word 97 hyperlink’s address', () => makeDoc([`\x13 HYPERLINK "${WORDS}" \x14link\x15\r`])],
  [
    'a PowerPoint slide',
    () => makeCompound({ '/PowerPoint Document': record(0x3ee, record(0xfa0, wide(WORDS)), 0, 15) }),
  ],
  [
    'a PowerPoint slide in one byte a letter',
    () => makeCompound({ '/PowerPoint Document': record(0x3ee, record(0xfa8, Buffer.from(WORDS)), 0, 15) }),
  ],
  [
    'PowerPoint notes',
    () => makeCompound({ '/PowerPoint Document': record(0x3f0, record(0xfa0, wide(WORDS)), 0, 15) }),
  ],
  [
    'a PowerPoint comment',
    () => makeCompound({ '/PowerPoint Document': record(0x2ee0, record(0xfba, wide(WORDS), 2), 0, 15) }),
  ],
  [
    'a workbook inside a PowerPoint file',
    () => {
      const inner = makeXlsx({ rows: `<row><c t="str"><v>${WORDS}</v></c></row>` });
      const storage = makeCompound({ '/Package': inner });
      const size = Buffer.alloc(4);
      size.writeUInt32LE(storage.length);
      return makeCompound({ '/PowerPoint Document': record(0x1011, Buffer.concat([size, deflateSync(storage)]), 1) });
    },
  ],
  ['an old workbook’s text box', () => makeXls(textObject(WORDS))],
  ['an old workbook’s header', () => makeXls([biff(0x14, header(`&C&"Arial"&10${WORDS}`))])],
  [
    'an old workbook’s properties',
    () => makeCompound({ '/Workbook': biff(0x0a, Buffer.alloc(0)), '/\x05SummaryInformation': propertySet(WORDS) }),
  ],
  [
    'an old document’s properties',
    () => makeCompound({ '/WordDocument': Buffer.alloc(4096), '/\x05SummaryInformation': propertySet(WORDS) }),
  ],
];

describe('text in an old office file is found', () => {
  it.each(places)('in %s', async (_, file) => {
    const opened = await openBytes(file());
    expect(allText(opened).replace(/\s+/g, ' ')).toContain(WORDS);
  });
});

describe('an old spreadsheet', () => {
  const rows = [
    ['Region', 'Rate'],
    ['London', 74.1],
    ['Wales', 72.9],
    ['Scotland', 73.5],
  ];

  it.each(['biff8', 'biff5', 'biff2', 'xlsb', 'xlml', 'sylk', 'dif', 'dbf', 'fods', 'ods'] as const)(
    'in %s is a table',
    async (bookType) => {
      const book = utils.book_new();
      utils.book_append_sheet(book, utils.aoa_to_sheet(rows), 'Sheet1');
      const bytes = Buffer.from(write(book, { type: 'buffer', bookType }) as Uint8Array);
      const opened = await openBytes(bytes);
      expect(incompleteParts(opened)).toEqual([]);
      const table = opened.parts.find((part) => part.content.kind === 'table')?.content;
      expect(table).toMatchObject({ kind: 'table', table: { columns: 2 } });
      expect(allText(opened)).toMatch(/Wales\t72\.9/);
    },
  );

  it.each(['biff8', 'xlsb'] as const)('in %s says which sheets are hidden', async (bookType) => {
    const book = utils.book_new();
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows), 'Seen');
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows), 'Unseen');
    book.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 2 }] };
    const opened = await openBytes(Buffer.from(write(book, { type: 'buffer', bookType }) as Uint8Array));
    const hidden = opened.parts.flatMap(({ content }) =>
      content.kind === 'table' ? [[content.table.name, content.table.hidden]] : [],
    );
    expect(hidden).toEqual([
      ['Seen', false],
      ['Unseen', true],
    ]);
  });
});

describe('an old office file that cannot be read', () => {
  it.each([
    ['an encrypted document', makeDoc(['x'], 0x0100), 'encrypted'],
    ['a document without its tables', makeCompound({ '/WordDocument': makeDocStream() }), 'corrupt'],
    [
      'an encrypted presentation',
      makeCompound({ '/PowerPoint Document': record(0x2f14, Buffer.alloc(0), 0, 15) }),
      'encrypted',
    ],
    ['a workbook without a sheet', makeCompound({ '/Workbook': Buffer.from('nothing') }), 'corrupt'],
    ['a compound file of an unknown program', makeCompound({ '/Strange': Buffer.from('binary') }), 'unsupported'],
    ['a rights-managed document', makeCompound({ '/EncryptedPackage': Buffer.alloc(99) }), 'encrypted'],
  ])('%s says so', async (_, bytes, reason) => {
    expect(incompleteParts(await openBytes(bytes)).map((part) => part.reason)).toContain(reason);
  });

  it('keeps the pieces that are not its text as parts of their own', async () => {
    const opened = await openBytes(
      makeCompound({
        '/WordDocument': makeDocStream(),
        '/\x01Ole10Native': Buffer.from('0c000000776f7264732068657265', 'hex'),
      }),
    );
    expect(Object.values(textByPath(opened))).toContain('words here');
  });
});

function makeDocStream(): Buffer {
  const main = Buffer.alloc(0x400);
  main.writeUInt16LE(0xa5ec, 0);
  main.writeUInt16LE(0x00c1, 2);
  return main;
}
