import { makeLettings } from './core-lettings.ts';
import { maker, type Rows, table } from './made-up.ts';

const m = maker(11);
const authority = (at: number) => `E0700${String(at).padStart(4, '0')}`;
const PLACES = ['Ashford', 'Barrow', 'Boston', 'Corby', 'Dover', 'Eden', 'Fylde', 'Harlow', 'Ipswich', 'Lewes'];
const cross = (...lists: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  lists.reduce<readonly (readonly string[])[]>(
    (all, list) => all.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );
const EXPORT = makeLettings(1, 1)[0] ?? [];

/** Published tables, lookups, templates and lists of the survey world, none of which may be held; `[what, rows]`. */
export const BENIGN_STATISTICS: readonly (readonly [string, Rows])[] = [
  [
    'published lettings by authority',
    [
      ['Table 1a: Social housing lettings by local authority, 2015/16'],
      ['This worksheet contains one table. Some shorthand is used: [c] confidential'],
      ...table('Code|Local authority|General needs lettings|Total lettings|Per cent', 10, (at) => [
        authority(at),
        PLACES[at] ?? '',
        at % 4 === 0 ? '[c]' : m.number(900),
        m.number(900),
        m.number(100),
      ]),
      ['E92000001', 'England', '200000', '280000', '100'],
    ],
  ],
  [
    'counts by region, sex, age group and ethnic group',
    [
      ['Region', 'Sex', 'Age group', 'Ethnic group', 'Count'],
      ...cross(
        ['North', 'South'],
        ['Male', 'Female', 'All'],
        ['16-24', '25-34', '35-49', '50-64', '65+'],
        ['White', 'Asian', 'Black', 'Mixed', 'All'],
      ).map((row) => [...row, m.number(9000)]),
    ],
  ],
  [
    'population by single year of age',
    [
      ['Area', 'Sex', 'Age', '2015', '2016'],
      ...cross(
        PLACES,
        ['M', 'F'],
        Array.from({ length: 91 }, (_, age) => String(age)),
      ).map((row) => [...row, m.number(9000), m.number(9000)]),
    ],
  ],
  [
    'population by small area',
    table('LSOA code|LSOA name|All ages|0-15|16-64|65+', 400, (at) => [
      `E0100${String(at).padStart(4, '0')}`,
      `Ashford ${at}A`,
      m.number(2200),
      m.number(400),
      m.number(1200),
      m.number(400),
    ]),
  ],
  [
    'postcode directory',
    table('pcd|pcd2|pcds|dointr|oslaua|osward|usertype|oa11|lsoa11|msoa11|ctry|rgn|lat|long|imd', 500, () => {
      const code = m.postcode();
      return [
        code.replace(' ', ''),
        code,
        code,
        198001,
        authority(3),
        'E05008942',
        0,
        `E00${100_000 + m.draw(90_000)}`,
        `E010${10_000 + m.draw(20_000)}`,
        `E020${10_000 + m.draw(5000)}`,
        'E92000001',
        'E12000008',
        51.5,
        -1.2,
        m.draw(32_844),
      ];
    }),
  ],
  [
    'authority lookup',
    table('LAD16CD|LAD16NM|RGN16CD|RGN16NM', 326, (at) => [authority(at), `Place ${at}`, 'E12000001', 'North']),
  ],
  [
    'twelve contacts',
    table('Name|Role|Organisation|E-mail|Telephone', 12, (at) => [
      m.name(),
      'Analyst',
      'Department',
      `p${at}@department.example`,
      `020 7946 0${100 + m.draw(900)}`,
    ]),
  ],
  [
    'twelve contacts, names split',
    table('First name|Surname|Team|Email|Mobile|Office postcode', 12, (at) => [
      m.forename(),
      m.surname(),
      'Statistics',
      `p${at}@department.example`,
      `07700 900${100 + m.draw(900)}`,
      m.postcode(),
    ]),
  ],
  [
    'key contacts at landlords',
    table('Landlord|Contact name|Email|Phone', 220, (at) => [
      `Landlord ${at} Homes`,
      m.name(),
      `c${at}@landlord${at}.example`,
      `01632 960${100 + m.draw(900)}`,
    ]),
  ],
  [
    'staff rota',
    table('Name|Mon|Tue|Wed|Thu|Fri', 18, () => [
      m.name(),
      m.of('AM', 'PM', 'Off'),
      m.of('AM', 'PM'),
      m.of('AM', 'Off'),
      'WFH',
      'AM',
    ]),
  ],
  [
    'rota with grades',
    table(`Surname|Forename|Grade|${Array.from({ length: 12 }, (_, at) => `Week ${at + 1}`).join('|')}`, 40, () => [
      m.surname(),
      m.forename(),
      m.of('EO', 'HEO'),
      ...Array.from({ length: 12 }, () => m.of('E', 'M', 'L', 'N')),
    ]),
  ],
  [
    'school timetable',
    table('Room|Period 1|Period 2|Period 3|Period 4', 30, (at) => [`R${at}`, 'Maths', 'English', 'Art', 'French']),
  ],
  [
    'price list',
    table('SKU|Product|Size|Colour|Price|VAT', 200, () => [
      `AB${100_000 + m.draw(900_000)}${m.of('A', 'B', 'C', 'D')}`,
      'Chair',
      m.of('S', 'M', 'L'),
      m.of('R', 'G'),
      m.number(100),
      '20%',
    ]),
  ],
  [
    'invoices',
    table('Invoice number|Date|Supplier|Supplier postcode|Net|VAT|Gross', 150, (at) => [
      1e9 + m.draw(1e8),
      '2016-05-01',
      `Supplier ${at} Ltd`,
      m.postcode(),
      m.number(1000),
      20,
      30,
    ]),
  ],
  [
    'orders with ten-digit references',
    table('Order number|Date|Item|Quantity|Price', 500, () => [
      1e9 + m.draw(8e9),
      '2016-05-01',
      'Widget',
      m.number(9),
      '2.50',
    ]),
  ],
  [
    'log of errors',
    table('Record number|Landlord|Tenancy code|Field|Value supplied|Error message', 900, (at) => [
      1e6 + at,
      `Landlord ${at % 17} Homes`,
      `T10${at}`,
      m.of('POSTCODE', 'REFERRAL', 'AGE1'),
      m.of('12', '', m.postcode()),
      'Value is not in the list; please correct',
    ]),
  ],
  [
    'log of errors with administrative columns',
    table('FORMID|OWNINGORGNAME|TENANCYCODE|PROPCODE|LA|LETTYPE|STARTDATE|FIELD|MESSAGE', 900, (at) => [
      1e6 + at,
      `Landlord ${at % 17}`,
      `T1${at}`,
      `P${1e6 + m.draw(8e6)}`,
      authority(at % 200),
      m.of('5', '7'),
      '2016-05-01',
      'WRENT',
      'Rent is outside the expected range',
    ]),
  ],
  [
    'log of rent errors',
    table('FORMID|OWNINGORGNAME|TENANCYCODE|BEDS|BRENT|WRENT|PERIOD|MESSAGE', 300, (at) => [
      1e6 + at,
      `Landlord ${at % 17}`,
      `T1${at}`,
      1 + m.draw(4),
      m.number(200),
      m.number(200),
      1,
      'Rent is outside the range',
    ]),
  ],
  [
    'code book',
    [
      ['Variable', 'Label', 'Type', 'Values'],
      ...EXPORT.map((name) => [name, `Question on ${name}`, 'code', '1=Yes; 2=No']),
    ],
  ],
  ['code book without a header', EXPORT.map((name, at) => [String(at + 1), name, `Question on ${name}`])],
  ['blank template', [EXPORT, ...Array.from({ length: 3 }, () => EXPORT.map(() => ''))]],
  [
    'blank template with its instructions',
    [
      ['Section', ...EXPORT.map(() => '')],
      ['Question', ...EXPORT.map((name) => `What is the ${name}?`)],
      ['Variable', ...EXPORT],
      ['Values', ...EXPORT.map((_, at) => (at % 2 === 0 ? 'Numeric' : 'Alphanumeric, up to 13 characters'))],
      ['Can be empty?', ...EXPORT.map((_, at) => (at % 3 === 0 ? 'Yes' : 'No'))],
      ['Bulk upload field number', ...EXPORT.map((_, at) => String(at + 1))],
    ],
  ],
  [
    'questionnaire with variable names',
    [
      ['No', 'Variable', 'Question', 'Answer'],
      ...EXPORT.map((name, at) => [String(at + 1), name, `Please give the ${name}`, '']),
    ],
  ],
  ['meeting rooms', table('Room|Floor|Seats', 25, () => [`R${100 + m.draw(900)}`, m.number(8), 4 + m.draw(26)])],
];
