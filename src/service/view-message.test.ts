import type { EmbargoEntry, Registers } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import { may } from './authorise.ts';
import type { Caller, Role } from './ports.ts';
import type { KeptMessage } from './stores.ts';
import { viewerFor, viewMessage } from './view-message.ts';

// Every field of a message against everybody who may look at it: what each sees, and what none of them does.

const NOW = Date.parse('2016-01-20T09:22:00Z');
const LIFT = Date.parse('2016-01-20T09:30:00Z');
const LISTED = 'analyst@department.example';

const entry: EmbargoEntry = {
  id: 'release',
  title: 'A release',
  producer: 'An office',
  series: null,
  page: null,
  subjects: ['labour-market'],
  from: NOW - 7 * 86_400_000,
  until: LIFT,
  zone: 'Europe/London',
  preRelease: { opens: NOW - 3_600_000, access: [{ email: LISTED, role: null, declared: null }] },
  custodians: ['*@statistics.example'],
  status: 'scheduled',
  figures: [{ measure: 'employment-rate', unit: 'percent', digests: ['0'.repeat(32)] }],
  public: [],
  quietUntil: null,
};
const registers: Registers = { embargoes: [entry], sensitivity: [] };

const finding: Finding = {
  detector: 'figure',
  rule: 'figure-of-measure',
  entry: 'release',
  path: 'body',
  span: { start: 4, end: 9 },
  severity: 'high',
  summary: 'States a figure.',
  insight: 'Equals the embargoed figure for employment-rate.',
  weight: 'embargoed',
};
const message: KeptMessage = {
  id: 'm-1',
  kind: 'email',
  state: 'held',
  receivedAt: NOW,
  publishAt: null,
  envelope: { from: 'press@department.example', to: ['desk@paper.example'] },
  messageId: '<1@department.example>',
  bytes: 1000,
  judgement: {
    verdict: 'hold',
    holdUntil: LIFT,
    effectiveAt: NOW,
    findings: [finding],
    incomplete: [{ path: 'a.zip', reason: 'encrypted' }],
  },
  rulesVersion: 'v',
  releaseAtLift: false,
  subject: 'Lines to take',
  name: 'message.eml',
  submittedBy: 'sender',
  hasContent: true,
};

const caller = (address: string | null, ...roles: readonly Role[]): Caller => ({ id: 'c', name: 'c', address, roles });

/** What of the fields that differ a caller sees: a letter each. */
function seenBy(who: Caller, at = NOW): string {
  const view = viewMessage(message, registers, viewerFor(who, at), may(who, 'review'));
  const [first] = view.findings;
  return [
    view.subject === null ? '' : 'subject',
    first?.span === null ? '' : 'span',
    first?.insight === undefined ? '' : 'insight',
    view.mayReveal ? 'reveal' : '',
  ]
    .filter((one) => one !== '')
    .join(' ');
}

describe('what a caller sees of a held message', () => {
  it.each<[string, Caller, number, string]>([
    ['its sender: their own words, and where', caller('press@department.example', 'submitter'), NOW, 'subject span'],
    ['its sender with access: no more', caller(LISTED, 'submitter'), NOW, 'subject span'],
    ['a reviewer without access: nothing of its content', caller('x@department.example', 'reviewer'), NOW, ''],
    ['a machine that reviews', caller(null, 'reviewer'), NOW, ''],
    ['a reviewer with access: all', caller(LISTED, 'reviewer'), NOW, 'subject span insight reveal'],
    ['a custodian who reviews: all', caller('a@statistics.example', 'reviewer'), NOW, 'subject span insight reveal'],
    ['a reviewer whose access is not open: nothing', caller(LISTED, 'reviewer'), NOW - 3_600_001, ''],
    [
      'a reviewer without access, at the lift: all',
      caller('x@department.example', 'reviewer'),
      LIFT,
      'subject span insight reveal',
    ],
    ['an auditor without access: nothing of its content', caller('x@department.example', 'auditor'), NOW, ''],
    [
      'an auditor with access: what it says, but not the content',
      caller(LISTED, 'auditor'),
      NOW,
      'subject span insight',
    ],
    ['an administrator without access', caller('x@department.example', 'admin'), NOW, ''],
    ['a reviewer who submits too: as a reviewer', caller('x@department.example', 'submitter', 'reviewer'), NOW, ''],
    // Registrars have no view of messages at all: the service refuses them; were one made, it would be the sender's.
    ['a registrar', caller(LISTED, 'registrar'), NOW, 'subject span'],
  ])('%s', (_who, who, at, seen) => {
    expect(seenBy(who, at)).toBe(seen);
  });

  it.each([
    ['sender', caller('press@department.example', 'submitter')],
    ['reviewer without access', caller('x@department.example', 'reviewer')],
    ['reviewer with access', caller(LISTED, 'reviewer')],
    ['auditor', caller(null, 'auditor')],
  ])('is otherwise the same, and never the weight or a digest: %s', (_who, who) => {
    const view = viewMessage(message, registers, viewerFor(who, NOW), may(who, 'review'));
    const { subject: _subject, findings, mayReveal: _mayReveal, ...rest } = view;
    expect(rest).toEqual({
      id: 'm-1',
      kind: 'email',
      state: 'held',
      verdict: 'hold',
      holdUntil: LIFT,
      effectiveAt: NOW,
      receivedAt: NOW,
      waitsFor: ['A release'],
      envelope: message.envelope,
      messageId: message.messageId,
      incomplete: [{ path: 'a.zip', reason: 'encrypted' }],
    });
    const { span: _span, insight: _insight, ...said } = findings[0] ?? { span: null };
    expect(said).toEqual({
      detector: 'figure',
      rule: 'figure-of-measure',
      entry: 'release',
      path: 'body',
      severity: 'high',
      summary: 'States a figure.',
    });
    expect(JSON.stringify(view)).not.toContain('00000000');
  });

  it('is as much for a sender whose figure is wrong as for one whose figure is right', () => {
    const wrong = {
      ...message,
      judgement: message.judgement && { ...message.judgement, findings: [{ ...finding, insight: '' }] },
    };
    const view = (one: KeptMessage) => JSON.stringify(viewMessage(one, registers, { kind: 'sender' }, false));
    expect(view(wrong)).toBe(view(message));
  });
});
