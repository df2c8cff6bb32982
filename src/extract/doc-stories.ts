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
  readonly story: (typeof DOC_STORIES)[number] | 'deleted text' | 'fields' | 'people and bookmarks';
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

/** What is shown before a letter and stands in no text: the number of a paragraph. */
export interface Insert {
  readonly at: number;
  readonly text: string;
}

/**
 * Cuts the text of all stories at their lengths. What fields are made of is a story of its own, and so is what was deleted,
 * which readers no longer see and whoever opens the file still can.
 */
export function splitStories(
  whole: string,
  lengths: readonly number[],
  deleted: readonly { readonly start: number; readonly end: number }[] = [],
  inserts: readonly Insert[] = [],
): DocStory[] {
  const waiting = inserts.toSorted((a, b) => a.at - b.at);
  let nextInsert = 0;
  /** A stretch of the text, with what is shown before some of its letters. */
  const stretch = (start: number, end: number): string => {
    let shown = '';
    let at = start;
    for (let one = waiting[nextInsert]; one !== undefined && one.at < end; one = waiting[nextInsert]) {
      nextInsert += 1;
      if (one.at < at) continue;
      shown += whole.slice(at, one.at) + one.text;
      at = one.at;
    }
    return shown + whole.slice(at, Math.max(at, end));
  };
  const found: DocStory[] = [];
  const fields = new Set<string>();
  const gone: string[] = [];
  const read = (raw: string): string => {
    const words = readWordCharacters(raw);
    for (const field of words.fields) fields.add(field);
    return words.text;
  };
  const add = (story: DocStory['story'], start: number, end: number): void => {
    let kept = '';
    let at = start;
    for (const cut of deleted) {
      if (cut.end <= at || cut.start >= end) continue;
      kept += stretch(at, Math.max(at, cut.start));
      gone.push(read(whole.slice(Math.max(at, cut.start), Math.min(cut.end, end))));
      at = Math.min(cut.end, end);
    }
    const text = read(kept + stretch(at, end));
    if (text.trim() !== '') found.push({ story, text });
  };
  let at = 0;
  for (const [index, story] of DOC_STORIES.entries()) {
    const end = Math.min(whole.length, at + (lengths[index] ?? 0));
    add(story, at, end);
    at = end;
  }
  add('text', at, whole.length);
  const lost = gone.filter((text) => text.trim() !== '').join('\n');
  if (lost !== '') found.push({ story: 'deleted text', text: lost });
  if (fields.size > 0) found.push({ story: 'fields', text: [...fields].join('\n') });
  return found;
}
