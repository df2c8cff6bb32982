import type { OpenedMessage, TextRole } from '../core/part.ts';
import { type Passage, readPassage } from './passage.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Role a part's path ends in for the older mail below a reply is its own; order of reading: the subject line first. */
const FIRST: TextRole = 'subject';

const read = new WeakMap<OpenedMessage, { readonly vocabulary: Vocabulary; readonly passages: readonly Passage[] }>();

/** Every text of a message, read once for all detectors; the subject line first, since the body speaks of it. */
export function readMessage(message: OpenedMessage, vocabulary: Vocabulary): readonly Passage[] {
  const before = read.get(message);
  if (before?.vocabulary === vocabulary) return before.passages;
  const texts = message.parts.flatMap(({ path, content }) => {
    if (content.kind === 'text') return [{ path, role: content.role, text: content.text }];
    return content.kind === 'table' ? [{ path, role: 'table' as const, text: content.text }] : [];
  });
  const ordered = [...texts.filter(({ role }) => role === FIRST), ...texts.filter(({ role }) => role !== FIRST)];
  const passages = ordered.map(({ path, role, text }) => readPassage(path, role, text, vocabulary));
  read.set(message, { vocabulary, passages });
  return passages;
}
