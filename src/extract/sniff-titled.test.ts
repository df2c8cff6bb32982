import { sniffTable } from './sniff-titled.ts';

describe('telling a table from text', () => {
  it.each([
    [
      'titles above',
      'Lettings by authority\nSource: department, 2017\n\nauthority,lets,rent\nE07000001,12,84.2\n',
      ',',
    ],
    ['a title with commas above semicolons', 'Jobs, by region, 2017\n\nRegion;Jobs\nNorth;12\nSouth;14\n', ';'],
    ['a title above two columns', 'Table 1: Jobs\n\nRegion,Jobs\nNorth,12\nSouth,14\n', ','],
    [
      'notes below',
      'id,dob,code\n1,2001-02-03,A1\n2,2001-02-04,A2\nNotes\n1. Provisional.\n2. See the guidance.\n',
      ',',
    ],
    ['rows of unlike lengths', 'a,b,c\n1,2\n1,2,3,4\n1,2,3\n4,5\n', ','],
    ['a column of postcodes', 'postcode\nOX64 2EL\nRG66 4TT\nB99 1AA\nYO71 3XX\n', ','],
    ['a column of National Insurance numbers', 'AB123456C\nQQ 12 34 56 C\nJG103759A\nZZ999999D\n', ','],
    ['a column of NHS numbers', '450 557 7104\n943 476 5919\n123 456 7881\n401 023 2137\n', ','],
    ['a column of references in quotes', '"ref"\n"T100001"\n"T100002"\n"T100003"\n"T100004"\n', ','],
  ])('finds %s', (_, text, delimiter) => {
    expect(sniffTable(text)).toBe(delimiter);
  });

  it.each([
    [
      'a letter',
      'Dear Anna,\n\nThank you for coming, and for the cake.\nWe had, as ever, a lovely day.\n\nBest,\nTom\n',
    ],
    ['a shopping list', 'Milk\nBread\nEggs, large\nButter, salted\nTea\n'],
    ['a signature', 'Kind regards,\nTom Smith\nStatistician, Labour Market\nOffice, Newport\n01633 123456\n'],
    ['an agenda', '09:30 Welcome\n10:00 Figures\n11:00 Coffee\n12:00 Close\n13:00 Lunch\n'],
    [
      'sentences with figures between commas',
      'Labour market\n\nEmployment rose by 205,000, unemployment fell by 12,000, and pay rose.\nVacancies, at 776,000, were up, and redundancies, at 100,000, were down.\n',
    ],
    ['an address', '12 High Street\nNewport\nNP10 8XG\nUnited Kingdom\n01633 455000\n'],
    ['figures on lines of their own', '12\n14\n15\n16\n17\n'],
    [
      'lines of a log',
      '2016-01-01 10:00 error 12 at line 4\n2016-01-01 10:01 error 13 at line 5\n2016-01-01 10:02 ok\n',
    ],
    ['a table quoted in long prose', `${'Words of a paragraph that goes on and on. '.repeat(9)}\nid,name\n1,a\n2,b\n`],
  ])('takes %s for text', (_, text) => {
    expect(sniffTable(text)).toBeNull();
  });
});
