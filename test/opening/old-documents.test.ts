import { describe, expect, it } from '@jest/globals';
import { makeCompound, type Storage } from './make-compound.ts';
import { openBytes, textByPath } from './open-bytes.ts';

const WORDS = 'Employment rate at 74.0 per cent';
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

async function show(bytes: Uint8Array): Promise<Readonly<Record<string, string>>> {
  return textByPath(await openBytes(bytes, { name: 'file' }));
}

/** Pointers of the head into the tables, by their place among the pairs ([MS-DOC] 2.5.6). */
type Tables = Readonly<Record<number, Buffer>>;

/** A Word 97 document in pieces as given: text, and whether it is kept in one byte a letter. */
function makeDoc(pieces: readonly (readonly [string, boolean])[], tables: Tables = {}): Storage {
  const main = Buffer.alloc(0x400);
  main.writeUInt16LE(0xa5ec, 0);
  main.writeUInt16LE(0x00c1, 2);
  main.writeUInt16LE(0x0200, 0x0a);
  const texts: Buffer[] = [];
  const ends = [0];
  const places: number[] = [];
  let at = main.length;
  for (const [text, isNarrow] of pieces) {
    const bytes = isNarrow ? Buffer.from(text, 'latin1') : wide(text);
    texts.push(bytes);
    places.push(isNarrow ? (at * 2) | 0x40000000 : at);
    ends.push((ends.at(-1) ?? 0) + text.length);
    at += bytes.length;
  }
  main.writeUInt32LE(ends.at(-1) ?? 0, 0x4c);
  const list = Buffer.alloc(5 + 4 * ends.length + 8 * places.length);
  list[0] = 2;
  list.writeUInt32LE(list.length - 5, 1);
  for (const [each, end] of ends.entries()) list.writeUInt32LE(end, 5 + 4 * each);
  for (const [each, place] of places.entries()) list.writeUInt32LE(place, 5 + 4 * ends.length + 8 * each + 2);
  let table = Buffer.alloc(0);
  // A quick save leaves a property modifier before the piece table.
  const modifier = Buffer.from([1, 2, 0, 0xff, 0xff]);
  for (const [pair, bytes] of Object.entries({ ...tables, 33: Buffer.concat([modifier, list]) })) {
    main.writeUInt32LE(table.length, 0x9a + 8 * Number(pair));
    main.writeUInt32LE(bytes.length, 0x9a + 8 * Number(pair) + 4);
    table = Buffer.concat([table, bytes]);
  }
  return { WordDocument: Buffer.concat([main, ...texts]), '1Table': table };
}

/** A document of Word 2 to 95: text in one range; `fonts` by their character sets. */
function makeOldDoc(text: Buffer, version: number, language: number, fonts: readonly number[] = []): Buffer {
  const main = Buffer.alloc(0x300);
  main.writeUInt16LE(version < 0x65 ? 0xa5db : 0xa5dc, 0);
  main.writeUInt16LE(version, 2);
  main.writeUInt16LE(language, 6);
  const names = fonts.map((charset) => Buffer.from([9, 0, 0, 0, charset, 0, 65, 66, 67, 0]));
  const table = Buffer.concat([Buffer.alloc(2), ...names]);
  main.writeUInt32LE(main.length, 0x18);
  main.writeUInt32LE(main.length + text.length, 0x1c);
  main.writeUInt32LE(text.length, 0x34);
  main.writeUInt32LE(main.length + text.length, 0xd0);
  main.writeUInt32LE(table.length, 0xd4);
  return Buffer.concat([main, text, table]);
}

const CYRILLIC = 'Уровень занятости вырос';
const cyrillic = Buffer.from([...CYRILLIC].map((letter) => (letter === ' ' ? 32 : letter.charCodeAt(0) - 0x350)));

/** Each letter of EUC-KR as one unit of two bytes, the low one first, as Far Eastern editions wrote it. */
const KOREAN = '고용률 상승';
const korean = [0xb0, 0xed, 0xbf, 0xeb, 0xb7, 0xfc, 0x00, 0x20, 0xbb, 0xf3, 0xbd, 0xc2].map(
  (_, at, all) => all[at ^ 1] as number,
);

function asMacintosh(doc: Buffer): Buffer {
  doc[0x12] = 1;
  return doc;
}

/** Says that each letter takes two bytes, of which the lengths count one. */
function asWide(doc: Buffer): Buffer {
  doc.writeUInt16LE(0x1000, 0x0a);
  doc.writeUInt32LE(doc.readUInt32LE(0x34) / 2, 0x34);
  return doc;
}

describe('a Word document', () => {
  it('saved quickly is read piece by piece, narrow and wide', async () => {
    const doc = makeCompound(
      makeDoc([
        ['Employment rate ', true],
        ['at 74.0 ', false],
        ['per cent\r', true],
      ]),
    );
    expect(await show(doc)).toMatchObject({ file: `${WORDS}\n` });
  });

  it('shows fields by their results, in one line with what is around them', async () => {
    const text = 'The \x13 HYPERLINK "http://a.example/\x13 PAGE \x147\x15" \x01\x14rate of 74.0\x15 rose.\r';
    const shown = await show(makeCompound(makeDoc([[text, false]])));
    expect(shown).toMatchObject({ file: 'The rate of 74.0 rose.\n' });
    expect(shown['file › fields']).toContain('http://a.example/7');
  });

  it('names the authors of comments and bookmarks', async () => {
    const author = Buffer.concat([Buffer.from([5, 0]), wide('J Doe')]);
    const marks = Buffer.concat([Buffer.from([0xff, 0xff, 1, 0, 0, 0, 8, 0]), wide('headline')]);
    const shown = await show(makeCompound(makeDoc([['text\r', false]], { 21: marks, 36: author })));
    expect(shown['file › people and bookmarks']).toBe('headline\nJ Doe');
  });

  it.each<[what: string, id: number, value: Buffer, told: string]>([
    ['WordArt', 0x80c0, wide(`${WORDS}\0`), WORDS],
    [
      'where a shape leads to',
      0x8382,
      Buffer.concat([Buffer.alloc(44, 0xe0), wide('http://a.example/rents\0')]),
      'http://a.example/rents',
    ],
  ])('shows %s', async (_what, id, value, told) => {
    const property = Buffer.alloc(6);
    property.writeUInt16LE(id, 0);
    property.writeUInt32LE(value.length, 2);
    const head = Buffer.from([0x13, 0, 0x0b, 0xf0, 0, 0, 0, 0]);
    head.writeUInt32LE(property.length + value.length, 4);
    const table = Buffer.concat([head, property, value]);
    const shown = await show(makeCompound(makeDoc([['text\r', false]], { 50: table })));
    expect(shown['file › drawings']).toBe(told);
  });

  it('with a piece outside the file shows the others and is corrupt', async () => {
    const doc = makeDoc([[`${WORDS}\r`, true]]);
    const table = doc['1Table'] as Buffer;
    const more = Buffer.from(table);
    more.writeUInt32LE(99_999, table.length - 6);
    const shown = await show(makeCompound({ ...doc, '1Table': more }));
    expect(shown).toMatchObject({ file: '!corrupt' });
  });

  it('whose streams are named in small letters is read', async () => {
    const { WordDocument, '1Table': table } = makeDoc([[`${WORDS}\r`, true]]);
    const doc = makeCompound({ worddocument: WordDocument as Uint8Array, '1table': table as Uint8Array });
    expect(await show(doc)).toMatchObject({ file: `${WORDS}\n` });
  });
});

/** A formatted page after the text, of one run from one letter to another, with its properties. */
function addPage(doc: Storage, pair: number, from: number, to: number, properties: Buffer): Storage {
  const stream = doc['WordDocument'] as Buffer;
  const start = Math.ceil(stream.length / 512) * 512;
  const page = Buffer.alloc(512);
  page.writeUInt32LE(0x400 + from, 0);
  page.writeUInt32LE(0x400 + to, 4);
  page[8] = 50;
  properties.copy(page, 100);
  page[511] = 1;
  const main = Buffer.concat([stream, Buffer.alloc(start - stream.length), page]);
  const table = doc['1Table'] as Buffer;
  const list = Buffer.alloc(12);
  list.writeUInt32LE(start / 512, 8);
  main.writeUInt32LE(table.length, 0x9a + 8 * pair);
  main.writeUInt32LE(list.length, 0x9a + 8 * pair + 4);
  return { WordDocument: main, '1Table': Buffer.concat([table, list]) };
}

it('the choices of a form field are found beside a picture', async () => {
  const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(60, 0x41)]);
  const head = Buffer.alloc(8 + 17);
  head.writeUInt16LE(0x6e0 << 4, 0);
  head.writeUInt16LE(0xf01e, 2);
  head.writeUInt32LE(17 + picture.length, 4);
  const data = Buffer.concat([
    wide('First choice'),
    Buffer.alloc(4),
    head,
    picture,
    Buffer.alloc(4),
    wide('Second choice'),
  ]);
  const shown = await show(makeCompound({ ...makeDoc([['text\r', true]]), Data: data }));
  expect(shown['file › Data']?.split('\n')).toEqual(['First choice', 'Second choice']);
});

describe('the formatting of a Word document', () => {
  it('tells what was deleted: no reader sees it in the text, and it is shown apart', async () => {
    const doc = makeDoc([['The rate rose threefour points.\r', true]]);
    const shown = await show(makeCompound(addPage(doc, 12, 14, 19, Buffer.from([3, 0x00, 0x08, 1]))));
    expect(shown).toMatchObject({ file: 'The rate rose four points.\n', 'file › deleted text': 'three' });
  });

  it('tells the end of a row from an empty cell', async () => {
    const doc = makeDoc([['a\x07\x07c\x07\x07', true]]);
    const properties = Buffer.from([0, 4, 0, 0, 0x16, 0x24, 1, 0x17, 0x24, 1]);
    expect(await show(makeCompound(addPage(doc, 13, 5, 6, properties)))).toMatchObject({ file: 'a\t\tc\n' });
  });
});

describe('an older Word document', () => {
  it.each([
    ['version 2, which is no compound file', makeOldDoc(Buffer.from(`${WORDS}\r`), 0x2d, 0x0809), WORDS],
    [
      'version 95 in Western letters',
      makeCompound({ WordDocument: makeOldDoc(Buffer.from('caf\xe9\r', 'latin1'), 0x68, 0x0409) }),
      'café',
    ],
    [
      'version 95 whose language is Russian',
      makeCompound({ WordDocument: makeOldDoc(cyrillic, 0x68, 0x0419) }),
      CYRILLIC,
    ],
    [
      'version 6 whose fonts are Cyrillic',
      makeCompound({ WordDocument: makeOldDoc(cyrillic, 0x65, 0x0409, [0, 204]) }),
      CYRILLIC,
    ],
    [
      'version 6 with a Russian word amid English ones',
      makeCompound({
        WordDocument: makeOldDoc(
          Buffer.concat([Buffer.from(`${WORDS} and caf\xe9 `, 'latin1'), cyrillic, Buffer.from(` ${WORDS.repeat(3)}`)]),
          0x65,
          0x0409,
          [0, 204],
        ),
      }),
      `${WORDS} and café ${CYRILLIC} ${WORDS.repeat(3)}`,
    ],
    [
      'version 6 for the Macintosh',
      makeCompound({
        WordDocument: asMacintosh(makeOldDoc(Buffer.from('Emploi \xe0 l\xd5\x8et\x8e', 'latin1'), 0x68, 0x040c)),
      }),
      'Emploi ‡ l’été',
    ],
    [
      'version 95 in pairs of bytes of a Korean code page',
      makeCompound({ WordDocument: asWide(makeOldDoc(Buffer.from(korean), 0x65, 0x0409, [129])) }),
      KOREAN,
    ],
  ])('of %s is read', async (_, bytes, expected) => {
    expect((await show(bytes))['file']?.trim()).toBe(expected);
  });
});

describe('a document inside another', () => {
  const inner = makeDoc([[`${WORDS}\r`, true]]);

  it.each([
    [
      'Word in Word',
      { ...makeDoc([['outer\r', true]]), ObjectPool: { _1269427460: inner } },
      'file › ObjectPool _1269427460',
    ],
    ['Word in Excel', { Workbook: Buffer.from('none'), MBD0000A3B7: inner }, 'file › MBD0000A3B7'],
  ])('%s is opened like any other', async (_, storage, path) => {
    expect(await show(makeCompound(storage))).toMatchObject({ [path]: `${WORDS}\n` });
  });

  it('is opened with the documents inside it', async () => {
    const large = makeDoc([[`${'many words '.repeat(20_000)}${WORDS}\r`, true]]);
    const shown = await show(
      makeCompound({ Workbook: Buffer.from('none'), MBD1: { ...inner, ObjectPool: { _2: large } } }),
    );
    expect(shown['file › MBD1 › ObjectPool _2']).toContain(WORDS);
  });
});

/** A record of PowerPoint. */
function record(type: number, body: Uint8Array, instance = 0, version = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE((instance << 4) | version, 0);
  head.writeUInt16LE(type, 2);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

describe('a PowerPoint presentation', () => {
  const slides = (...records: readonly Buffer[]): Storage => ({ 'PowerPoint Document': Buffer.concat(records) });

  it.each([
    ['the outline of slides', record(0x0ff0, record(0x0fa8, Buffer.from(WORDS)), 0, 15), 'file › slides'],
    ['the outline of notes', record(0x0ff0, record(0x0fa0, wide(WORDS)), 2, 15), 'file › notes'],
    [
      'a comment of a later version',
      record(0x138b, record(0x2ee0, record(0x0fba, wide(WORDS), 1), 0, 15)),
      'file › comments',
    ],
  ])('shows %s', async (_, bytes, path) => {
    expect(await show(makeCompound(slides(bytes)))).toMatchObject({ [path]: WORDS });
  });

  it('keeps what a later save replaced', async () => {
    const saved = [record(0x03ee, record(0x0fa0, wide('first')), 0, 15), record(0x0ff5, Buffer.alloc(28))];
    const again = [record(0x03ee, record(0x0fa0, wide('second')), 0, 15), record(0x0ff5, Buffer.alloc(28))];
    expect(await show(makeCompound(slides(...saved, ...again)))).toMatchObject({ 'file › slides': 'first\nsecond' });
  });

  it('with a gap between its slides is read behind it', async () => {
    const slide = (text: string): Buffer => record(0x03ee, record(0x0fa0, wide(text)), 0, 15);
    const gap = Buffer.concat([Buffer.alloc(45), Buffer.from([0x0f])]);
    expect(await show(makeCompound(slides(slide('first'), gap, slide('second'))))).toMatchObject({
      'file › slides': 'first\nsecond',
    });
  });

  it('with an object that cannot be expanded is not clean', async () => {
    const shown = await show(makeCompound(slides(record(0x1011, Buffer.from([9, 0, 0, 0, 1, 2, 3, 4]), 1))));
    expect(shown).toMatchObject({ 'file › object 1': '!corrupt' });
  });

  it('whose user stream has the token of encryption is encrypted', async () => {
    const user = Buffer.alloc(40);
    user.writeUInt32LE(0xf3d1c4df, 12);
    expect(await show(makeCompound({ ...slides(Buffer.alloc(64, 7)), 'Current User': user }))).toMatchObject({
      file: '!encrypted',
    });
  });
});
