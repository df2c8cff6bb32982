import type { RtfTarget } from './rtf-words.ts';

/** More words than the name of any font or style. */
const SENTENCE = 6;
const MAX_KEPT = 8 * 1024 ** 2;

/**
 * Text that stands where a reader expects names of fonts, styles or colours, or digits of pictures: a group that damage left open
 * takes the words behind it for its own.
 */
export class RtfStray {
  private readonly runs: string[][] = [[]];
  private kept = 0;

  /** Text in a group of that kind. */
  add(target: RtfTarget, text: string): void {
    const isData = target === 'picture' || target === 'object';
    if ((!isData && target !== 'none' && target !== 'font') || this.kept > MAX_KEPT) return;
    // Digits are as a picture should be.
    if (isData && (/^[\da-f\s]*$/i.test(text) || !/\p{L}{3}/u.test(text))) return;
    this.kept += text.length;
    this.runs.at(-1)?.push(text);
  }

  /** A group begins or ends. */
  next(): void {
    if (this.runs.at(-1)?.length !== 0) this.runs.push([]);
  }

  /** The words found; where every group was closed, sentences and lines alone: the rest are names. */
  text(isWhole: boolean): string {
    return this.runs
      .map((run) => run.join('').trim())
      .filter((run) => wordCount(run) >= (isWhole && !run.includes('\n') && !isPhrase(run) ? SENTENCE : 2))
      .join('\n')
      .toWellFormed();
  }
}

/** Four words, two of them in small letters: names are written in capitals, nearly all. */
function isPhrase(run: string): boolean {
  return wordCount(run) >= 4 && (run.match(/(?<=\s)\p{Ll}{3,}/gu)?.length ?? 0) >= 2;
}

function wordCount(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]{2}/u.test(word)).length;
}
