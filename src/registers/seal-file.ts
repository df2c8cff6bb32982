import { isMap, isNode, isSeq, parseDocument } from 'yaml';
import { readYaml, type SourceFile } from '../text/read-yaml.ts';
import { EmbargoDocument, type FigureDocument } from './embargo-document.ts';
import type { KeyRing } from './keys.ts';
import { resealFigure, sealState } from './seal.ts';
import { type PasswordDocument, sealPassword } from './seal-password.ts';
import { SensitivityDocument } from './sensitivity-document.ts';

export interface SealedFile {
  readonly text: string;
  /** Figures and passwords that were in the clear, or sealed by an older key or scheme. */
  readonly sealed: number;
  /** Lines of the new text whose comment still writes one of the values. */
  readonly tellingLines: readonly number[];
}

/**
 * The text of an entry's file with its figures and passwords sealed by the ring's current key; all else stays as it was written, but
 * comments within and behind what is sealed go. For files that `parseRegisters` takes; what cannot be opened stays as it is.
 */
export function sealFile(source: SourceFile, ring: KeyRing): SealedFile {
  const { id, figures, passwords } = readEntry(source);
  const tree = parseDocument(source.text, { schema: 'core', stringKeys: true }).contents;
  const itemsOf = (key: string): readonly unknown[] => {
    const list = isMap(tree) ? tree.get(key, true) : null;
    return isSeq(list) ? list.items : [];
  };
  const edits = [
    ...figures.map((figure, index) => ({ node: itemsOf('figures')[index], text: newFigure(figure, id, ring) })),
    ...passwords.map((one, index) => ({ node: itemsOf('passwords')[index], text: newPassword(one, id, ring) })),
  ].flatMap(({ node, text }) => (text === null || !isNode(node) || !node.range ? [] : [{ range: node.range, text }]));
  let text = source.text;
  // From the last to the first, so that the places of those before stay true.
  for (const edit of edits.toSorted((a, b) => b.range[0] - a.range[0]))
    text = `${text.slice(0, edit.range[0])}${edit.text}${withoutComment(text.slice(edit.range[1]))}`;
  return { text, sealed: edits.length, tellingLines: linesThatTell(text, figures) };
}

interface Secrets {
  readonly id: string;
  readonly figures: readonly FigureDocument[];
  readonly passwords: readonly PasswordDocument[];
}

function readEntry(source: SourceFile): Secrets {
  const isEmbargo = source.path.startsWith('embargoes/');
  const read = isEmbargo ? readYaml(source, EmbargoDocument) : readYaml(source, SensitivityDocument);
  if (!read.ok) throw new Error('only a file that was read without fault can be sealed');
  const entry = read.value.value;
  const figures = 'subjects' in entry ? (entry.figures ?? []) : [];
  return { id: entry.id, figures, passwords: entry.passwords ?? [] };
}

/** The text that takes a figure's place; null where it can stay. JSON is YAML, and its quotes keep digests of digits from being numbers. */
function newFigure(figure: FigureDocument, entry: string, ring: KeyRing): string | null {
  const { measure, unit, sealed } = figure;
  const isSound = sealed?.key === ring.current.id && sealState(sealed, { entry, measure, unit }, ring) === 'sound';
  const made = isSound ? null : resealFigure(figure, entry, ring);
  return made === null ? null : `{ measure: ${measure}, unit: ${unit}, sealed: ${JSON.stringify(made.sealed)} }`;
}

function newPassword(password: PasswordDocument, entry: string, ring: KeyRing): string | null {
  if (typeof password !== 'string' && password.sealed.key === ring.current.id) return null;
  const made = sealPassword(password, entry, ring);
  return made === password || typeof made === 'string' ? null : `{ sealed: ${JSON.stringify(made.sealed)} }`;
}

/** A block item ends behind its line break, which stays. */
function withoutComment(rest: string): string {
  const body = rest.replace(/^([ \t]*,?)[ \t]*#[^\n]*/, '$1');
  return body === '' || /^[ \t]*[,\]\r\n]/.test(body) ? body : `\n${body}`;
}

function linesThatTell(text: string, figures: readonly FigureDocument[]): readonly number[] {
  const values = new Set(figures.flatMap(({ value }) => (value === undefined ? [] : [Math.abs(value)])));
  return text.split('\n').flatMap((line, index) => {
    const comment = /(?:^|\s)#(.*)$/.exec(line)?.[1] ?? '';
    const numbers = comment.match(/\d[\d,]*(?:\.\d+)?/g) ?? [];
    return numbers.some((number) => values.has(Number(number.replaceAll(',', '')))) ? [index + 1] : [];
  });
}
