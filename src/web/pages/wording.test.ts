import type { MessageView } from '../../service/service.ts';
import { verdictSentence } from './wording.ts';

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
