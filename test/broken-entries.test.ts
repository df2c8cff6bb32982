import { describeFault } from '../src/core/result.ts';
import { ephemeralKeyRing } from '../src/registers/keys.ts';
import { parseRegisters } from '../src/registers/parse-registers.ts';
import type { RegisterContext } from '../src/registers/register-context.ts';
import type { SourceFile } from '../src/text/read-yaml.ts';

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

function faultsOf(files: readonly SourceFile[]): readonly string[] {
  const result = parseRegisters(files, context);
  return result.ok ? [] : result.error.map(describeFault);
}

const a = 'registers/embargoes/a.yaml';
const s = 'registers/sensitivity/s.yaml';

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
