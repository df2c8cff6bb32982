import { rules } from '../../test/words/judge-words.ts';
import { readPassage } from './passage.ts';
import { saidBefore } from './said-before.ts';
import { vocabularyOf } from './vocabulary.ts';

const read = (text: string, role: 'body' | 'subject' = 'body') => readPassage('text', role, text, vocabularyOf(rules));

/** What was said before the last sentence of a text, each by its first word. */
function before(text: string, subject?: string): readonly string[] {
  const passage = read(text);
  const said = saidBefore(
    passage,
    passage.sentences.length - 1,
    subject === undefined ? null : read(subject, 'subject'),
  );
  return said.map(({ tokens, sentence }) => tokens[sentence.from]?.text ?? '');
}

const LONG = `Then ${'word '.repeat(60)}went on.`;

it.each([
  ['nothing before the first sentence', 'Rents are up.', undefined, []],
  [
    'the sentences before it, the nearest first',
    'Notes from Wellington. Jobs are down. Rents are up.',
    undefined,
    ['jobs', 'notes'],
  ],
  ['the subject line last', 'Jobs are down. Rents are up.', 'Wellington call', ['jobs', 'wellington']],
  [
    'the first sentence of a text that has gone on for long',
    `Notes. ${LONG} ${LONG} Rents are up.`,
    'Call',
    ['then', 'notes'],
  ],
])('gives %s', (_what, text, subject, expected) => {
  expect(before(text, subject)).toEqual(expected);
});

it('is bounded, however many sentences stand before', () => {
  expect(before(`${'Yes. '.repeat(500)}Rents are up.`).length).toBeLessThanOrEqual(13);
});
