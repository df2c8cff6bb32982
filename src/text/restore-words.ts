import type { Misspellings } from './misspelling.ts';
import type { Token } from './tokenise.ts';

/** Shortest run of single letters that is read as a spaced-out word. */
const SHORTEST_SPACED = 3;

const LONGEST_RUN = 60;

const DISGUISED = /[0-9@$]/;

const LEET: Readonly<Record<string, readonly string[]>> = {
  '0': ['o'],
  '1': ['i', 'l'],
  '3': ['e'],
  '4': ['a'],
  '5': ['s'],
  '7': ['t'],
  '8': ['b'],
  '9': ['g'],
  '@': ['a'],
  $: ['s'],
};

/**
 * Undoes what hides a word from a phrase: spaced letters, digits for letters, a word parted by a line wrap or hyphen, a run-together hashtag,
 * a slip of the keys.
 *
 * Only words of the vocabulary are restored, so ordinary text stays as it is.
 */
export function restoreWords(
  tokens: readonly Token[],
  vocabulary: ReadonlySet<string>,
  misspellings: Misspellings | null = null,
): readonly Token[] {
  const restored: Token[] = [];
  let at = 0;
  // A run that spelled nothing is not tried again from its middle.
  let spelled = 0;
  while (at < tokens.length) {
    const token = tokens[at] as Token;
    const next = tokens[at + 1];
    const run = at >= spelled && token.text.length === 1 ? spacedRun(tokens, at) : 0;
    spelled = Math.max(spelled, at + run);
    const joined = run > 0 ? segment(tokens.slice(at, at + run), vocabulary) : null;
    if (joined !== null) {
      restored.push(...joined);
      at += run;
    } else if (next?.text === '-' && next.glued && token.kind === 'word') {
      const after = tokens[at + 2];
      const whole = after?.kind === 'word' ? token.text + after.text : '';
      if (after !== undefined && vocabulary.has(whole) && !(vocabulary.has(token.text) && vocabulary.has(after.text))) {
        restored.push({ ...token, text: whole, end: after.end });
        at += 3;
      } else {
        restored.push(token);
        at += 1;
      }
    } else if (token.kind === 'number' && next?.kind === 'word' && next.glued && /^[0-9]$/.test(token.text)) {
      const whole = plainWord(token.text + next.text, vocabulary);
      if (whole !== null) restored.push({ ...token, kind: 'word', text: whole, end: next.end });
      else restored.push(token, next);
      at += 2;
    } else if (token.kind === 'word' && !vocabulary.has(token.text)) {
      restored.push(...restoreOne(token, tokens[at - 1], vocabulary, misspellings));
      at += 1;
    } else {
      restored.push(token);
      at += 1;
    }
  }
  return restored;
}

function restoreOne(
  token: Token,
  before: Token | undefined,
  vocabulary: ReadonlySet<string>,
  misspellings: Misspellings | null,
): readonly Token[] {
  if (DISGUISED.test(token.text)) {
    const plain = plainWord(token.text, vocabulary);
    return [plain === null ? token : { ...token, text: plain }];
  }
  if (before?.text === '#' && token.glued) return segmentLetters(token.text, [token], vocabulary) ?? [token];
  const meant = misspellings?.meant(token.text) ?? null;
  return [meant === null ? token : { ...token, text: meant }];
}

/** The vocabulary word that a word with digits for letters stands for. */
function plainWord(word: string, vocabulary: ReadonlySet<string>): string | null {
  if (word.length > 24 || isMostlyDigits(word)) return null;
  let readings = [''];
  for (const character of word) {
    const letters = LEET[character] ?? [character];
    readings = readings.flatMap((reading) => letters.map((letter) => reading + letter));
    if (readings.length > 16) return null;
  }
  return readings.find((reading) => reading.length > 3 && vocabulary.has(reading)) ?? null;
}

/** Dates, identifiers and boundaries: who hides a word leaves most of its letters. */
function isMostlyDigits(word: string): boolean {
  let digits = 0;
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    if (code >= 48 && code <= 57) digits += 1;
  }
  return digits * 2 > word.length || digits === word.length;
}

/** How many tokens from here on are single characters parted by blanks or one kind of mark. */
function spacedRun(tokens: readonly Token[], from: number): number {
  let at = from;
  let letters = 0;
  while (at - from < LONGEST_RUN) {
    const token = tokens[at];
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'number') || token.text.length !== 1) break;
    letters += 1;
    at += 1;
    const mark = tokens[at];
    const parts = mark !== undefined && (mark.kind === 'mark' || mark.kind === 'end') && '.-*_·'.includes(mark.text);
    if (parts && mark.glued && tokens[at + 1]?.text.length === 1) at += 1;
  }
  return letters >= SHORTEST_SPACED ? at - from : 0;
}

function segment(run: readonly Token[], vocabulary: ReadonlySet<string>): readonly Token[] | null {
  const letters = run.filter((token) => token.kind === 'word' || token.kind === 'number');
  return segmentLetters(letters.map((token) => token.text).join(''), letters, vocabulary);
}

/** The letters as words of the vocabulary, fewest words first; null where they are none. */
function segmentLetters(
  letters: string,
  from: readonly Token[],
  vocabulary: ReadonlySet<string>,
): readonly Token[] | null {
  const plain = letters.replace(/[0-9]/g, (digit) => LEET[digit]?.[0] ?? digit).slice(0, LONGEST_RUN);
  const best: (readonly string[] | null)[] = [[]];
  for (let end = 1; end <= plain.length; end += 1) {
    best[end] = null;
    for (let start = Math.max(0, end - 20); start < end; start += 1) {
      const before = best[start];
      const word = plain.slice(start, end);
      if (before === null || before === undefined || word.length < 2 || !vocabulary.has(word)) continue;
      if (best[end] === null || before.length + 1 < (best[end]?.length ?? 99)) best[end] = [...before, word];
    }
  }
  const words = best[plain.length];
  if (words === null || words === undefined || words.length === 0 || letters.length > LONGEST_RUN) return null;
  if (words.every((word) => word.length < 4)) return null;
  const first = from[0] as Token;
  let at = 0;
  return words.map((text, index): Token => {
    const start = from.length === 1 ? first.start : (from[at]?.start ?? first.start);
    at += text.length;
    const end = from.length === 1 ? first.end : (from[at - 1]?.end ?? first.end);
    return { kind: 'word', text, start, end, glued: index === 0 ? first.glued : false };
  });
}
