import { amongAllowed, datasetAccess, type EmbargoAccess, embargoAccess, mayKnow, type Parties } from './access.ts';
import type { EmbargoEntry, SensitivityEntry } from './entry.ts';

const OPENS = Date.UTC(2016, 0, 19, 9, 30);
const BEFORE = OPENS - 1;

const release: EmbargoEntry = {
  id: 'release',
  title: 'A release',
  producer: 'An office',
  series: null,
  page: null,
  subjects: ['labour-market'],
  from: Date.UTC(2016, 0, 13),
  until: Date.UTC(2016, 0, 20, 9, 30),
  zone: 'Europe/London',
  preRelease: {
    opens: OPENS,
    access: [
      { email: 'analyst@department.example', role: null, declared: null },
      { email: 'Minister@Department.example', role: null, declared: null },
    ],
  },
  custodians: ['*@statistics.example'],
  status: 'scheduled',
  figures: [],
  public: [],
  quietUntil: null,
};

const dataset: SensitivityEntry = {
  id: 'dataset',
  title: 'A dataset',
  owner: 'core.team@department.example',
  classification: null,
  embargo: null,
  dataset: null,
  columns: [],
  sketch: null,
  allowedRecipients: ['analyst@department.example', '*@statistics.example'],
};

function parties(from: string | null, ...to: string[]): Parties {
  return { from, to };
}

describe('who may pass what is embargoed', () => {
  it.each<[string, Parties, number, EmbargoAccess]>([
    [
      'people on the list, once access is open',
      parties('analyst@department.example', 'minister@department.example'),
      OPENS,
      'eligible',
    ],
    [
      'people on the list, a millisecond too early',
      parties('analyst@department.example', 'minister@department.example'),
      BEFORE,
      'not-open',
    ],
    [
      'custodians among themselves, before access opens',
      parties('a@statistics.example', 'b@statistics.example'),
      BEFORE,
      'custodians',
    ],
    [
      'a custodian to a person on the list, before access opens',
      parties('a@statistics.example', 'analyst@department.example'),
      BEFORE,
      'not-open',
    ],
    [
      'a custodian to a person on the list, once access is open',
      parties('a@statistics.example', 'analyst@department.example'),
      OPENS,
      'eligible',
    ],
    [
      'a person on the list to a custodian, before access opens',
      parties('analyst@department.example', 'a@statistics.example'),
      BEFORE,
      'not-open',
    ],
    [
      'one recipient not on the list',
      parties('analyst@department.example', 'minister@department.example', 'x@department.example'),
      OPENS,
      'outsider',
    ],
    ['a sender not on the list', parties('x@department.example', 'analyst@department.example'), OPENS, 'outsider'],
    ['a custodian to somebody else', parties('a@statistics.example', 'x@department.example'), OPENS, 'outsider'],
    ['a person on the list to the public', parties('analyst@department.example'), OPENS, 'outsider'],
    ['a custodian to the public', parties('a@statistics.example'), OPENS, 'outsider'],
    ['nobody, as of a bounce', parties(null, 'analyst@department.example'), OPENS, 'outsider'],
    ['a sub-domain of the custodians', parties('a@mail.statistics.example', 'b@statistics.example'), OPENS, 'outsider'],
    ['a domain that only ends alike', parties('a@notstatistics.example', 'b@statistics.example'), OPENS, 'outsider'],
    [
      'a listed name in front of another address',
      parties('"analyst@department.example" <x@evil.example>', 'minister@department.example'),
      OPENS,
      'outsider',
    ],
    [
      'addresses in any case and with display names',
      parties('An Analyst <ANALYST@department.EXAMPLE>', 'minister@department.example'),
      OPENS,
      'eligible',
    ],
  ])('%s', (_what, between, at, access) => {
    expect(embargoAccess(release, between, at)).toBe(access);
  });

  it('nobody but custodians where a release has no pre-release access', () => {
    const closed = { ...release, preRelease: null };
    expect(embargoAccess(closed, parties('analyst@department.example', 'minister@department.example'), OPENS)).toBe(
      'outsider',
    );
    expect(embargoAccess(closed, parties('a@statistics.example', 'b@statistics.example'), OPENS)).toBe('custodians');
  });
});

describe('who may know what is embargoed', () => {
  it.each([
    ['a person on the list, once access is open', 'analyst@department.example', OPENS, true],
    ['a person on the list, too early', 'analyst@department.example', BEFORE, false],
    ['a custodian at any time', 'a@statistics.example', BEFORE, true],
    ['anybody else', 'x@department.example', OPENS, false],
  ])('%s', (_what, address, at, may) => {
    expect(mayKnow(release, address, at)).toBe(may);
  });
});

describe('who may receive a protected dataset', () => {
  it.each([
    [
      'allowed recipients, whoever sends it',
      parties('x@evil.example', 'analyst@department.example', 'a@statistics.example'),
      true,
      false,
    ],
    ['allowed recipients among themselves', parties('a@statistics.example', 'analyst@department.example'), true, true],
    [
      'one recipient more',
      parties('a@statistics.example', 'analyst@department.example', 'x@council.example'),
      false,
      false,
    ],
    ['the public', parties('a@statistics.example'), false, false],
    ['nobody as sender', parties(null, 'a@statistics.example'), true, false],
  ])('%s', (_what, between, receive, among) => {
    expect(datasetAccess(dataset, between)).toBe(receive);
    expect(amongAllowed(dataset, between)).toBe(among);
  });

  it('nobody where the entry names nobody', () => {
    expect(
      datasetAccess({ ...dataset, allowedRecipients: [] }, parties('a@statistics.example', 'b@statistics.example')),
    ).toBe(false);
  });
});
