import { describeFault } from '../core/result.ts';
import type { SourceFile } from '../text/read-yaml.ts';
import { ephemeralKeyRing } from './keys.ts';
import { parseRegisters } from './parse-registers.ts';
import type { RegisterContext } from './register-context.ts';
import { writeEntry } from './write-entry.ts';

const context: RegisterContext = {
  subjects: ['labour-market', 'inflation', 'social-housing'],
  measures: [
    { id: 'employment-rate', subject: 'labour-market', units: ['percent'] },
    { id: 'people-in-work', subject: 'labour-market', units: ['million', 'thousand', 'count'] },
    { id: 'cpi-rate', subject: 'inflation', units: ['percent'] },
  ],
  datasets: ['core-lettings', 'lfs-person'],
  key: ephemeralKeyRing(new Uint8Array(32).fill(7)),
};

const EMBARGO = `id: labour-market-2016-01
title: UK Labour Market, January 2016
producer: Office for National Statistics
series: labour-market
page: https://www.example.org/labour-market
subjects: [labour-market]
embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }
preRelease:
  opens: "2016-01-19T09:30"
  access:
    - { email: analyst@department.example, role: Labour market analyst, declared: "2016-01-12" }
custodians: ["*@statistics.example"]
status: scheduled
figures:
  - { measure: employment-rate, value: 74.0, unit: percent }
  - { measure: people-in-work, value: 31.39, unit: million }
public:
  - { measure: employment-rate, value: 73.9, unit: percent, release: labour-market-2015-12 }
quietUntil: "2016-01-20T10:00"
`;

const SENSITIVITY = `id: core-lettings-2016-17
title: CORE lettings 2016/17, record level
owner: core.team@department.example
classification: OFFICIAL-SENSITIVE
dataset: core-lettings
columns: [TENANCYCODE, POSTCODE]
sketch: core-lettings-2016-17.sketch
allowedRecipients: ["analyst@department.example", "*@statistics.example"]
`;

function file(path: string, text: string): SourceFile {
  return { file: `registers/${path}`, path, text };
}

function faultsOf(files: readonly SourceFile[], now?: number): readonly string[] {
  const result = parseRegisters(files, now === undefined ? context : { ...context, now });
  return result.ok ? [] : result.error.map(describeFault);
}

function warningsOf(files: readonly SourceFile[], now?: number): readonly string[] {
  const result = parseRegisters(files, now === undefined ? context : { ...context, now });
  if (!result.ok) throw new Error(result.error.map(describeFault).join('\n'));
  return result.value.warnings.map(describeFault);
}

const a = 'registers/embargoes/a.yaml';
const s = 'registers/sensitivity/s.yaml';

describe('an entry as the contract writes it', () => {
  it('is read into instants of its own zone, with its figures sealed', () => {
    const result = parseRegisters(
      [file('embargoes/a.yaml', EMBARGO), file('sensitivity/s.yaml', SENSITIVITY)],
      context,
    );
    if (!result.ok) throw new Error(result.error.map(describeFault).join('\n'));
    const [entry] = result.value.embargoes;
    expect(entry).toMatchObject({
      id: 'labour-market-2016-01',
      from: Date.UTC(2016, 0, 13),
      until: Date.UTC(2016, 0, 20, 9, 30),
      preRelease: { opens: Date.UTC(2016, 0, 19, 9, 30) },
      quietUntil: Date.UTC(2016, 0, 20, 10),
      status: 'scheduled',
    });
    expect(entry?.figures.map(({ measure, digests }) => [measure, digests.length > 3])).toEqual([
      ['employment-rate', true],
      ['people-in-work', true],
    ]);
    expect(JSON.stringify(result.value.documents)).not.toContain('31.39');
    expect(result.value.sensitivity[0]).toMatchObject({ id: 'core-lettings-2016-17', embargo: null });
  });

  it('holds no embargoed value in the clear where there is no key', () => {
    const { key: _key, ...keyless } = context;
    const result = parseRegisters([file('embargoes/a.yaml', EMBARGO)], keyless);
    expect(JSON.stringify(result)).not.toContain('31.39');
  });
});

describe('a register as a whole', () => {
  it('refuses a folder without any entry', () => {
    expect(faultsOf([])).toEqual([
      'registers: holds no entry, so nothing would be held: put at least one .yaml file into embargoes/ or sensitivity/',
    ]);
  });

  it('refuses the same id in two files and names both', () => {
    expect(faultsOf([file('embargoes/a.yaml', EMBARGO), file('embargoes/b.yml', `\n${EMBARGO}`)])).toEqual([
      `registers/embargoes/b.yml:2:1: id: the same id stands in ${a}, give each entry an id of its own`,
    ]);
  });

  it('refuses the same id in both registers', () => {
    const same = SENSITIVITY.replace('core-lettings-2016-17', 'labour-market-2016-01');
    expect(faultsOf([file('embargoes/a.yaml', EMBARGO), file('sensitivity/s.yaml', same)])).toEqual([
      `${s}:1:1: id: the same id stands in ${a}, give each entry an id of its own`,
    ]);
  });

  it('says every fault of every file', () => {
    const broken = EMBARGO.replace('status: scheduled', 'status: done').replace('title:', 'titel:');
    expect(
      faultsOf([file('embargoes/a.yaml', broken), file('sensitivity/s.yaml', SENSITIVITY.replace('owner:', 'ownr:'))]),
    ).toHaveLength(3);
  });
});

describe('warnings', () => {
  const open = Date.UTC(2016, 0, 19, 12);
  it.each([
    [
      'a figure in the clear',
      EMBARGO,
      open,
      `${a}:15:33: figures[0].value: is in the clear, run \`holdfast registers seal\` on the folder`,
    ],
    [
      'an ended release that is still scheduled',
      EMBARGO,
      Date.UTC(2016, 0, 20, 9, 30),
      `${a}:13:1: status: is still scheduled though the embargo has ended, set it to published (or postponed, which goes on holding)`,
    ],
    [
      'a release published before its time',
      EMBARGO.replace('scheduled', 'published'),
      open,
      `${a}:13:1: status: is published before embargo.until, so nothing is held: check that it is out`,
    ],
    [
      'a person without a declaration once access has opened',
      EMBARGO.replace(', declared: "2016-01-12"', ''),
      open,
      `${a}:11:7: preRelease.access[0]: has no declared day though access has opened, add the day of the signed declaration or remove the person`,
    ],
    [
      'a declaration after access opened',
      EMBARGO.replace('declared: "2016-01-12"', 'declared: "2016-01-20"'),
      open,
      `${a}:11:73: preRelease.access[0].declared: is after access opens, the declaration comes before access`,
    ],
    [
      'a whole domain with access before release',
      EMBARGO.replace('email: analyst@', 'email: "*@').replace('.example, role', '.example", role'),
      open,
      `${a}:11:9: preRelease.access[0].email: gives a whole domain access before release, name each person (the producer's own staff go to custodians)`,
    ],
    [
      'a measure of a subject that the entry does not name',
      EMBARGO.replace('measure: employment-rate, value: 73.9', 'measure: cpi-rate, value: 73.9'),
      open,
      `${a}:18:7: public[0].measure: "cpi-rate" belongs to the subject inflation, which this entry does not name: add it to subjects`,
    ],
    [
      'a unit that the measure is not given in',
      EMBARGO.replace('unit: million', 'unit: percent'),
      open,
      `${a}:16:46: figures[1].unit: percent is unusual for people-in-work, and a figure in a wrong unit is never found: check it (usual: million, thousand, count)`,
    ],
  ])('%s', (_what, text, now, line) => {
    expect(warningsOf([file('embargoes/a.yaml', text)], now)).toContain(line);
  });

  it('say nothing of the day where none is given', () => {
    expect(warningsOf([file('embargoes/a.yaml', EMBARGO)])).toHaveLength(2);
  });

  it('name a release that a dataset feeds and the register lacks', () => {
    const feeding = SENSITIVITY.replace('dataset:', 'embargo: social-housing-lettings-2016-17\ndataset:');
    expect(warningsOf([file('sensitivity/s.yaml', feeding)])).toEqual([
      `${s}:5:1: embargo: names a release that this register does not have, add its entry to embargoes/ or remove the key`,
    ]);
  });
});

describe('optional keys', () => {
  it('may be left out, on the side that lets less go', () => {
    const least = `id: a\ntitle: A\nproducer: B\nsubjects: [inflation]\nembargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: UTC }\n`;
    const result = parseRegisters(
      [
        file('embargoes/a.yaml', least),
        file('sensitivity/s.yaml', 'id: s\ntitle: S\nowner: o@d.example\ndataset: lfs-person\n'),
      ],
      context,
    );
    expect(result.ok && result.value.embargoes[0]).toMatchObject({
      status: 'scheduled',
      preRelease: null,
      custodians: [],
      figures: [],
    });
    expect(result.ok && result.value.sensitivity[0]).toMatchObject({ allowedRecipients: [], embargo: null });
  });
});

describe('passwords', () => {
  const text = SENSITIVITY.replace('dataset:', 'passwords: ["correct horse", "0000"]\ndataset:');
  const read = (content: string, key = context.key) =>
    parseRegisters([file('sensitivity/s.yaml', content)], key === undefined ? context : { ...context, key });

  it('are read, kept sealed, and read again from what was kept', () => {
    const first = read(text);
    if (!first.ok) throw new Error(first.error.map(describeFault).join('\n'));
    expect(first.value.passwords).toEqual(['correct horse', '0000']);
    expect(JSON.stringify(first.value.documents)).not.toMatch(/horse|0000"/);
    expect(first.value.warnings.map(describeFault)).toEqual([
      `${s}:5:13: passwords[0]: is in the clear, run \`holdfast registers seal\` on the folder`,
      `${s}:5:30: passwords[1]: is in the clear, run \`holdfast registers seal\` on the folder`,
    ]);
    const [kept] = first.value.documents.sensitivity;
    if (kept === undefined) throw new Error('one entry');
    const again = read(writeEntry(kept));
    expect(again.ok && [again.value.passwords, again.value.warnings]).toEqual([['correct horse', '0000'], []]);
    const elsewhere = read(writeEntry({ ...kept, id: 'other' }));
    expect(elsewhere.ok ? [] : elsewhere.error.map(({ message }) => message)).toEqual(
      Array(2).fill('was sealed for another entry, or is damaged: write the password anew'),
    );
    const foreign = read(writeEntry(kept), ephemeralKeyRing(new Uint8Array(32).fill(8)));
    expect(foreign.ok && [foreign.value.passwords, foreign.value.warnings.length]).toEqual([[], 2]);
  });

  it.each([
    ['a number', '[1234]', 'expected a text, found a number, put it in quotes'],
    ['nothing', '[""]', 'is empty, write a text'],
  ])('are texts: %s is refused', (_what, list, message) => {
    const result = read(text.replace('["correct horse", "0000"]', list));
    expect(result.ok ? [] : result.error.map(describeFault)).toEqual([`${s}:5:13: passwords[0]: ${message}`]);
  });
});
