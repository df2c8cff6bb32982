import type { Fault } from '../../core/result.ts';

/** Every notice there is, and the words that its template may put in: none of them ever comes from a message's content. */
export const NOTICE_WORDS = {
  'mail-held-until-lift': ['sent', 'recipients', 'lift', 'id'],
  'mail-held': ['sent', 'recipients', 'id'],
  'mail-released': ['sent', 'recipients', 'id'],
  'mail-rejected': ['sent', 'recipients', 'id'],
  'mail-expired': ['sent', 'recipients', 'id'],
  'draft-released': ['sent', 'link', 'id'],
  'draft-rejected': ['sent', 'link', 'id'],
  'draft-expired': ['sent', 'link', 'id'],
  'review-new': ['fresh', 'waiting', 'next-lift', 'link', 'wishes'],
  'review-digest': ['waiting', 'oldest', 'lifts', 'link', 'wishes'],
} as const;

export type NoticeName = keyof typeof NOTICE_WORDS;
export const NOTICE_NAMES = Object.keys(NOTICE_WORDS) as readonly NoticeName[];

/** What a template's words stand for; null leaves out the lines that have them. */
export type NoticeValues = Readonly<Record<string, string | null>>;

export interface NoticeTemplate {
  readonly subject: string;
  readonly lines: readonly string[];
}

export type NoticeTemplates = ReadonlyMap<NoticeName, NoticeTemplate>;

const WORD = /\{([^{}]*)\}/g;
const LONGEST_SUBJECT = 150;

/** A template: `Subject: ...`, an empty line, the text. Words in braces are put in when it is sent. */
export function parseNoticeTemplate(
  name: NoticeName,
  file: string,
  text: string,
): { readonly ok: true; readonly value: NoticeTemplate } | { readonly ok: false; readonly faults: readonly Fault[] } {
  const allowed: readonly string[] = NOTICE_WORDS[name];
  const lines = text.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n');
  const subject = /^Subject: (\S.*)$/.exec(lines[0] ?? '')?.[1];
  const fault = (line: number, message: string): Fault => ({ file, line, column: 1, key: null, message });
  const faults = lines.flatMap((line, index) => [
    ...[...line.matchAll(WORD)].flatMap(([, word = '']) =>
      allowed.includes(word)
        ? []
        : [fault(index + 1, `{${word}} is no word of this notice, it has {${allowed.join('}, {')}}`)],
    ),
    ...(/[{}]/.test(line.replaceAll(WORD, '')) ? [fault(index + 1, 'has a brace that is not closed or opened')] : []),
  ]);
  if (subject === undefined || subject.length > LONGEST_SUBJECT)
    faults.unshift(fault(1, 'begins with no subject, write a first line like "Subject: Your message waits"'));
  if (lines[1] !== '' || lines.slice(2).every((line) => line.trim() === ''))
    faults.push(fault(2, 'has no text, leave this line empty and write the text below it'));
  if (faults.length > 0 || subject === undefined) return { ok: false, faults };
  return { ok: true, value: { subject, lines: lines.slice(2) } };
}

/** A notice in words. A line with a word that has no value is left out. */
export function fillNotice(
  { subject, lines }: NoticeTemplate,
  values: NoticeValues,
): { readonly subject: string; readonly text: string } {
  const fill = (line: string) => line.replaceAll(WORD, (_all, word: string) => values[word] ?? '');
  const has = (line: string) => [...line.matchAll(WORD)].every(([, word = '']) => (values[word] ?? null) !== null);
  const kept = lines.filter(has).map(fill).join('\n');
  return { subject: fill(subject).replaceAll(/\s+/g, ' '), text: kept.replaceAll(/\n{3,}/g, '\n\n').trim() };
}
