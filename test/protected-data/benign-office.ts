import { maker, type Rows, table } from './made-up.ts';

const m = maker(12);
const authority = (at: number) => `E0700${String(at).padStart(4, '0')}`;
const PLACES = ['Ashford', 'Barrow', 'Boston', 'Corby', 'Dover', 'Eden', 'Fylde', 'Harlow', 'Ipswich', 'Lewes'];
const cross = (...lists: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  lists.reduce<readonly (readonly string[])[]>(
    (all, list) => all.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );

/** Files of an ordinary office, none of which may be held; `[what, rows]`. */
export const BENIGN_OFFICE: readonly (readonly [string, Rows])[] = [
  [
    'list of schools',
    table('URN|LAESTAB|School name|Headteacher|Address|Postcode|Telephone|Pupils', 300, (at) => [
      100_000 + at,
      2_000_000 + at,
      `School ${at}`,
      m.name(),
      `${at} High Street`,
      m.postcode(),
      `01632 960${100 + m.draw(900)}`,
      m.number(900),
    ]),
  ],
  [
    'list of practices',
    table('Practice code|Practice name|Address 1|Postcode|List size', 300, (at) => [
      `A8${1000 + at}`,
      `Surgery ${at}`,
      `${at} Mill Lane`,
      m.postcode(),
      m.number(9000),
    ]),
  ],
  [
    'prescriptions by practice',
    table('PRACTICE|BNF CODE|BNF NAME|ITEMS|NIC|QUANTITY|PERIOD', 600, (at) => [
      `A8${1000 + at}`,
      '0101010G0',
      'Co-magaldrox',
      m.number(99),
      '1.2',
      m.number(999),
      201_601,
    ]),
  ],
  [
    'weekly deaths',
    table('Week|Registered deaths|Sex|Age group', 52, (at) => [at + 1, 9000 + m.draw(3000), 'M', '65-74']),
  ],
  [
    'waiting times by provider',
    table('Code|Provider|Attendances|Over 4 hours|Per cent in 4 hours', 150, (at) => [
      `R${at}`,
      `Trust ${at}`,
      m.number(9000),
      m.number(900),
      m.number(100),
    ]),
  ],
  [
    'training record',
    table('Name|Team|Course|Date completed|Expires', 40, () => [
      m.name(),
      'Statistics',
      'Data protection',
      '2016-01-05',
      '2017-01-01',
    ]),
  ],
  [
    'risk register',
    table('ID|Risk|Owner|Likelihood|Impact|Score|Mitigation', 30, (at) => [
      at,
      'Late data',
      m.name(),
      m.number(5),
      m.number(5),
      m.number(25),
      'Chase',
    ]),
  ],
  [
    'project plan',
    table('Task|Owner|Start date|End date|Status', 60, (at) => [
      `Task ${at}`,
      m.name(),
      '2016-01-02',
      '2016-02-03',
      'Open',
    ]),
  ],
  [
    'budget',
    table('Cost centre|Description|Budget|Actual|Variance', 80, (at) => [
      `C${at}`,
      'Travel',
      m.number(9000),
      m.number(9000),
      m.number(50),
    ]),
  ],
  [
    'laptops',
    table('Asset tag|Serial number|Model|Assigned to|Location|Purchase date', 250, (at) => [
      `L${10_000 + at}`,
      `5CG${1e6 + m.draw(9e6)}`,
      'Laptop',
      m.name(),
      'London',
      '2015-05-01',
    ]),
  ],
  [
    'league table',
    table('Pos|Team|P|W|D|L|F|A|Pts', 20, (at) => [at + 1, `Club ${at}`, 38, m.number(30), 3, 4, 50, 40, m.number(90)]),
  ],
  [
    'survey answers in per cent',
    [
      ['Question', 'Response', 'Percentage', 'Base'],
      ...cross(
        Array.from({ length: 30 }, (_, at) => `Q${at}`),
        ['Yes', 'No', 'Don’t know'],
      ).map((row) => [...row, m.number(99), m.number(999)]),
    ],
  ],
  [
    'referrals by authority, suppressed',
    table('Local authority|Prison|Probation|Mental health team|Total', 10, (at) => [
      PLACES[at] ?? '',
      '[c]',
      '[c]',
      m.number(90),
      m.number(300),
    ]),
  ],
  [
    'time series',
    table('Date|MGRZ|LF24|MGSX|YBUS', 120, (at) => [`2015 Q${(at % 4) + 1}`, 30_000 + m.draw(2000), 70, 5, 2]),
  ],
  [
    'books in stock',
    table('ISBN|Title|Author|Qty', 200, (at) => [1e9 + m.draw(8e9), `Book ${at}`, m.name(), m.number(9)]),
  ],
  [
    'server events',
    table('Timestamp|Host|Level|Message', 300, (at) => [1_450_000_000 + at * 37, 'web1', 'INFO', 'started']),
  ],
  [
    'service upload log',
    table('id|status|created_at|updated_at|created_by|bulk_upload_id|owning_organisation_name|lettings', 200, (at) => [
      at,
      'completed',
      '2023-05-01T10:00:00',
      '2023-05-02T10:00:00',
      `u${at}@l.example`,
      1000 + at,
      `Landlord ${at % 17}`,
      m.number(400),
    ]),
  ],
  [
    'rent ranges by authority',
    table('ranges_rent_id|lettype|la|beds|soft_min|soft_max|hard_min|hard_max', 900, (at) => [
      at,
      m.of('5', '7'),
      authority(at % 300),
      1 + m.draw(4),
      m.number(90),
      m.number(200),
      10,
      300,
    ]),
  ],
  [
    'vacancies',
    table('Ref|Job title|Grade|Salary|Location|Closing date', 40, (at) => [
      at,
      'Statistician',
      'G7',
      30_000 + m.draw(30_000),
      'London',
      '2016-03-01',
    ]),
  ],
  [
    'people coming to a meeting',
    table('First name|Last name|Organisation|Dietary requirements', 35, () => [
      m.forename(),
      m.surname(),
      'Department',
      m.of('None', 'Vegan', ''),
    ]),
  ],
  [
    'car fleet',
    table('Registration|Make|Model|Mileage|MOT due', 60, () => [
      `AB${10 + m.draw(9)} ${m.of('CGH', 'DJK', 'ELM')}`,
      'Ford',
      'Focus',
      m.number(90_000),
      '2016-05-01',
    ]),
  ],
  [
    'railway stations',
    table('Station|Code|Postcode|Entries 2015|Exits 2015', 250, (at) => [
      `Station ${at}`,
      'ABC',
      m.postcode(),
      m.number(90_000),
      m.number(90_000),
    ]),
  ],
  [
    'equipment by depot, yes or no',
    table(`Code|${'ABCDEFGHIJKLMNOP'.split('').join('|')}`, 100, (at) => [
      `D${at}`,
      ...Array.from({ length: 16 }, () => m.of('Y', 'N')),
    ]),
  ],
  [
    'pay gaps by employer',
    table('Employer|Mean pay gap|Median pay gap|Women in top quartile', 200, (at) => [
      `Employer ${at}`,
      m.number(30),
      m.number(30),
      m.number(80),
    ]),
  ],
  [
    'pay by ethnic group',
    table('Ethnic group|Sex|Median hourly pay|Gap|Lower CI|Upper CI', 40, () => [
      m.of('White', 'Asian', 'Black'),
      m.of('Male', 'Female'),
      m.number(20),
      1,
      2,
      3,
    ]),
  ],
  [
    'street crime by small area',
    table(
      'Month|Reported by|Longitude|Latitude|Location|LSOA code|LSOA name|Crime type|Last outcome category',
      400,
      () => [
        '2016-01',
        'Force',
        -1.2,
        51.3,
        'On or near Mill Street',
        `E010${10_000 + m.draw(20_000)}`,
        'Ashford 001A',
        m.of('Burglary', 'Robbery'),
        'Under investigation',
      ],
    ),
  ],
  [
    'property sales',
    table('Transaction id|Price|Date of transfer|Postcode|Property type|Duration|PAON|Street|Town', 300, () => [
      `{${m.number(1e9)}-1234}`,
      m.number(900_000),
      '2016-01-05',
      m.postcode(),
      m.of('D', 'S', 'T'),
      'F',
      m.number(99),
      'MILL LANE',
      'ASHFORD',
    ]),
  ],
  [
    'property adverts',
    table('Ref|Postcode|Beds|Weekly rent|Furnished', 80, (at) => [
      at,
      m.postcode(),
      1 + m.draw(4),
      m.number(300),
      m.of('Y', 'N'),
    ]),
  ],
  ['library of ten-digit codes', table('Code|Description', 400, () => [1e9 + m.draw(8e9), 'Part'])],
  [
    'addresses of landlords for a mail merge',
    table('Title|First name|Last name|Organisation|Address line 1|Town|Postcode', 220, (at) => [
      'Ms',
      m.forename(),
      m.surname(),
      `Housing Association ${at}`,
      `${at} High Street`,
      'Testbury',
      m.postcode(),
    ]),
  ],
];
