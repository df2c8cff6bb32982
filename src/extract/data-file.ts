import type { ExtractContext, Piece } from './extractor.ts';
import type { LabelSet } from './label-set.ts';
import { TableBuilder } from './table-builder.ts';

/** A column of a statistical file. */
export interface DataColumn {
  readonly name: string;
  readonly label: string;
}

/** What a statistical file says beside its rows: labels of columns and values, notes. */
export interface DataWords {
  readonly title: string;
  readonly columns: readonly DataColumn[];
  /** `value = label`, by column or by the name of the set. */
  readonly valueLabels: readonly LabelSet[];
  /** The labels that apply to each column, in its order; null for none. */
  readonly columnLabels?: readonly (ReadonlyMap<string, string> | null)[];
  readonly notes: readonly string[];
}

/** Rows shown a second time with their values' labels, as the programs show them. */
const LABELLED_ROWS = 50;

/** The pieces of a statistical file: its table, names as the first row, and its labels as text. */
export function* dataPieces(
  words: DataWords,
  rows: Iterable<readonly string[]>,
  name: string,
  step: string | null,
  context: ExtractContext,
): Iterable<Piece> {
  const builder = new TableBuilder(name, context.everyCell);
  builder.addRow(words.columns.map((column) => column.name));
  const labelled = words.columnLabels?.some((one) => one !== null) === true ? words.columnLabels : null;
  const firstLabelled: string[] = [];
  let count = 0;
  let fault: unknown = null;
  try {
    for (const row of rows) {
      builder.addRow(row);
      if (labelled !== null && count < LABELLED_ROWS)
        firstLabelled.push(row.map((cell, at) => labelled[at]?.get(cell) ?? cell).join('\t'));
      count += 1;
      if ((count & 1023) === 0) context.budget.checkTime();
    }
  } catch (error) {
    fault = error;
  }
  yield { kind: 'table', step, ...builder.finish(false) };
  const labels = [
    ...(words.title === '' ? [] : [words.title]),
    ...words.columns.filter((column) => column.label !== '').map((column) => `${column.name}: ${column.label}`),
    ...words.valueLabels.flatMap((set) => set.labels.map(([value, label]) => `${set.of} ${value} = ${label}`)),
  ];
  const below = (last: string): string => (step === null ? last : `${step} › ${last}`);
  if (labels.length > 0) yield { kind: 'text', step: below('labels'), role: 'metadata', text: labels.join('\n') };
  if (firstLabelled.length > 0)
    yield { kind: 'text', step: below('first rows'), role: 'metadata', text: firstLabelled.join('\n') };
  if (words.notes.length > 0)
    yield { kind: 'text', step: below('notes'), role: 'document', text: words.notes.join('\n') };
  if (fault !== null) throw fault;
}

const DAY = 86_400_000;

/** A day or an instant as ISO text; empty for what no calendar has. `milliseconds` since the Unix epoch. */
export function shownTime(milliseconds: number, withTime: boolean): string {
  if (!Number.isFinite(milliseconds) || Math.abs(milliseconds) > 8.64e15) return '';
  const iso = new Date(milliseconds).toISOString();
  return withTime && milliseconds % DAY !== 0 ? iso.slice(0, 19).replace('T', ' ') : iso.slice(0, 10);
}

/** A number as people write it: no more digits than it has, none of binary's tails. */
export function shownNumber(value: number): string {
  if (!Number.isFinite(value)) return '';
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(15)));
}

/** Seconds as a time of day or a duration: `1:01:01`. */
export function shownDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  const whole = Math.floor(Math.abs(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${seconds < 0 ? '-' : ''}${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
