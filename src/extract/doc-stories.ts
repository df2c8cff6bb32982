import { Unreadable } from './unreadable.ts';
import { readWordCharacters } from './word-characters.ts';

/** The stories of a document, in the order their text stands in it ([MS-DOC] 2.4.1). */
export const DOC_STORIES = [
  'text',
  'footnotes',
  'headers',
  'macros',
  'comments',
  'endnotes',
  'text boxes',
  'header text boxes',
] as const;

export interface DocStory {
  readonly story: (typeof DOC_STORIES)[number] | 'fields' | 'people and bookmarks';
  readonly text: string;
}

/** The piece table, behind the property modifiers that quick saves leave before it. */
export function findPieces(clx: Buffer): Buffer {
  let at = 0;
  while (at < clx.length && clx[at] === 1) at += 3 + clx.readUInt16LE(at + 1);
  if (clx[at] !== 2) throw new Unreadable('corrupt', 'the document has no piece table');
  const size = clx.readUInt32LE(at + 1);
  return clx.subarray(at + 5, at + 5 + size);
}

/** Cuts the text of all stories at their lengths; what fields are made of is a story of its own. */
export function splitStories(whole: string, lengths: readonly number[]): DocStory[] {
  const found: DocStory[] = [];
  const fields = new Set<string>();
  let at = 0;
  const add = (story: DocStory['story'], raw: string): void => {
    const words = readWordCharacters(raw);
    for (const field of words.fields) fields.add(field);
    if (words.text.trim() !== '') found.push({ story, text: words.text });
  };
  for (const [index, story] of DOC_STORIES.entries()) {
    const length = lengths[index] ?? 0;
    add(story, whole.slice(at, at + length));
    at += length;
  }
  add('text', whole.slice(at));
  if (fields.size > 0) found.push({ story: 'fields', text: [...fields].join('\n') });
  return found;
}
