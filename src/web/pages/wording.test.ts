import type { MessageView } from '../../service/service.ts';
import { adviseOnDraft, verdictSentence } from './wording.ts';

const NOW = Date.parse('2016-01-20T09:15:00Z');
const LIFT = Date.parse('2016-01-20T09:30:00Z');

// Of a view the sentence reads these alone.
const held = (kind: MessageView['kind'], holdUntil: number | null) =>
  ({ kind, state: 'held', holdUntil, findings: [], incomplete: [{}] }) as unknown as MessageView;

describe('the sentence on a held message', () => {
  it.each([
    [
      'that nothing frees but a person',
      held('email', null),
      NOW,
      /^It waits for a reviewer.* not become safe by itself/,
    ],
    [
      'that an embargo alone holds',
      held('email', LIFT),
      NOW,
      /At 9:30am.* judged again, and goes if nothing else.*decide before/,
    ],
    ['of a draft', held('draft', LIFT), NOW, /At 9:30am.* judged again, and may be published if nothing else/],
    ['whose embargo has just ended', held('email', LIFT), LIFT, /embargo behind it ended at 9:30am.*judged again/],
  ] as const)('%s says what happens to it next', (_name, view, now, words) => {
    expect(verdictSentence(view, now)).toMatch(words);
  });
});

const awaiting = (waitsFor: readonly string[]): MessageView => ({
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
  expect(adviseOnDraft(awaiting(waitsFor), null, NOW).sayInstead).toContain(words);
});
