import type { Token } from '../text/tokenise.ts';
import type { Range } from './range.ts';

/** Whether words are part of a name in a program ("NO_OUTPUT_SYNC", "output("); those of a hashtag ("#uk_jobs") are not. */
export function isProgramName(tokens: readonly Token[], { from, to }: Range): boolean {
  const [first, last, next] = [tokens[from], tokens[to], tokens[to + 1]];
  if (
    last?.glued === true &&
    (last.text === '(' || (last.text === '_' && next?.glued === true && next.kind === 'word'))
  )
    return !isTagged(tokens, from);
  return (
    first?.glued === true &&
    tokens[from - 1]?.text === '_' &&
    tokens[from - 2]?.kind === 'word' &&
    !isTagged(tokens, from)
  );
}

function isTagged(tokens: readonly Token[], from: number): boolean {
  let at = from;
  while (at > 0 && tokens[at]?.glued === true) at -= 1;
  return tokens[at]?.text === '#';
}
