import { isMap, isNode, isSeq, parseDocument } from 'yaml';
import { readYaml, type SourceFile } from '../text/read-yaml.ts';
import { EmbargoDocument, type FigureDocument } from './embargo-document.ts';
import type { KeyRing } from './keys.ts';
import { resealFigure, sealState } from './seal.ts';

export interface SealedFile {
  readonly text: string;
  /** Figures that were in the clear, or sealed by an older key or scheme. */
  readonly sealed: number;
  /** Lines of the new text whose comment still writes one of the values. */
  readonly tellingLines: readonly number[];
}

/**
 * The text of an embargo entry's file with its figures sealed by the ring's current key; all else stays as it was written, but
 * comments within and behind a sealed figure go. For files that `parseRegisters` takes; what cannot be opened stays as it is.
 */
export function sealFile(source: SourceFile, ring: KeyRing): SealedFile {
  const read = readYaml(source, EmbargoDocument);
  if (!read.ok) throw new Error('only a file that was read without fault can be sealed');
  const { id, figures = [] } = read.value.value;
  const tree = parseDocument(source.text, { schema: 'core', stringKeys: true }).contents;
  const list = isMap(tree) ? tree.get('figures', true) : null;
  const nodes = isSeq(list) ? list.items : [];
  let text = source.text;
  let count = 0;
  // From the last to the first, so that the places of those before stay true.
  for (let index = figures.length - 1; index >= 0; index -= 1) {
    const figure = figures[index];
    const node: unknown = nodes[index];
    if (figure === undefined || isSound(figure, id, ring) || !isNode(node) || !node.range) continue;
    const sealed = resealFigure(figure, id, ring);
    if (sealed === null) continue;
    const [start, end] = node.range;
    text = `${text.slice(0, start)}${oneLine(sealed)}${withoutComment(text.slice(end))}`;
    count += 1;
  }
  return { text, sealed: count, tellingLines: linesThatTell(text, figures) };
}

function isSound({ measure, unit, sealed }: FigureDocument, entry: string, ring: KeyRing): boolean {
  if (sealed === undefined || sealed.key !== ring.current.id) return false;
  return sealState(sealed, { entry, measure, unit }, ring) === 'sound';
}

/** JSON is YAML, and its quotes keep digests of digits alone from being read as numbers. */
function oneLine({ measure, unit, sealed }: FigureDocument): string {
  return `{ measure: ${measure}, unit: ${unit}, sealed: ${JSON.stringify(sealed)} }`;
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
