import { expect, it } from '@jest/globals';
import { expandRdc, expandRle } from '../../src/extract/sas-compression.ts';
import { makeParquet } from './make-parquet.ts';
import { openBytes, textByPath } from './open-bytes.ts';

/** All that is shown, and what is not. */
async function show(name: string, bytes: Uint8Array): Promise<string> {
  return Object.values(textByPath(await openBytes(bytes, { name }))).join('\n');
}

const LONG = `${'A long answer of a respondent. '.repeat(12)}the end`;

/** A portable file as SPSS writes it: a table of ASCII, then records, in lines of 80 characters. */
function makePortable(records: string): Buffer {
  const table = `${'0'.repeat(64)}0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .<(+|&[]!$*);^-/|,%_>?\`:#@'="`;
  const all = 'ASCII SPSS PORT FILE'.padEnd(40).repeat(5) + table.padEnd(256, '0') + records;
  const lines = all.match(/.{1,80}/gs) ?? [];
  return Buffer.from(lines.map((line) => line.padEnd(80, 'Z')).join('\r\n'), 'latin1');
}

const text = (words: string): string => `${words.length.toString(30).toUpperCase()}/${words}`;

it('an SPSS portable file shows its cases, with dates, names and labels', async () => {
  const shown = await show(
    'survey.por',
    makePortable(
      `SPSSPORTA${text('20261122')}${text('154707')}1${text('Some Program')}42/5B/` +
        `70/${text('SEX')}5/2/0/5/2/0/C${text('Sex of the respondent')}78/${text('TOWN')}1/8/0/1/8/0/` +
        `70/${text('WHEN')}K/B/0/K/B/0/D1/${text('SEX')}2/1/${text('Male')}2/${text('Female')}` +
        `E1/${text('Collected by telephone')}F1/${text('Leeds')}IRNI+3/-2.F/${text('York')}*.ZZZ`,
    ),
  );
  expect(shown).toContain('1\tLeeds\t2020-01-01');
  expect(shown).toContain('-2.5\tYork\t');
  for (const words of ['Sex of the respondent', 'SEX 2 = Female', 'Male\tLeeds', 'Collected by telephone'])
    expect(shown).toContain(words);
  expect(shown).not.toContain('!');
});

/** A system file of one text variable, stored in pieces of 255 bytes. */
function makeLongSav(value: string): Buffer {
  const i32 = (...values: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [at, one] of values.entries()) bytes.writeInt32LE(one, at * 4);
    return bytes;
  };
  const head = Buffer.alloc(176, 0x20);
  head.write('$FL2@(#) SPSS DATA FILE');
  i32(2, -1, 0, 0, 1).copy(head, 64);
  head.writeDoubleLE(100, 84);
  const variable = (name: string, width: number): Buffer =>
    Buffer.concat([i32(2, width, 0, 0, 0x010800, 0x010800), Buffer.from(name.padEnd(8))]);
  const pieces = Math.ceil(value.length / 252);
  const widths = Array.from({ length: pieces }, (_, each) =>
    each < pieces - 1 ? 255 : value.length - (pieces - 1) * 252,
  );
  const variables = widths.flatMap((width, each) => [
    variable(each === 0 ? 'ANSWER' : `ANSWE${each}`, width),
    ...Array.from({ length: Math.ceil(width / 8) - 1 }, () => variable('', -1)),
  ]);
  const told = Buffer.from(`ANSWER=${String(value.length).padStart(5, '0')}\0\t`);
  const data = widths.map((width, each) =>
    Buffer.from(value.slice(each * 255, each * 255 + width).padEnd(Math.ceil(width / 8) * 8)),
  );
  return Buffer.concat([head, ...variables, i32(7, 14, 1, told.length), told, i32(999, 0), ...data]);
}

it('a text of SPSS that is longer than a variable may be is joined without a gap', async () => {
  expect(await show('long.sav', makeLongSav(LONG))).toContain(LONG);
});

/** A file of the release, with a byte and a text of five letters. */
function makeOldStata(release: number): Buffer {
  const fixed = (words: string, size: number): Buffer => Buffer.from(words.padEnd(size, '\0'));
  const count = Buffer.alloc(release === 102 ? 2 : 4);
  count.writeUInt8(2);
  const isNamed = release >= 110;
  const name = isNamed ? 33 : 9;
  const label = release >= 108 ? 81 : 32;
  return Buffer.concat([
    Buffer.from([release, 2, 1, 0, 2, 0]),
    count,
    fixed('A study of towns', label),
    release >= 105 ? fixed('22 Nov 2016', 18) : Buffer.alloc(0),
    Buffer.from(release >= 111 ? [251, 5] : [98, 127 + 5]),
    fixed('people', name),
    fixed('town', name),
    Buffer.alloc(6),
    ...Array.from({ length: 2 }, () => fixed('%9.0g', release >= 105 ? 12 : 7)),
    fixed('size', name),
    fixed('', name),
    fixed('How many live there', label),
    fixed('', label),
    release >= 105 ? Buffer.alloc(isNamed ? 5 : 3) : Buffer.alloc(0),
    // The missing value is the largest byte, later the first of 27.
    Buffer.from(`\x01Leeds${release < 113 ? '\x7f' : 'e'}York\0`, 'latin1'),
  ]);
}

it.each([102, 103, 104, 105, 108, 110, 111, 113])('a Stata file of release %i is read', async (release) => {
  const shown = await show('towns.dta', makeOldStata(release));
  expect(shown).toContain('people\ttown\n1\tLeeds\n\tYork');
  expect(shown).toContain('people: How many live there');
});

it.each([
  ['a copy', '82414243', 'ABC'],
  ['a long copy', `0001${'41'.repeat(65)}`, 'A'.repeat(65)],
  ['a copy of 96 and more', `21${'42'.repeat(97)}`, 'B'.repeat(97)],
  ['a copy past 4096', `1000${'43'.repeat(4160)}`, 'C'.repeat(4160)],
  ['a byte many times', '400244', 'D'.repeat(20)],
  ['a byte some times', 'c145', 'E'.repeat(4)],
  ['many at signs', '5000', '@'.repeat(17)],
  ['blanks', '6001', ' '.repeat(18)],
  ['some at signs', 'd1', '@@@'],
  ['some blanks', 'e0', '  '],
])('%s in a row that SAS packed by its runs is undone', (_, packed, row) => {
  expect(expandRle(Buffer.from(packed, 'hex'), row.length).toString('latin1')).toBe(row);
});

it.each([
  ['letters', '0000414243', 'ABC'],
  ['a short run', '80000241', 'AAAAA'],
  ['a long run', '8000110041', 'A'.repeat(20)],
  ['a pattern again', '10004142433000', 'ABCABC'],
  ['a long pattern', '10004142432000' + '00', `ABC${'ABC'.repeat(6).slice(0, 16)}`],
])('%s in a row that SAS packed by Ross is undone', (_, packed, row) => {
  expect(expandRdc(Buffer.from(packed, 'hex'), row.length).toString('latin1')).toBe(row);
});

/** A 64-bit data set of one page: a number with a date format, a text, rows packed by their runs where they are shorter so. */
function makeSas(rows: readonly (readonly [number, string])[], isPacked: boolean): Buffer {
  const words = (...parts: readonly (readonly [number, number, 2 | 4 | 8])[]): Buffer => {
    const bytes = Buffer.alloc(Math.max(...parts.map(([at, , size]) => at + size)));
    for (const [at, value, size] of parts)
      if (size === 8) bytes.writeBigUInt64LE(BigInt(value), at);
      else bytes.writeUIntLE(value, at, size);
    return bytes;
  };
  const sign = (hex: string, body: Buffer): Buffer => Buffer.concat([Buffer.from(hex, 'hex'), body]);
  // The text counts its own length word; what it is told to be long leaves out the last words.
  const texts = `  ${isPacked ? 'SASYZCRL' : '        '}daytownWhen it wasDATE`;
  const at = (word: string): number => texts.indexOf(word);
  const text = Buffer.from(texts);
  text.writeUInt16LE(text.length - 8, 0);
  const name = (word: string, entry: number): readonly (readonly [number, number, 2])[] => [
    [8 * entry + 2, at(word), 2],
    [8 * entry + 4, word.length, 2],
  ];
  const rowSize = words([32, 28, 8], [40, rows.length, 8], [250, 0, 8]);
  const subheaders = [
    sign('f7f7f7f700000000', rowSize),
    sign('f6f6f6f600000000', words([0, 2, 8])),
    sign('fdffffffffffffff', text),
    sign('ffffffffffffffff', Buffer.concat([words(...name('day', 1), ...name('town', 2)), Buffer.alloc(14)])),
    sign('fcffffffffffffff', words([16, 8, 4], [22, 1, 2], [24, 8, 8], [32, 20, 4], [38, 2, 2], [44, 0, 8])),
    sign('fefbffffffffffff', words([40, at('DATE'), 2], [42, 4, 2], [46, at('When'), 2], [48, 11, 2], [50, 0, 4])),
    sign('fefbffffffffffff', Buffer.alloc(60)),
  ];
  const packed = rows.map(([day, town]) => {
    const row = Buffer.alloc(28, 0x20);
    row.writeDoubleLE(day, 0);
    row.write(town, 8);
    if (!isPacked) return row;
    // Eight bytes and the town as they are, then blanks.
    const literal = row.subarray(0, 8 + town.length);
    return Buffer.concat([Buffer.from([0x80 + literal.length - 1]), literal, Buffer.from([0xe0 + 18 - town.length])]);
  });
  const page = Buffer.alloc(4096);
  let end = page.length;
  const pointers = [...subheaders, ...(isPacked ? packed : [])].map((bytes, each) => {
    end -= bytes.length;
    bytes.copy(page, end);
    const isRow = each >= subheaders.length;
    return words([0, end, 8], [8, bytes.length, 8], [16, isRow ? 0x0104 : 0, 2], [22, 0, 2]);
  });
  page.writeUInt16LE(isPacked ? 0 : 0x0200, 32);
  page.writeUInt16LE(pointers.length, 36);
  const list = Buffer.concat(pointers);
  list.copy(page, 40);
  if (!isPacked) {
    const start = 40 + list.length;
    Buffer.concat(packed).copy(page, start + (start % 8));
    const size = page.length - (subheaders[0] as Buffer).length;
    page.writeBigUInt64LE(BigInt(rows.length), size + 15 * 8);
  }
  const head = Buffer.alloc(1024);
  Buffer.from('000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011', 'hex').copy(head);
  head[32] = 0x33;
  head[35] = 0x33;
  head[37] = 1;
  head[70] = 20;
  head.write('SAS FILETOWNS', 84);
  head.write('DATA', 156);
  head.writeUInt32LE(head.length, 200);
  head.writeUInt32LE(page.length, 204);
  head.writeBigUInt64LE(1n, 208);
  return Buffer.concat([head, page]);
}

it.each([
  ['as they are', false],
  ['packed by their runs', true],
])('a SAS data set with its rows %s shows days, texts and labels', async (_, isPacked) => {
  const shown = await show(
    'towns.sas7bdat',
    makeSas(
      [
        [21_915, 'Leeds'],
        [21_916, 'York'],
      ],
      isPacked,
    ),
  );
  expect(shown).toContain('day\ttown\n2020-01-01\tLeeds\n2020-01-02\tYork');
  expect(shown).toContain('day: When it was');
  expect(shown).not.toContain('!');
});

it('a SAS catalogue shows its words and is not clean', async () => {
  const catalogue = makeSas([], false);
  catalogue.write('CATALOG ', 156);
  const shown = await show('formats.sas7bcat', catalogue);
  expect(shown).toContain('When it was');
  expect(shown).toContain('!unsupported');
});

it.each(['__proto__', 'constructor', 'rate'])('a Parquet file shows the column %s', async (name) => {
  const file = makeParquet(
    new Map([
      ['region', ['London', 'Wales']],
      [name, ['seventy-four', 'seventy-three']],
    ]),
  );
  expect(await show('a.parquet', file)).toBe(`region\t${name}\nLondon\tseventy-four\nWales\tseventy-three`);
});
