import type { SensitivityEntry } from '../../src/core/entry.ts';
import { fingerprint } from '../../src/detect/fingerprint.ts';
import { passageFilter } from '../../src/detect/passage-filter.ts';
import { recordLevel } from '../../src/detect/record-level.ts';
import { SketchBuilder } from '../../src/detect/sketch-builder.ts';
import { viewTable } from '../../src/detect/table-view.ts';
import { makeDigest } from '../../src/registers/cell-digest.ts';
import { ephemeralKeyRing, type KeySet } from '../../src/registers/keys.ts';
import { encodeSketch, parseSketch } from '../../src/registers/sketch.ts';
import { openSketches } from '../../src/scan/open-sketches.ts';
import { anEmbargo } from './an-embargo.ts';
import { makeLettings, toCsv, WORKING_COPY_NAMES } from './core-lettings.ts';
import type { Rows } from './made-up.ts';
import { aContext, messageOf } from './message-of.ts';

const SECRET = Buffer.alloc(32, 1);
const entry: SensitivityEntry = {
  id: 'rows-2016',
  title: 'Lettings 2016',
  owner: 'team@department.example',
  classification: null,
  embargo: null,
  dataset: null,
  columns: [],
  sketch: 'rows-2016.sketch',
  allowedRecipients: [],
};
const registered = makeLettings(400, 2016);

const KEY = ephemeralKeyRing(SECRET).current;

async function sketchOf(rows: Rows, key: KeySet = KEY): Promise<Uint8Array> {
  const opened = await messageOf('registered.csv', toCsv(rows));
  const table = opened.parts.flatMap(({ content }) => (content.kind === 'table' ? [content.table] : []))[0];
  if (table === undefined) throw new Error('no table was opened');
  const view = viewTable(table);
  const digest = makeDigest(key.sketches);
  const builder = new SketchBuilder(view.headers[0] ?? [], view.records, view.total, digest);
  for (const row of rows.slice(1)) builder.addRow(row);
  return encodeSketch({ key: key.id, rows: view.total, columns: builder.plan.columns }, builder.filter, null);
}

async function findings(name: string, content: string, sketch: Uint8Array, secret = SECRET) {
  const { sketches } = openSketches(new Map([[entry.id, sketch]]), ephemeralKeyRing(secret));
  const context = aContext({ registers: { embargoes: [], sensitivity: [entry] }, sketches });
  return fingerprint.detect(await messageOf(name, content), context);
}

const subset = (count: number): Rows => [
  registered[0] ?? [],
  ...registered
    .slice(1)
    .filter((_, at) => at % Math.floor(400 / count) === 3)
    .slice(0, count),
];
const plain = (rows: Rows): Rows => [(rows[0] ?? []).map((_, at) => `c${at}`), ...rows.slice(1)];
const reversed = (rows: Rows): Rows => rows.map((row) => row.toReversed());
const otherFormats = (rows: Rows): Rows =>
  rows.map((row) =>
    row.map((cell) =>
      /^\d{4}-\d\d-\d\d$/.test(cell)
        ? cell.split('-').reverse().join('/')
        : /^\d+\.\d\d$/.test(cell)
          ? `£${cell}`
          : cell.toLowerCase().replace(/^([a-z]{2}\d\d) /, '$1  '),
    ),
  );
const workingCopy = makeLettings(400, 2016, WORKING_COPY_NAMES);

describe('rows of a registered file', () => {
  it.each([
    ['twenty rows', 'a.csv', toCsv(subset(20))],
    ['twenty rows without names, columns backwards', 'a.csv', toCsv(reversed(plain(subset(20))))],
    ['twenty rows in other date, number and letter formats', 'a.csv', toCsv(otherFormats(plain(subset(20))))],
    ['the working copy, postcodes split', 'a.csv', toCsv(plain(workingCopy).slice(0, 41))],
    [
      'twenty rows pasted into a mail',
      'a.txt',
      `Hello,\n\n${plain(subset(20))
        .map((row) => row.join('\t'))
        .join('\n')}\n\nBye`,
    ],
    ['all rows', 'a.csv', toCsv(plain(registered))],
  ])('are recognised: %s', async (_, name, content) => {
    const found = await findings(name, content, await sketchOf(registered));
    expect(found.map(({ rule, entry: id, weight }) => [rule, id, weight])).toEqual([
      ['registered-rows', 'rows-2016', 'protected'],
    ]);
  });

  it.each([2015, 2017, 2018, 2019])('are not those of the file of %i with the same columns', async (year) => {
    expect(await findings('a.csv', toCsv(makeLettings(400, year)), await sketchOf(registered))).toEqual([]);
  });

  it('belong to the entry of the sketch, not to another year’s of the same schema', async () => {
    const others = ['core-2015', 'core-2017'].map((id) => ({ ...entry, id, sketch: null, dataset: 'core-lettings' }));
    const { sketches } = openSketches(new Map([[entry.id, await sketchOf(registered)]]), ephemeralKeyRing(SECRET));
    const context = aContext({ registers: { embargoes: [], sensitivity: [...others, entry] }, sketches });
    const found = await recordLevel.detect(await messageOf('a.csv', toCsv(subset(20))), context);
    expect(found.map(({ entry: id, weight }) => [id, weight])).toEqual([['rows-2016', 'protected']]);
  });

  it('say how many only to cleared eyes', async () => {
    const [found] = await findings('a.csv', toCsv(subset(20)), await sketchOf(registered));
    expect(found?.summary).not.toMatch(/\d+ of/);
    expect(found?.insight).toMatch(/^20 of 20 compared rows found/);
  });

  it('cannot be tested for without the key', async () => {
    const found = await findings('a.csv', toCsv(registered), await sketchOf(registered), Buffer.alloc(32, 2));
    expect(found).toEqual([]);
  });
});

describe('a sketch file', () => {
  it('says which columns it keeps and why others are left out', async () => {
    const parsed = parseSketch(await sketchOf(registered));
    if (!parsed.ok) throw new Error(parsed.error);
    const columns = new Map(parsed.value.header.columns.map((column) => [column.name, column]));
    expect(columns.get('postcode_full')?.use).toBe('combined');
    expect(columns.get('sex1')).toMatchObject({
      use: 'left-out',
      why: expect.stringContaining('too few different values'),
    });
    expect(columns.get('formid')).toMatchObject({ use: 'left-out', why: expect.stringContaining('serial') });
  });

  it.each([
    ['is another file', (bytes: Uint8Array) => bytes.subarray(3), 'is no sketch'],
    ['is cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1), 'is cut short'],
    [
      'is of another version',
      (bytes: Uint8Array) =>
        Buffer.from(Buffer.from(bytes).toString('latin1').replace('"version":1', '"version":2'), 'latin1'),
      'another version',
    ],
  ])('is refused where it %s', async (_, damage, message) => {
    const { sketches, faults } = openSketches(
      new Map([['x', damage(await sketchOf(registered))]]),
      ephemeralKeyRing(SECRET),
    );
    expect(sketches.byEntry.size).toBe(0);
    expect(faults.get('x')).toContain(message);
  });

  it('is refused where its key is not there', async () => {
    const made = await sketchOf(registered, { ...KEY, id: 'lost' });
    expect(openSketches(new Map([['x', made]]), ephemeralKeyRing(SECRET)).faults.get('x')).toContain('"lost"');
  });
});

describe('passages of a registered document', () => {
  const bulletin = Array.from(
    { length: 12 },
    (_, at) =>
      `In quarter ${at + 1} the number of households that moved into a home of kind ${at * 7} stood at ${at * 131 + 17} after a long spell of ${['slow', 'steady', 'uneven'][at % 3]} change.`,
  );
  const sketch = async () => {
    const opened = await messageOf('bulletin.txt', bulletin.join('\n\n'));
    const made = passageFilter(opened, makeDigest(KEY.sketches));
    if (made === null) throw new Error('no passages');
    return encodeSketch({ key: KEY.id, rows: 0, columns: [] }, null, made.filter);
  };

  it.each([
    ['a pasted paragraph', `Hi,\n\n${bulletin[4]}\n\nBye`],
    ['paragraphs in another order', `${bulletin[8]} ${bulletin[2]}`],
    ['a quoted and wrapped paragraph', (bulletin[6] ?? '').replace(/(.{30}\S*) /g, '$1\n> ')],
  ])('are recognised in %s', async (_, text) => {
    const found = await findings('mail.txt', text, await sketch());
    expect(found.map(({ rule }) => rule)).toEqual(['registered-passages']);
  });

  it('are embargoed with the release they are published with, and open with it', async () => {
    const release = anEmbargo();
    const { sketches } = openSketches(new Map([[entry.id, await sketch()]]), ephemeralKeyRing(SECRET));
    const registers = { embargoes: [release], sensitivity: [{ ...entry, embargo: release.id }] };
    const mail = await messageOf('mail.txt', `Hi,\n\n${bulletin[4]}\n\nBye`);
    const before = await fingerprint.detect(mail, aContext({ registers, sketches, open: [release] }));
    expect(before.map(({ entry: id, weight }) => [id, weight])).toEqual([[release.id, 'embargoed']]);
    expect(await fingerprint.detect(mail, aContext({ registers, sketches, open: [] }))).toEqual([]);
  });

  it('are left out where a public document has them', async () => {
    const [document, earlier] = [
      await messageOf('b.txt', bulletin.join('\n\n')),
      await messageOf('a.txt', bulletin.slice(0, 6).join('\n\n')),
    ];
    const made = passageFilter(document, makeDigest(KEY.sketches), earlier);
    const bytes = encodeSketch({ key: KEY.id, rows: 0, columns: [] }, null, made?.filter ?? null);
    expect(await findings('mail.txt', `Hi,\n\n${bulletin[4]}\n\nBye`, bytes)).toEqual([]);
    expect(await findings('mail.txt', `Hi,\n\n${bulletin[8]}\n\nBye`, bytes)).toHaveLength(1);
  });

  it('are not found in other prose on the same matter', async () => {
    const text =
      'The number of households that moved is due on Thursday; please hold the room, and let me know whether the long table is free after lunch or not.';
    expect(await findings('mail.txt', text, await sketch())).toEqual([]);
  });
});
