import type { OpenedMessage } from '../core/part.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { readMessage } from './read-message.ts';
import { vocabularyOf } from './vocabulary.ts';

const named = new WeakMap<OpenedMessage, ReadonlySet<string>>();

/** Ids of the subjects that a message names in words that cannot be taken for something else. */
export function namedSubjects(message: OpenedMessage, rules: CompiledRules): ReadonlySet<string> {
  const known = named.get(message);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (const { sentences } of readMessage(message, vocabularyOf(rules)))
    for (const sentence of sentences)
      for (const { value } of sentence.found) if (value.kind === 'subject' && value.clear) found.add(value.subject.id);
  named.set(message, found);
  return found;
}
