import type { OpenedMessage } from '../core/part.ts';

/** The nearest mails of a thread are named last (RFC 5322, section 3.6.4). */
const MOST_IDS = 20;

const ID = /<[^<>\s]{1,990}>/g;
const REFERENCES = /^references[ \t]*:(.{0,20000})$/im;

/** The `Message-ID`s of the mails that a mail says it answers, the nearest first; empty for any other message. */
export function threadIds({ headers, parts }: OpenedMessage): readonly string[] {
  if (headers === null) return [];
  const fields = parts.find(({ path }) => path === 'headers' || path.endsWith(' › headers'))?.content;
  const references = fields?.kind === 'text' ? (REFERENCES.exec(fields.text)?.[1] ?? '') : '';
  const named = [...(references.match(ID) ?? []), ...((headers.inReplyTo ?? '').match(ID) ?? [])];
  return [...new Set(named.reverse())].slice(0, MOST_IDS);
}
