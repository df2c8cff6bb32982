import { recordLevel } from '../../src/detect/record-level.ts';
import { makeLettings, toCsv, WORKING_COPY_NAMES } from './core-lettings.ts';
import { maker, table } from './made-up.ts';
import { aContext, coreEntry, messageOf } from './message-of.ts';

type Rows = readonly (readonly string[])[];

const exported = makeLettings(60, 2017);
const workingCopy = makeLettings(60, 2017, WORKING_COPY_NAMES);

/** Every second column from the left, then the others from the right: no two neighbours stay neighbours. */
function shuffleColumns(rows: Rows): Rows {
  return rows.map((row) => [...row.filter((_, at) => at % 2 === 0), ...row.filter((_, at) => at % 2 === 1).reverse()]);
}

function rename(rows: Rows): Rows {
  return rows.map((row, at) => (at === 0 ? row.map((_, column) => `Field ${column + 1}`) : row));
}

function headerOf(rows: Rows, change: (name: string) => string): Rows {
  return rows.map((row, at) => (at === 0 ? row.map(change) : row));
}

function html(rows: Rows): string {
  return `<table>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</table>`;
}

function xml(rows: Rows): string {
  const [names = [], ...records] = rows;
  const record = (row: readonly string[]) => names.map((name, at) => `<${name}>${row[at]}</${name}>`).join('');
  return `<?xml version="1.0"?>\n<forms>${records.map((row) => `<form>${record(row)}</form>`).join('\n')}</forms>`;
}

const letter = (table: string) => `Dear all,\n\nplease check the rows below.\n\n${table}\n\nKind regards\nQuality team`;

const SHAPES: readonly (readonly [string, string, string])[] = [
  ['the export', 'core.csv', toCsv(exported)],
  ['the working copy', 'core.csv', toCsv(workingCopy)],
  ['the first five rows', 'core.csv', toCsv(workingCopy.slice(0, 6))],
  ['tab-separated rows', 'core.tsv', toCsv(exported, '\t')],
  ['shuffled columns', 'core.csv', toCsv(shuffleColumns(exported))],
  ['renamed columns', 'core.csv', toCsv(rename(workingCopy))],
  ['renamed and shuffled columns, 25 rows', 'core.csv', toCsv(shuffleColumns(rename(exported)).slice(0, 26))],
  ['no header', 'core.csv', toCsv(exported.slice(1))],
  ['names cut at eight letters', 'core.csv', toCsv(headerOf(exported, (name) => name.slice(0, 8)))],
  ['a letter wrong in every name', 'core.csv', toCsv(headerOf(exported, (name) => name.replace(/^(...)./, '$1x')))],
  [
    'titles above the header',
    'core.csv',
    toCsv([['CORE lettings, working copy'], ['Do not circulate'], ...workingCopy]),
  ],
  [
    'question texts above the names',
    'core.csv',
    toCsv([exported[0]?.map((name) => `Question about ${name}?`) ?? [], ...exported]),
  ],
  [
    'rows pasted from a sheet',
    'mail.txt',
    letter(
      workingCopy
        .slice(0, 21)
        .map((row) => row.join('\t'))
        .join('\n'),
    ),
  ],
  ['rows pasted as CSV', 'mail.txt', letter(toCsv(workingCopy.slice(0, 21)).replaceAll('\r', ''))],
  ['an XML export', 'core.xml', xml(exported)],
  ['rows in an HTML table', 'mail.html', `<html><body><p>Dear all</p>${html(workingCopy.slice(0, 21))}</body></html>`],
];

describe('the file of July 2017 in every shape', () => {
  it.each(SHAPES)('finds the registered dataset in %s', async (_, name, content) => {
    const findings = await recordLevel.detect(await messageOf(name, content), aContext());
    expect(findings).toContainEqual(
      expect.objectContaining({ detector: 'record-level', entry: 'core-lettings-2016-17', weight: 'protected' }),
    );
  });

  it('holds it under nobody’s entry where the register has none', async () => {
    const message = await messageOf('core.csv', toCsv(workingCopy));
    const findings = await recordLevel.detect(message, aContext({ registers: { embargoes: [], sensitivity: [] } }));
    expect(findings.map(({ entry, weight }) => [entry, weight])).toEqual([[null, 'unregistered']]);
  });

  it('names rows, columns and uniqueness, and no cell', async () => {
    const [finding] = await recordLevel.detect(await messageOf('core.csv', toCsv(workingCopy)), aContext());
    expect(finding?.summary).toMatch(/^60 rows of lettings; 63 column names of CORE/);
    expect(finding?.summary).toMatch(/sampled rows are alone/);
    const cells = new Set(
      workingCopy
        .slice(1)
        .flat()
        .filter((cell) => cell.length > 4),
    );
    for (const cell of cells) expect(finding?.summary).not.toContain(cell);
  });

  describe('two or three of the entry’s own columns', () => {
    const m = maker(31);
    const own = { ...coreEntry, columns: ['TENANCYCODE', 'POSTCODE', 'POSTCOD2', 'REFERRAL', 'PREVTEN'] };
    const context = aContext({ registers: { embargoes: [], sensitivity: [own] } });
    const cell: Readonly<Record<string, (at: number) => string>> = {
      TENANCYCODE: (at) => `T${100_000 + at}`,
      POSTCODE: () => m.postcode(),
      AGE1: () => m.number(90),
      POSTCOD2: (at) => `LS${at}`,
    };
    const rowsOf = (names: string, count: number) =>
      table(names, count, (at) => names.split('|').map((name) => cell[name]?.(at) ?? String(at)));
    it.each([
      ['with unit postcodes and ages are held', rowsOf('TENANCYCODE|POSTCODE|AGE1', 200), ['protected']],
      ['with unit postcodes are held', rowsOf('TENANCYCODE|POSTCODE', 200), ['protected']],
      ['in a few rows are recorded', rowsOf('TENANCYCODE|POSTCODE', 20), ['notable']],
      ['among many others are recorded', rowsOf('TENANCYCODE|POSTCODE|Works|Trade|Paid|Left', 200), ['notable']],
      ['without a home or person in them pass', rowsOf('REFERRAL|PREVTEN|Works', 200), []],
      ['one alone passes', rowsOf('Shop|POSTCODE|Opened', 200), []],
    ])('%s', async (_, rows, weights) => {
      const findings = await recordLevel.detect(await messageOf('cut.csv', toCsv(rows)), context);
      expect(findings.map(({ weight }) => weight)).toEqual(weights);
    });
  });

  it('only records a narrow cut without anything sensitive in it', async () => {
    const names = ['LETTYPE', 'NEEDSTYPE', 'RENTTYPE', 'VACDAYS', 'WRENT', 'BEDS'];
    const findings = await recordLevel.detect(
      await messageOf('rents.csv', toCsv(makeLettings(40, 1, names))),
      aContext(),
    );
    expect(findings.map(({ weight }) => weight)).toEqual(['notable']);
  });
});
