import type { FigureDocument } from './embargo-document.ts';
import type { KeyRing } from './keys.ts';
import { resealFigure, sealState } from './seal.ts';
import { type PasswordDocument, sealPassword } from './seal-password.ts';

interface Sealable {
  readonly id: string;
  readonly figures?: readonly FigureDocument[] | undefined;
  readonly passwords?: readonly PasswordDocument[] | undefined;
}

export interface Resealed<D> {
  readonly document: D;
  /** Figures and passwords that the current key seals now, and did not before. */
  readonly changed: number;
  /** Measures whose figure no key of the ring opens; they stay as they are. */
  readonly stuck: readonly string[];
}

/**
 * An entry with every figure and password sealed by the ring's current key, made anew from the encrypted copy beside its digests. Only
 * whoever has the key it was sealed with can do so; the values are in memory for that moment.
 */
export function resealEntry<D extends Sealable>(document: D, ring: KeyRing): Resealed<D> {
  const stuck: string[] = [];
  let changed = 0;
  const figures = document.figures?.map((figure) => {
    const { sealed, measure, unit } = figure;
    const place = { entry: document.id, measure, unit };
    if (sealed?.key === ring.current.id && sealState(sealed, place, ring) === 'sound') return figure;
    const made = resealFigure(figure, document.id, ring);
    if (made === null) stuck.push(measure);
    else changed += 1;
    return made ?? figure;
  });
  const passwords = document.passwords?.map((password) => {
    if (typeof password !== 'string' && password.sealed.key === ring.current.id) return password;
    const made = sealPassword(password, document.id, ring);
    if (made === password) stuck.push('a password');
    else changed += 1;
    return made;
  });
  return {
    document: {
      ...document,
      ...(figures === undefined ? {} : { figures }),
      ...(passwords === undefined ? {} : { passwords }),
    },
    changed,
    stuck,
  };
}
