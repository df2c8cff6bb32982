import type { EmbargoEntry, SensitivityEntry } from './entry.ts';
import type { Finding } from './finding.ts';
import { type Viewer, viewFindings } from './view.ts';

const OPENS = Date.UTC(2016, 0, 19, 9, 30);
const UNTIL = Date.UTC(2016, 0, 20, 9, 30);

const release: EmbargoEntry = {
  id: 'release',
  title: 'A release',
  producer: 'An office',
  series: null,
  page: null,
  subjects: ['labour-market'],
  from: Date.UTC(2016, 0, 13),
  until: UNTIL,
  zone: 'Europe/London',
  preRelease: { opens: OPENS, access: [{ email: 'analyst@department.example', role: null, declared: null }] },
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
  allowedRecipients: ['analyst@department.example'],
};

function aFinding(entry: string | null, insight?: string): Finding {
  const finding = {
    detector: 'figure',
    rule: 'r',
    entry,
    path: 'body',
    span: { start: 3, end: 9 },
    severity: 'high',
    summary: 's',
    weight: 'embargoed',
  } as const;
  return insight === undefined ? finding : { ...finding, insight };
}

function view(findings: readonly Finding[], viewer: Viewer, entry = release) {
  const judgement = { verdict: 'hold', holdUntil: null, effectiveAt: 0, findings, incomplete: [] } as const;
  return viewFindings(judgement, { embargoes: [entry], sensitivity: [dataset] }, viewer);
}

function reviewer(address: string | null, at = OPENS): Viewer {
  return { kind: 'reviewer', address, at };
}

describe('what a viewer sees of a finding', () => {
  const figure = [aFinding('release', 'equals the embargoed figure')];
  const records = [aFinding('dataset', 'matches the sketch')];
  it.each<[string, readonly Finding[], Viewer, EmbargoEntry, boolean, boolean]>([
    ['the sender: their own words, no insight', figure, { kind: 'sender' }, release, true, false],
    ['the owner of the machine: all', figure, { kind: 'owner' }, release, true, true],
    ['a reviewer with access that is open: all', figure, reviewer('analyst@department.example'), release, true, true],
    [
      'a reviewer whose access is not open yet: neither',
      figure,
      reviewer('analyst@department.example', OPENS - 1),
      release,
      false,
      false,
    ],
    ['a custodian: all, at any time', figure, reviewer('a@statistics.example', OPENS - 1), release, true, true],
    ['a reviewer without access: neither', figure, reviewer('x@department.example'), release, false, false],
    ['a machine: neither', figure, reviewer(null), release, false, false],
    [
      'a reviewer without access, at the lift: all',
      figure,
      reviewer('x@department.example', UNTIL),
      release,
      true,
      true,
    ],
    [
      'a reviewer without access, after a postponed lift: neither',
      figure,
      reviewer('x@department.example', UNTIL),
      { ...release, status: 'postponed' },
      false,
      false,
    ],
    [
      'a reviewer without access, of a cancelled release: neither',
      figure,
      reviewer('x@department.example', UNTIL),
      { ...release, status: 'cancelled' },
      false,
      false,
    ],
    [
      'a reviewer without access, of one published early: all',
      figure,
      reviewer('x@department.example'),
      { ...release, status: 'published' },
      true,
      true,
    ],
    ['the owner of a dataset: all', records, reviewer('core.team@department.example'), release, true, true],
    ['an allowed recipient of a dataset: all', records, reviewer('analyst@department.example'), release, true, true],
    [
      'a reviewer without access to a dataset: neither, even years later',
      records,
      reviewer('x@department.example', UNTIL + 1e12),
      release,
      false,
      false,
    ],
    [
      'any reviewer, of an entry that is no longer registered: neither',
      [aFinding('gone', 'note')],
      reviewer('a@statistics.example'),
      release,
      false,
      false,
    ],
    ['any reviewer, where no entry is concerned: all', [aFinding(null, 'note')], reviewer(null), release, true, true],
  ])('%s', (_what, findings, viewer, entry, span, insight) => {
    const [seen] = view(findings, viewer, entry);
    expect(seen?.span !== null).toBe(span);
    expect(seen?.insight !== undefined).toBe(insight);
  });

  it('is the same for the sender, whether the figure is the embargoed one or not (promise 4)', () => {
    const sender: Viewer = { kind: 'sender' };
    expect(JSON.stringify(view(figure, sender))).toBe(JSON.stringify(view([aFinding('release')], sender)));
  });

  it('never has the weight that the policy reads', () => {
    for (const viewer of [{ kind: 'sender' }, { kind: 'owner' }, reviewer('a@statistics.example')] as const)
      expect(view(figure, viewer)[0]).not.toHaveProperty('weight');
  });
});
