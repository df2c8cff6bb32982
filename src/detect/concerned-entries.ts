import type { EmbargoEntry } from '../core/entry.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { DetectContext } from './detector.ts';
import { namedSubjects } from './named-subjects.ts';

const texts = new WeakMap<OpenedMessage, string>();

/**
 * The open entries that a message bearing a pre-release marking is about: those whose title, page or subject it names; where it
 * names none, those whose pre-release access is live between its parties' organisations.
 */
export function concernedEntries(message: OpenedMessage, context: DetectContext): readonly EmbargoEntry[] {
  const named = context.open.filter((entry) => namesEntry(message, entry, context.rules));
  if (named.length > 0) return named;
  return context.open.filter((entry) => entry.preRelease !== null && context.effectiveAt >= entry.preRelease.opens);
}

/** Whether a message names an entry: by its title without the period, its page, or a name of one of its subjects. */
export function namesEntry(message: OpenedMessage, entry: EmbargoEntry, rules: CompiledRules): boolean {
  const text = foldedText(message);
  const title = fold(entry.title.replace(/[,:(].*$/, ''));
  if (title.length >= 6 && text.includes(title)) return true;
  if (entry.page !== null && text.includes(fold(entry.page))) return true;
  const subjects = namedSubjects(message, rules);
  return entry.subjects.some((subject) => subjects.has(subject));
}

function foldedText(message: OpenedMessage): string {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const text = fold(
    message.parts
      .flatMap(({ content }) =>
        content.kind === 'text' ? [content.text] : content.kind === 'table' ? [content.text.slice(0, 20_000)] : [],
      )
      .join('\n'),
  );
  texts.set(message, text);
  return text;
}

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}'.:/]+/gu, ' ')
    .trim();
}
