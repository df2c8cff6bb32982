import { type NumberInText, readNumbers } from '../text/read-numbers.ts';
import type { Token } from '../text/tokenise.ts';
import type { Reading } from './claims.ts';
import type { Tie } from './figure.ts';
import type { Mention } from './mentions.ts';

/** Rows below a header that are read under it. */
const HEADER_REACH = 200;

/** A bare whole number in a table is a figure from here on. */
const LEAST_COUNT = 1000;

/** A label cell has few words beside the measure's name; a sentence in a cell is no label. */
const LONGEST_LABEL = 14;

/** Numbers of a table and the measure in the label of their row or the head of their column. */
export function tableTies(tokens: readonly Token[], readings: readonly Reading[]): readonly Tie[] {
  const ties: Tie[] = [];
  let header: { readonly mentions: ReadonlyMap<number, Mention>; readonly row: number } | null = null;
  readings.forEach((reading, row) => {
    const { from, to } = reading.sentence;
    const numbers = readNumbers(tokens, from, to).filter((number) => number.sort !== 'label');
    const labels = reading.mentions.filter((mention) => mention.subject !== null && isLabel(tokens, mention, reading));
    if (numbers.length === 0) {
      const heads = labels
        .filter((mention) => mention.clear)
        .map((mention) => [columnOf(tokens, from, mention.from), mention] as const);
      if (heads.length > 0) header = { mentions: new Map(heads), row };
      return;
    }
    for (const number of numbers) {
      const column = columnOf(tokens, from, number.from);
      const label =
        labels.find((mention) => columnOf(tokens, from, mention.from) !== column && isCell(number, mention)) ??
        labels.find((mention) => isCell(number, mention));
      const above = header !== null && row - header.row <= HEADER_REACH ? header.mentions.get(column) : undefined;
      const mention = label ?? (above !== undefined && isCell(number, above) ? above : undefined);
      if (mention !== undefined) ties.push({ mention, number, range: number, reading });
    }
  });
  return ties;
}

function columnOf(tokens: readonly Token[], from: number, at: number): number {
  let column = 0;
  for (let index = from; index < at; index += 1) if (tokens[index]?.kind === 'cell') column += 1;
  return column;
}

function isLabel(tokens: readonly Token[], mention: Mention, reading: Reading): boolean {
  let from = mention.from;
  let to = mention.to;
  while (from > reading.sentence.from && tokens[from - 1]?.kind !== 'cell') from -= 1;
  while (to < reading.sentence.to && tokens[to]?.kind !== 'cell') to += 1;
  return to - from <= LONGEST_LABEL + (mention.to - mention.from);
}

function isCell(number: NumberInText, mention: Mention): boolean {
  if (number.sort === 'measured') return true;
  if (number.decimals === 0) return number.value >= LEAST_COUNT && mention.clear;
  const usual = mention.measure?.usual;
  return mention.clear && (usual === undefined || (number.value >= usual.from && number.value <= usual.to));
}
