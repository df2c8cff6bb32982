import { compareLists, readAccessRows, readDay } from './access-list.ts';

describe('a list of people', () => {
  it('is read by its header, wherever that stands and however it is worded', () => {
    const rows = [
      ['Pre-release access list', '', ''],
      [],
      ['Full name', 'Job title', 'E-mail address', 'Declaration signed', 'Training'],
      ['Pat', 'Analyst', ' Pat@Department.example ', '12/01/2016', '3 Nov 2015'],
      ['', '', '', '', ''],
      ['', 'Private secretary', 'kim@department.example', '', ''],
    ];
    expect(readAccessRows(rows)).toEqual({
      faults: [],
      people: [
        { email: 'pat@department.example', role: 'Analyst, Pat', declared: '2016-01-12', trained: '2015-11-03' },
        { email: 'kim@department.example', role: 'Private secretary' },
      ],
    });
  });

  it.each([
    [[['Name'], ['Pat']], /no column is called Email/],
    [[], /no column is called Email/],
    [[['Email']], /no person below/],
    [[['Email'], ['nobody']], /^row 2: "nobody" is no e-mail address/],
    [[['Email'], ['a@b.example'], ['A@B.example']], /^row 3: a@b\.example stands in row 2 too/],
    [
      [
        ['Email', 'Declared'],
        ['a@b.example', '31/02/2016'],
      ],
      /^row 2: "31\/02\/2016" is no day/,
    ],
    [
      [
        ['Email', 'Role'],
        ['', 'Analyst'],
      ],
      /^row 2: has no address/,
    ],
  ])('with a fault says which row: %j', (rows, words) => {
    expect(readAccessRows(rows).faults[0]).toMatch(words);
  });

  it.each([
    ['2016-01-12', '2016-01-12'],
    ['2016-01-12T00:00:00', '2016-01-12'],
    ['12/1/2016', '2016-01-12'],
    ['12.01.2016', '2016-01-12'],
    ['12 January 2016', '2016-01-12'],
    ['12-Jan-16', '2016-01-12'],
    ['01/13/2016', null],
    ['42381', null],
    ['soon', null],
  ])('reads the day %s as %s', (text, day) => {
    expect(readDay(text)).toBe(day);
  });
});

describe('a new list beside the old', () => {
  const kept = [
    { email: 'stays@d.example', role: 'Analyst', declared: '2016-01-12' },
    { email: 'changes@d.example', role: 'Analyst' },
    { email: 'goes@d.example' },
    { email: 'left@d.example', left: '2016-01-01' },
    { email: 'returns@d.example', role: 'Economist', left: '2016-01-01' },
  ];
  const given = [
    { email: 'stays@d.example' },
    { email: 'CHANGES@d.example', declared: '2016-01-14' },
    { email: 'returns@d.example' },
    { email: 'new@d.example' },
  ];

  it('says who is added, changed and removed, and who is back', () => {
    const change = compareLists(kept, given);
    expect(change.added.map(({ email }) => email)).toEqual(['returns@d.example', 'new@d.example']);
    expect(change.changed.map(({ after }) => after)).toEqual([
      { email: 'CHANGES@d.example', role: 'Analyst', declared: '2016-01-14' },
    ]);
    expect(change.removed.map(({ email }) => email)).toEqual(['goes@d.example']);
    expect(change.same.map(({ email }) => email)).toEqual(['stays@d.example']);
    expect(change.result).toContainEqual({ email: 'returns@d.example', role: 'Economist' });
    // Who left stays on record.
    expect(change.result).toContainEqual({ email: 'left@d.example', left: '2016-01-01' });
    expect(change.result).not.toContainEqual(expect.objectContaining({ email: 'goes@d.example' }));
  });
});
