import type { EmbargoEntry } from '../core/entry.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { Subject } from '../rules/subject.ts';
import { expandPattern } from '../text/pattern.ts';
import type { DetectContext } from './detector.ts';

const compiled = new WeakMap<Subject, RegExp>();
const texts = new WeakMap<OpenedMessage, string>();

/**
 * The open entries that a message bearing a pre-release marking is about: those whose title, page or subject it names; where it
 * names none, those whose pre-release access is live between its parties' organisations.
 */
export function concernedEntries(message: OpenedMessage, context: DetectContext): readonly EmbargoEntry[] {
  const named = context.open.filter((entry) => namesEntry(message, entry, context.rules.subjects));
  if (named.length > 0) return named;
  return context.open.filter((entry) => entry.preRelease !== null && context.effectiveAt >= entry.preRelease.opens);
}

/** Whether a message names an entry: by its title without the period, its page, or a name of one of its subjects. */
export function namesEntry(message: OpenedMessage, entry: EmbargoEntry, subjects: readonly Subject[]): boolean {
  const text = foldedText(message);
  const title = fold(entry.title.replace(/[,:(].*$/, ''));
  if (title.length >= 6 && text.includes(title)) return true;
  if (entry.page !== null && text.includes(fold(entry.page))) return true;
  return subjects.some((subject) => entry.subjects.includes(subject.id) && namesOf(subject).test(text));
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

function namesOf(subject: Subject): RegExp {
  const known = compiled.get(subject);
  if (known !== undefined) return known;
  const phrases = subject.terms
    .flatMap((term) => expandPattern(term))
    .filter((words) => words.every((word) => /^[\p{L}\p{N}'-]+$/u.test(word)))
    .map((words) => words.join(' '));
  const made = new RegExp(
    phrases.length === 0 ? '(?!)' : `(?<![\\p{L}\\p{N}])(?:${phrases.join('|')})(?![\\p{L}\\p{N}])`,
    'u',
  );
  compiled.set(subject, made);
  return made;
}

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}'.:/]+/gu, ' ')
    .trim();
}
