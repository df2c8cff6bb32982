import type { MessageView } from '../../service/service.ts';
import { adviseOnDraft } from './wording.ts';

const LIFT = Date.parse('2016-01-20T09:30:00Z');
const NOW = Date.parse('2016-01-20T09:22:00Z');

const held = (waitsFor: readonly string[]): MessageView => ({
  id: '',
  kind: 'draft',
  state: 'held',
  verdict: 'hold',
  holdUntil: LIFT,
  effectiveAt: NOW,
  receivedAt: NOW,
  envelope: { from: 'press@department.example', to: [] },
  messageId: null,
  subject: null,
  findings: [],
  incomplete: [],
  waitsFor,
  mayReveal: false,
});

it.each([
  ['one release by its name', ['Labour market overview'], '“Labour market overview” is published at 9:30am'],
  ['several without', ['Labour market overview', 'Earnings'], 'New statistics are published at 9:30am'],
  ['none without', [], 'New statistics are published at 9:30am'],
])('what can be said now names %s', (_, waitsFor, words) => {
  expect(adviseOnDraft(held(waitsFor), null, NOW).sayInstead).toContain(words);
});
