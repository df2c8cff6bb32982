import type { EmbargoDocument } from '../registers/embargo-document.ts';

/**
 * An edited entry whose figures without a value are the sealed ones that the register has.
 *
 * Whoever edits an entry never gets its figures to send back; a figure that the register does not have stays without a
 * value, which the entry's own checks refuse.
 */
export function keepSealedFigures(edited: EmbargoDocument, kept: EmbargoDocument | undefined): EmbargoDocument {
  if (edited.figures === undefined) return edited;
  const left = [...(kept?.figures ?? [])];
  const figures = edited.figures.map((figure) => {
    if (figure.value !== undefined || figure.sealed !== undefined) return figure;
    const at = left.findIndex(({ measure, unit }) => measure === figure.measure && unit === figure.unit);
    return at < 0 ? figure : (left.splice(at, 1)[0] ?? figure);
  });
  return { ...edited, figures };
}
