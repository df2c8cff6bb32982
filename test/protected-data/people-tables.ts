import { maker, type Rows, table } from './made-up.ts';

const m = maker(7);
const key = () => Array.from({ length: 32 }, () => m.draw(16).toString(16)).join('');

/** Rows of people or homes that no register names, as `[what, rows, weight]`. */
export const PEOPLE_TABLES: readonly (readonly [string, Rows, 'unregistered' | 'unregistered-plain'])[] = [
  ['NHS numbers under a meaningless name', table('ref|grp', 30, () => [m.nhsNumber(), m.of('A', 'B')]), 'unregistered'],
  [
    'ten clinic appointments',
    table('NHS Number|Date|Clinic', 10, () => [m.nhsNumber(), '2016-05-01', 'Diabetes']),
    'unregistered',
  ],
  [
    'twelve claims with National Insurance numbers',
    table('id|national insurance|type', 12, (at) => [at, m.nino(), 'ESA']),
    'unregistered',
  ],
  [
    'National Insurance numbers without a header',
    table('MW123456A|10|x', 40, () => [m.nino(), m.number(90), 'x']),
    'unregistered',
  ],
  ['pupils with scores', table('Pupil|UPN|Score', 25, () => [m.name(), m.upn(), m.number(99)]), 'unregistered'],
  ['names and birth dates', table('Name|DOB|School', 15, () => [m.name(), m.date(), 'School A']), 'unregistered'],
  [
    'keys, ages and postcodes alone',
    table('TENANCYCODE|POSTCODE|AGE1', 200, (at) => [`T${at}`, m.postcode(), m.number(90)]),
    'unregistered-plain',
  ],
  [
    'birth dates and postcodes without names',
    table('id|date of birth|sex|postcode', 60, (at) => [at, m.date(), m.of('M', 'F'), m.postcode()]),
    'unregistered',
  ],
  [
    'words alone',
    table('First name|Surname|Health condition|Religion', 11, () => [
      m.forename(),
      m.surname(),
      m.of('Asthma', 'Depression'),
      m.of('None', 'Muslim'),
    ]),
    'unregistered',
  ],
  [
    'mental-health clients by reference',
    table('Client ref|Age|Sex|Ethnicity|Diagnosis|Referral source', 30, (at) => [
      `C${at}`,
      16 + m.draw(60),
      m.of('M', 'F'),
      m.of('A', 'B'),
      'F32',
      'GP',
    ]),
    'unregistered',
  ],
  [
    'a force’s staff list',
    table('Service number|Surname|Initials|Rank|Location|Gender', 900, (at) => [
      100_000 + at,
      m.surname(),
      m.of('A', 'B'),
      'Constable',
      'HQ',
      m.of('M', 'F'),
    ]),
    'unregistered',
  ],
  [
    'a relocation list',
    table('Ref|Full name|Date of birth|Family members|Status', 150, (at) => [
      at,
      m.name(),
      m.date(),
      m.number(8),
      'Open',
    ]),
    'unregistered',
  ],
  ['pay by name', table('Name|Grade|Salary', 80, () => [m.name(), 'EO', 20_000 + m.draw(20_000)]), 'unregistered'],
  [
    'offenders',
    table('Name|Offence|Sentence|Release date', 14, () => [m.name(), 'Theft', '6 months', '2016-05-01']),
    'unregistered',
  ],
  [
    'homes and benefits',
    table('UPRN|Benefit award|Household size', 80, () => [
      `5${String(m.draw(1e9)).padStart(9, '0')}12`,
      m.number(100),
      1 + m.draw(6),
    ]),
    'unregistered',
  ],
  [
    'survey respondents',
    table('respondent_id|age|sex|marital status|health|ethnicity|income', 300, (at) => [
      at,
      16 + m.draw(70),
      m.of('M', 'F'),
      1 + m.draw(5),
      1 + m.draw(5),
      1 + m.draw(18),
      m.number(9),
    ]),
    'unregistered',
  ],
  [
    'Labour Force Survey',
    table('CASENO|AGE|SEX|ILODEFR|INECAC05|GOVTOF2|GRSSWK|PWT18', 60, (at) => [
      1e9 + at,
      16 + m.draw(70),
      1 + m.draw(2),
      1 + m.draw(3),
      m.draw(30),
      m.draw(12),
      m.draw(900),
      m.draw(900),
    ]),
    'unregistered',
  ],
  [
    'earnings survey',
    table('year|piden|age|sex|gpay|thrs|sic07|occ10', 60, () => [
      2016,
      1e7 + m.draw(8e7),
      18 + m.draw(50),
      1 + m.draw(2),
      m.draw(2000),
      37,
      86_101,
      2136,
    ]),
    'unregistered',
  ],
  [
    'Census sample',
    table('Person ID|Region|Residence Type|Family Composition|Population Base|Sex|Age|Health', 60, (at) => [
      7e6 + at,
      'E12000001',
      'H',
      m.draw(6),
      1,
      1 + m.draw(2),
      m.draw(8),
      m.draw(5),
    ]),
    'unregistered',
  ],
  [
    'pupil database',
    table(
      'PupilMatchingRefAnonymous_SPR16|FSMeligible_SPR16|EthnicGroupMajor_SPR16|SENprovision_SPR16|KS2_READMRK',
      60,
      () => [key(), m.draw(2), 'WHIT', 'N', m.draw(50)],
    ),
    'unregistered',
  ],
  [
    'hospital episodes',
    table('ENCRYPTED_HESID|EPISTART|ADMIMETH|DIAG_01|DIAG_02|STARTAGE|SEX', 60, () => [
      key(),
      '2016-01-01',
      21,
      'I21',
      'E11',
      m.draw(90),
      1 + m.draw(2),
    ]),
    'unregistered',
  ],
  [
    'death registrations',
    table('record_id|DOD|DOR|age_at_death|sex|CAUSE_OF_DEATH', 50, (at) => [
      at,
      20_160_101,
      20_160_105,
      m.draw(99),
      1,
      'I21',
    ]),
    'unregistered',
  ],
  [
    'housing-benefit extract',
    table('claimant_nino|claimant_dob|postcode|weekly_hb_entitlement|benefit_type', 60, () => [
      m.nino(),
      m.date(),
      m.postcode(),
      m.draw(200),
      'HB',
    ]),
    'unregistered',
  ],
  [
    'coded records of nobody known',
    table(Array.from({ length: 30 }, (_, at) => `k${at}x`).join('|'), 500, (at) => [
      at,
      ...Array.from({ length: 29 }, () => 1 + m.draw(5)),
    ]),
    'unregistered-plain',
  ],
];
