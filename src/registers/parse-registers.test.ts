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

describe('a broken embargo entry costs one line that names file, line and key', () => {
  it.each([
    [
      'an unknown key',
      'status: scheduled',
      'statuss: scheduled',
      `${a}:13:1: statuss: unknown key, did you mean "status"?`,
    ],
    [
      'an unknown nested key',
      'zone: Europe/London',
      'zone: Europe/London, until2: x',
      `${a}:7:86: embargo.until2: unknown key, did you mean "until"?`,
    ],
    [
      'an unknown subject',
      'subjects: [labour-market]',
      'subjects: [labor-market]',
      `${a}:6:12: subjects[0]: "labor-market" is no subject of the rules, did you mean "labour-market"?`,
    ],
    [
      'an unknown measure',
      'measure: people-in-work',
      'measure: people-in-wrok',
      `${a}:16:7: figures[1].measure: "people-in-wrok" is no measure of the rules, did you mean "people-in-work"?`,
    ],
    [
      'an unknown measure of a public figure',
      'measure: employment-rate, value: 73.9',
      'measure: enployment-rate, value: 73.9',
      `${a}:18:7: public[0].measure: "enployment-rate" is no measure of the rules, did you mean "employment-rate"?`,
    ],
    [
      'a unit that is not allowed',
      'unit: million',
      'unit: milion',
      `${a}:16:46: figures[1].unit: "milion" is not allowed here, did you mean "million"?`,
    ],
    [
      'from after until',
      'from: "2016-01-13T00:00"',
      'from: "2016-01-21T00:00"',
      `${a}:7:12: embargo.from: is after until, swap or correct the two`,
    ],
    [
      'from equal to until',
      'from: "2016-01-13T00:00"',
      'from: "2016-01-20T09:30"',
      `${a}:7:12: embargo.from: is the same as until, so nothing would be embargoed, correct one of the two`,
    ],
    [
      'a local time that the spring clock change skips',
      'from: "2016-01-13T00:00", until: "2016-01-20T09:30"',
      'from: "2016-03-20T00:00", until: "2016-03-27T01:30"',
      `${a}:7:38: embargo.until: "2016-03-27T01:30" does not exist in Europe/London, the clocks skip it that day, write "2016-03-27T02:30"`,
    ],
    [
      'a day that no calendar has',
      'until: "2016-01-20T09:30"',
      'until: "2016-02-30T09:30"',
      `${a}:7:38: embargo.until: "2016-02-30T09:30" is no day and time of the calendar, correct it`,
    ],
    [
      'a time with an offset',
      'until: "2016-01-20T09:30"',
      'until: "2016-01-20T09:30Z"',
      `${a}:7:38: embargo.until: is no local time, write it as "2016-01-20T09:30", in quotes and without an offset`,
    ],
    [
      'an unknown zone',
      'zone: Europe/London',
      'zone: Europe/Londn',
      `${a}:7:65: embargo.zone: "Europe/Londn" is no time zone, did you mean "Europe/London"?`,
    ],
    [
      'an offset in place of a zone',
      'zone: Europe/London',
      'zone: "+01:00"',
      `${a}:7:65: embargo.zone: an offset is no time zone, write a name as Europe/London`,
    ],
    [
      'access that opens after the lift',
      'opens: "2016-01-19T09:30"',
      'opens: "2016-01-21T09:30"',
      `${a}:9:3: preRelease.opens: is after embargo.until, access before release must open before the lift`,
    ],
    [
      'a quiet period that ends before the lift',
      'quietUntil: "2016-01-20T10:00"',
      'quietUntil: "2016-01-20T09:00"',
      `${a}:19:1: quietUntil: is before embargo.until, the quiet period follows the lift: correct it or remove the key`,
    ],
    [
      'a bad e-mail address',
      'email: analyst@department.example',
      'email: analyst.department.example',
      `${a}:11:9: preRelease.access[0].email: is no e-mail address or domain, write name@domain.example or "*@domain.example"`,
    ],
    [
      'a custodian pattern that matches everybody',
      '"*@statistics.example"',
      '"*"',
      `${a}:12:14: custodians[0]: is no e-mail address or domain, write name@domain.example or "*@domain.example"`,
    ],
    [
      'a bad day of declaration',
      'declared: "2016-01-12"',
      'declared: "2016-13-12"',
      `${a}:11:73: preRelease.access[0].declared: is no day of the calendar, write it as "2016-01-12"`,
    ],
    [
      'an unknown status',
      'status: scheduled',
      'status: shceduled',
      `${a}:13:1: status: "shceduled" is not allowed here, did you mean "scheduled"?`,
    ],
    [
      'a number in quotes, which it does not repeat',
      'value: 74.0',
      'value: "74.0"',
      `${a}:15:33: figures[0].value: expected a number, found a text, remove the quotes`,
    ],
    [
      'a figure without value',
      'value: 74.0, ',
      '',
      `${a}:15:5: figures[0].value: this key is missing, add it with a number`,
    ],
    [
      'a missing key',
      'producer: Office for National Statistics\n',
      '',
      `${a}:1:1: producer: this key is missing, add it with a text`,
    ],
    [
      'a missing nested key',
      ', zone: Europe/London',
      '',
      `${a}:7:1: embargo.zone: this key is missing, add it with a text`,
    ],
    [
      'a list where a map belongs',
      'embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }',
      'embargo: ["2016-01-13T00:00"]',
      `${a}:7:1: embargo: expected a map of keys, found a list, write its keys below it, indented`,
    ],
    [
      'a key without a value',
      'status: scheduled',
      'status:',
      `${a}:13:1: status: nothing is not allowed here, use one of scheduled, published, postponed, cancelled`,
    ],
    [
      'an id with a space',
      'id: labour-market-2016-01',
      'id: labour market',
      `${a}:1:1: id: is no id, use letters, digits, dots, hyphens and underscores (at most 100)`,
    ],
    [
      'a page that is no web address',
      'page: https://www',
      'page: javascript:www',
      `${a}:5:1: page: is no web address, write it as https://...`,
    ],
    [
      'a key that stands twice',
      'status: scheduled',
      'status: scheduled\nstatus: published',
      `${a}:14:1: status: this key stands twice, keep one of the two`,
    ],
    [
      'an alias',
      '"2016-01-19T09:30"',
      '*opens',
      `${a}:9:10: preRelease.opens: an alias stands here, write the value out`,
    ],
    ['an unknown tag', 'title: UK', 'title: !office UK', `${a}:2:8: title: the tag !office is not known, remove it`],
    [
      'a tag of another schema',
      'title: UK Labour Market, January 2016',
      'title: !!binary aGk=',
      `${a}:2:8: title: the tag !!binary is not known, remove it`,
    ],
    ['a tab as indentation', '  opens:', '\topens:', `${a}:9:1: preRelease: a tab indents this line, use spaces`],
    [
      'a bracket that is not closed',
      'subjects: [labour-market]',
      'subjects: [labour-market',
      `${a}:7:1: embargo: flow sequence in block collection must be sufficiently indented and end with a ], mend the indentation or the brackets`,
    ],
    [
      'a second document',
      'status: scheduled',
      'status: scheduled\n---\nid: b',
      `${a}:14:1: status: a second document begins here, keep one entry a file`,
    ],
    [
      'a control character',
      'title: UK',
      'title: U\u0000K',
      `${a}:2:9: holds a control character, save the file as plain UTF-8 text`,
    ],
    [
      'a key of the language itself',
      'status: scheduled',
      '__proto__: { a: 1 }',
      `${a}:13:1: __proto__: this key is not allowed, remove it`,
    ],
  ])('%s', (_what, from, to, line) => {
    expect(EMBARGO).toContain(from);
    expect(faultsOf([file('embargoes/a.yaml', EMBARGO.replace(from, to))])).toEqual([line]);
  });

  it('an empty file', () => {
    expect(faultsOf([file('embargoes/a.yaml', '# nothing yet\n')])).toEqual([
      `${a}:1:1: is empty, write an entry or remove the file`,
    ]);
  });

  it('a text in place of an entry', () => {
    expect(faultsOf([file('embargoes/a.yaml', 'labour market')])).toEqual([
      `${a}:1:1: expected a map of keys, found a text, write its keys below it, indented`,
    ]);
  });

  it('a file over 1 MB', () => {
    expect(faultsOf([file('embargoes/a.yaml', `${EMBARGO}# ${'x'.repeat(1_000_000)}\n`)])).toEqual([
      `${a}: is larger than 1 MB, split it or remove what is not needed`,
    ]);
  });

  it.each([
    ['brackets', '['.repeat(20_000)],
    ['indentation', Array.from({ length: 900 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
  ])('nesting without end by %s', (_what, text) => {
    const lines = faultsOf([file('embargoes/a.yaml', text)]);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^registers\/embargoes\/a\.yaml:\d+:\d+: /);
  });
});

describe('a broken sensitivity entry', () => {
  it.each([
    [
      'an unknown dataset',
      'dataset: core-lettings',
      'dataset: core-letings',
      `${s}:5:1: dataset: "core-letings" is no dataset of the rules, did you mean "core-lettings"?`,
    ],
    [
      'a sketch outside of the folder',
      'sketch: core',
      'sketch: ../core',
      `${s}:7:1: sketch: leads out of the register folder, write a path below the folder of this file`,
    ],
    [
      'a sketch by an absolute path',
      'sketch: core',
      'sketch: /core',
      `${s}:7:1: sketch: leads out of the register folder, write a path below the folder of this file`,
    ],
    [
      'a misspelt list of recipients',
      'allowedRecipients:',
      'allowedRecipents:',
      `${s}:8:1: allowedRecipents: unknown key, did you mean "allowedRecipients"?`,
    ],
    [
      'a number as a column',
      'POSTCODE]',
      '12]',
      `${s}:6:24: columns[1]: expected a text, found a number, put it in quotes`,
    ],
  ])('%s', (_what, from, to, line) => {
    expect(faultsOf([file('sensitivity/s.yaml', SENSITIVITY.replace(from, to))])).toEqual([line]);
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
