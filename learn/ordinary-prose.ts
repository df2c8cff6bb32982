import { globSync, readFileSync } from 'node:fs';
import type { Taught } from './taught-sentences.ts';

/** So many sentences show what English is that is not about statistics. */
const MOST = 6_000;

/**
 * Sentences of the documents of packages (`*.md`): ordinary written English, none of which says anything of a country's figures.
 *
 * The same folder gives the same sentences; of more than enough, every so-manieth in order.
 */
export function readOrdinaryProse(folder: string): readonly Taught[] {
  const all = new Set<string>();
  for (const file of globSync('**/*.md', { cwd: folder }).toSorted())
    for (const paragraph of withoutCode(readFileSync(`${folder}/${file}`, 'utf8')).split(/\n\s*\n/))
      for (const sentence of paragraph
        .replace(/\s+/g, ' ')
        .trim()
        .split(/(?<=[.!?]) /))
        if (isSentence(sentence)) all.add(sentence);
  const sentences = [...all].toSorted();
  const step = Math.max(1, sentences.length / MOST);
  return Array.from({ length: Math.min(MOST, sentences.length) }, (_, index) => ({
    text: sentences[Math.floor(index * step)] as string,
    indicates: false,
    subject: null,
    weight: 1,
  }));
}

function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```/g, '');
}

function isSentence(text: string): boolean {
  return text.length > 40 && text.length < 260 && /^[A-Z].*[.!?]$/.test(text) && !/\||\]\(|<\w/.test(text);
}
