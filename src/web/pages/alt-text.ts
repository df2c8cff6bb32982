import type { DraftInput } from '../../service/service.ts';

/**
 * The words that stand in for pictures, as parts of the draft of their own: they are published with it, and read aloud.
 *
 * One line of `alt` a file, in the files' order; a line without a file is judged all the same.
 */
export function describePictures(
  files: readonly { readonly name: string }[],
  alt: string,
): readonly DraftInput['attachments'][number][] {
  return alt.split('\n').flatMap((line, index) => {
    const words = line.trim();
    if (words === '') return [];
    const of = files[index]?.name || `picture ${index + 1}`;
    return [
      { name: `Description of ${of}.txt`, type: 'text/plain', content: new Uint8Array(Buffer.from(words, 'utf8')) },
    ];
  });
}
