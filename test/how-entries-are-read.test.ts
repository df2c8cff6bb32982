import type { Parties } from '../src/core/access.ts';
import type { EmbargoEntry, SensitivityEntry } from '../src/core/entry.ts';
import type { Finding, FindingWeight } from '../src/core/finding.ts';
import type { IncompleteReason } from '../src/core/part.ts';
import { decide, type Policy, REMINDER } from '../src/core/policy.ts';
import type { Verdict } from '../src/core/verdict.ts';

const FROM = Date.UTC(2016, 0, 13);
const OPENS = Date.UTC(2016, 0, 19, 9, 30);
const UNTIL = Date.UTC(2016, 0, 20, 9, 30);
const QUIET = Date.UTC(2016, 0, 20, 10);

const policy: Policy = {
  quietPeriod: 'hold',
  incomplete: 'hold',
  unregisteredSensitive: 'hold',
  unregisteredPlain: 'flag',
  attributed: 'flag',
  detectors: { batch: 'hold', marking: 'pass' },
};

function aRelease(over: Partial<EmbargoEntry> = {}): EmbargoEntry {
  return {
    id: 'release',
    title: 'A release',
    producer: 'An office',
    series: null,
    page: null,
    subjects: ['labour-market'],
    from: FROM,
    until: UNTIL,
    zone: 'Europe/London',
    preRelease: { opens: OPENS, access: [{ email: 'analyst@department.example', role: null, declared: null }] },
    custodians: ['*@statistics.example'],
    status: 'scheduled',
    figures: [],
    public: [],
    quietUntil: null,
    ...over,
  };
}

const dataset: SensitivityEntry = {
  id: 'dataset',
  title: 'A dataset',
  owner: 'core.team@department.example',
  classification: null,
  embargo: 'release',
  dataset: 'core-lettings',
  columns: [],
  sketch: null,
  allowedRecipients: ['analyst@department.example', 'provider@council.example', '*@statistics.example'],
};

function aFinding(
  weight: FindingWeight | null,
  entry: string | null = 'release',
  detector: Finding['detector'] = 'direction',
): Finding {
  const finding = { detector, rule: 'r', entry, path: 'body', span: null, severity: 'high', summary: 's' } as const;
  return weight === null ? finding : { ...finding, weight };
}

const insiders: Parties = { from: 'a@statistics.example', to: ['analyst@department.example'] };
const strangers: Parties = { from: 'x@department.example', to: ['everybody@department.example'] };
const everybody: Parties = { from: null, to: [] };

interface Case {
  readonly findings?: readonly Finding[];
  readonly incomplete?: readonly IncompleteReason[];
  readonly parties?: Parties;
  readonly at?: number;
  readonly embargoes?: readonly EmbargoEntry[];
  readonly sensitivity?: readonly SensitivityEntry[];
  readonly policy?: Partial<Policy>;
}

function judge(one: Case): readonly [Verdict, number | null] {
  const judgement = decide(
    {
      findings: one.findings ?? [],
      incomplete: (one.incomplete ?? []).map((reason) => ({ path: 'a.zip', reason })),
      parties: one.parties ?? strangers,
      effectiveAt: one.at ?? UNTIL - 1,
    },
    { embargoes: one.embargoes ?? [aRelease()], sensitivity: one.sensitivity ?? [dataset] },
    { ...policy, ...one.policy },
  );
  return [judgement.verdict, judgement.holdUntil];
}

const indication = [aFinding('embargoed')];
const records = [aFinding('protected', 'dataset', 'record-level')];

describe('an indication of a release', () => {
  it.each<[string, Case, Verdict, number | null]>([
    ['between people without access: hold until the lift', { findings: indication }, 'hold', UNTIL],
    ['for the public: hold until the lift', { findings: indication, parties: everybody }, 'hold', UNTIL],
    ['at the lift itself: pass', { findings: indication, at: UNTIL }, 'pass', null],
    ['before the embargo begins: pass', { findings: indication, at: FROM - 1 }, 'pass', null],
    [
      'between people with access, once it is open: flag',
      { findings: indication, parties: insiders, at: OPENS },
      'flag',
      null,
    ],
    [
      'to a person with access, before it opens: hold',
      { findings: indication, parties: insiders, at: OPENS - 1 },
      'hold',
      UNTIL,
    ],
    [
      'among custodians from the beginning: flag',
      { findings: indication, parties: { from: 'a@statistics.example', to: ['b@statistics.example'] }, at: FROM },
      'flag',
      null,
    ],
    [
      'of a postponed release: hold without a known end',
      { findings: indication, at: UNTIL + 1, embargoes: [aRelease({ status: 'postponed' })] },
      'hold',
      null,
    ],
    [
      'of a cancelled release: hold without an end',
      { findings: indication, at: UNTIL + 1, embargoes: [aRelease({ status: 'cancelled' })] },
      'hold',
      null,
    ],
    [
      'of a release published early: pass',
      { findings: indication, embargoes: [aRelease({ status: 'published' })] },
      'pass',
      null,
    ],
    [
      'in the quiet period: hold until its end',
      { findings: indication, at: UNTIL, embargoes: [aRelease({ quietUntil: QUIET })] },
      'hold',
      QUIET,
    ],
    [
      'in the quiet period, softened by policy: flag',
      {
        findings: indication,
        at: UNTIL,
        embargoes: [aRelease({ quietUntil: QUIET })],
        policy: { quietPeriod: 'flag' },
      },
      'flag',
      null,
    ],
    ['attributed to an earlier release: flag', { findings: [aFinding('attributed')] }, 'flag', null],
    [
      'attributed to an earlier release, hardened by policy: hold',
      { findings: [aFinding('attributed')], policy: { attributed: 'hold' } },
      'hold',
      UNTIL,
    ],
    [
      'attributed to an earlier release, after the lift: pass',
      { findings: [aFinding('attributed')], at: UNTIL },
      'pass',
      null,
    ],
  ])('%s', (_what, one, verdict, until) => {
    expect(judge(one)).toEqual([verdict, until]);
  });
});

describe('the reminder', () => {
  const summaries = (findings: readonly Finding[], parties: Parties) =>
    decide(
      { findings, incomplete: [], parties, effectiveAt: OPENS },
      { embargoes: [aRelease()], sensitivity: [dataset] },
      policy,
    ).findings.map(({ summary }) => summary);

  it('goes with what passes between people with access, once, however often it is judged', () => {
    const found = decide(
      { findings: indication, incomplete: [], parties: insiders, effectiveAt: OPENS },
      { embargoes: [aRelease()], sensitivity: [] },
      policy,
    ).findings;
    expect(found.map(({ summary }) => summary)).toEqual([`s ${REMINDER}`]);
    expect(summaries(found, insiders)).toEqual([`s ${REMINDER}`]);
  });

  it.each([
    ['what is held', strangers],
    ['what custodians pass among themselves', { from: 'a@statistics.example', to: ['b@statistics.example'] }],
  ])('does not go with %s', (_what, parties) => {
    expect(summaries(indication, parties)).toEqual(['s']);
  });
});

describe('several reasons', () => {
  const later = aRelease({ id: 'later', until: UNTIL + 86_400_000 });
  it.each<[string, Case, Verdict, number | null]>([
    [
      'the latest lift counts',
      { findings: [...indication, aFinding('embargoed', 'later')], embargoes: [aRelease(), later] },
      'hold',
      later.until,
    ],
    [
      'one without a lift takes it away',
      {
        findings: [...indication, aFinding('embargoed', 'later')],
        embargoes: [aRelease(), { ...later, status: 'postponed' }],
      },
      'hold',
      null,
    ],
    ['records among them take it away', { findings: [...indication, ...records] }, 'hold', null],
    [
      'a part that could not be looked at takes it away',
      { findings: indication, incomplete: ['corrupt'] },
      'hold',
      null,
    ],
    [
      'one that only flags leaves it',
      { findings: [...indication, aFinding('notable', null, 'recipients')] },
      'hold',
      UNTIL,
    ],
    [
      'a lifted one leaves the other',
      { findings: [...indication, aFinding('embargoed', 'later')], embargoes: [aRelease(), later], at: UNTIL },
      'hold',
      later.until,
    ],
    [
      'access to one is not access to the other',
      {
        findings: [...indication, aFinding('embargoed', 'later')],
        embargoes: [aRelease(), { ...later, preRelease: null }],
        parties: insiders,
        at: OPENS,
      },
      'hold',
      later.until,
    ],
  ])('%s', (_what, one, verdict, until) => {
    expect(judge(one)).toEqual([verdict, until]);
  });
});

describe('records of a protected dataset', () => {
  const provider: Parties = { from: 'core.team@department.example', to: ['provider@council.example'] };
  it.each<[string, Case, Verdict]>([
    ['to somebody not allowed: hold, and no lift', { findings: records }, 'hold'],
    ['to somebody not allowed, long after the lift: hold', { findings: records, at: QUIET + 1e9 }, 'hold'],
    [
      'to an allowed recipient without access to the release it feeds: hold',
      { findings: records, parties: provider },
      'hold',
    ],
    [
      'to an allowed recipient, the release being out: flag',
      { findings: records, parties: provider, at: UNTIL },
      'flag',
    ],
    [
      'to an allowed recipient in the quiet period: flag',
      { findings: records, parties: provider, at: UNTIL, embargoes: [aRelease({ quietUntil: QUIET })] },
      'flag',
    ],
    ['to somebody who satisfies both entries: flag', { findings: records, parties: insiders, at: OPENS }, 'flag'],
    [
      'to an allowed recipient, feeding no release: flag',
      { findings: records, parties: provider, sensitivity: [{ ...dataset, embargo: null }] },
      'flag',
    ],
    [
      'to an allowed recipient, feeding a release the register lacks: flag',
      { findings: records, parties: provider, embargoes: [] },
      'flag',
    ],
    ['to the public: hold', { findings: records, parties: everybody, at: UNTIL }, 'hold'],
  ])('%s', (_what, one, verdict) => {
    expect(judge(one)).toEqual([verdict, null]);
  });
});

describe('what no entry names', () => {
  it.each<[string, FindingWeight | null, Finding['detector'], Partial<Policy>, Verdict]>([
    ['sensitive microdata: hold', 'unregistered', 'record-level', {}, 'hold'],
    [
      'sensitive microdata, softened by policy: flag',
      'unregistered',
      'record-level',
      { unregisteredSensitive: 'flag' },
      'flag',
    ],
    ['plain microdata: flag', 'unregistered-plain', 'record-level', {}, 'flag'],
    [
      'plain microdata, hardened by policy: hold',
      'unregistered-plain',
      'record-level',
      { unregisteredPlain: 'hold' },
      'hold',
    ],
    ['many recipients: flag', 'notable', 'recipients', {}, 'flag'],
    ['no weight of its own: as its detector', null, 'batch', {}, 'hold'],
    ['no weight of its own, passed by policy', null, 'marking', {}, 'pass'],
  ])('%s', (_what, weight, detector, over, verdict) => {
    expect(judge({ findings: [aFinding(weight, null, detector)], policy: over })).toEqual([verdict, null]);
  });

  it('nothing at all: pass', () => {
    expect(judge({})).toEqual(['pass', null]);
  });
});

describe('a part that could not be looked at', () => {
  const allowed: Parties = { from: 'a@statistics.example', to: ['provider@council.example'] };
  const stranger: Parties = { from: 'x@department.example', to: ['provider@council.example'] };
  const noDataset = { sensitivity: [] };
  it.each<[string, Case, Verdict]>([
    ['encrypted, between strangers: hold', { incomplete: ['encrypted'] }, 'hold'],
    ['encrypted, to the public: hold', { incomplete: ['encrypted'], parties: everybody }, 'hold'],
    [
      'encrypted, between people with access that is open: flag',
      { ...noDataset, incomplete: ['encrypted'], parties: insiders, at: OPENS },
      'flag',
    ],
    [
      'encrypted, before access opens: hold',
      { ...noDataset, incomplete: ['encrypted'], parties: insiders, at: OPENS - 1 },
      'hold',
    ],
    [
      'encrypted, once the release is out and no entry is active: hold',
      { ...noDataset, incomplete: ['encrypted'], parties: insiders, at: UNTIL },
      'hold',
    ],
    [
      'encrypted, eligible under two entries together but under none alone: hold',
      {
        ...noDataset,
        incomplete: ['encrypted'],
        parties: { from: 'a@statistics.example', to: ['analyst@department.example', 'other@department.example'] },
        at: OPENS,
        embargoes: [
          aRelease(),
          aRelease({
            id: 'second',
            preRelease: { opens: OPENS, access: [{ email: 'other@department.example', role: null, declared: null }] },
          }),
        ],
      },
      'hold',
    ],
    [
      'encrypted, among allowed recipients of one dataset: flag',
      { incomplete: ['encrypted'], parties: allowed },
      'flag',
    ],
    [
      'encrypted, to an allowed recipient from somebody else: hold',
      { incomplete: ['encrypted'], parties: stranger },
      'hold',
    ],
    [
      'corrupt, between people with access: hold all the same',
      { incomplete: ['corrupt'], parties: insiders, at: OPENS },
      'hold',
    ],
    ['timed out, among allowed recipients: hold all the same', { incomplete: ['timed-out'], parties: allowed }, 'hold'],
    [
      'encrypted beside corrupt, among allowed recipients: hold',
      { incomplete: ['encrypted', 'corrupt'], parties: allowed },
      'hold',
    ],
    ['corrupt, softened by policy: flag', { incomplete: ['corrupt'], policy: { incomplete: 'flag' } }, 'flag'],
  ])('%s', (_what, one, verdict) => {
    expect(judge(one)).toEqual([verdict, null]);
  });
});

describe('the verdict', () => {
  it('never depends on what only a cleared reviewer may see (promise 4)', () => {
    const plain = judge({ findings: indication });
    expect(
      judge({ findings: indication.map((finding) => ({ ...finding, insight: 'equals the embargoed figure' })) }),
    ).toEqual(plain);
  });
});
