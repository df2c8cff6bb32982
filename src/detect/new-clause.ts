import type { Token } from '../text/tokenise.ts';
import type { Range } from './relations.ts';

/** Words with which a sentence turns to what is so: "economists expected a fall, but unemployment rose". */
const TURN = /^(?:but|yet|however|although|though|whereas|nevertheless|nonetheless|instead|anyway|;)$/;

/** Where another clause may begin. */
const BOUNDARY = /^(?:,|:|;|-|–|—|\(|\)|which)$/;

/** Words with which a clause is added to another that was said before it. */
const ADDED = /^(?:while|unlike|as|after|before|when|since|because|but|though|although|whereas)$/;

/** Finite verbs that state what has happened, or how it stands. */
const STATES =
  /^(?:is|are|was|were|has|have|had|isn't|aren't|wasn't|'s|fell|rose|dropped|grew|shrank|plunged|jumped|climbed|slipped|edged|increased|decreased|declined|contracted|slowed|eased|widened|narrowed|worsened|came|went|hit|reached|stood|surged|soared|tumbled|slumped|peaked|halved|doubled|picked|remained|stayed|held|beat|missed|topped|dipped|ticked|crept|sank|slid|recovered|rebounded|accelerated|moved|exceeded|broke|totalled)$/;

/** A verb after one of these states nothing: "would have fallen", "to be cut". */
const SUPPOSING = /^(?:will|would|could|might|may|should|must|can|shall|'ll|'d|to|if|whether|unless|were)$/;

/** Tokens around a claim in which its verb stands. */
const VERB_BEFORE = 4;

/** Whether the sentence turns between two places of it. */
export function hasTurn(tokens: readonly Token[], one: Range, at: number): boolean {
  return between(one, at).some((index) => TURN.test(tokens[index]?.text ?? ''));
}

/** Whether a place stands before another, in a clause of its own. */
export function standsBefore(tokens: readonly Token[], one: Range, at: number): boolean {
  if (at >= one.from) return false;
  return between(one, at).some((index) => {
    const text = tokens[index]?.text ?? '';
    return BOUNDARY.test(text) || ADDED.test(text);
  });
}

/**
 * Whether what stands at a place is said of a clause of its own, and as what has happened: "the aim is growth, and the economy grew",
 * where "the aim is that the economy grows" states nothing.
 */
export function isStatedApart(tokens: readonly Token[], one: Range, at: number): boolean {
  const boundary = between(one, at).findLast((index) => BOUNDARY.test(tokens[index]?.text ?? ''));
  if (boundary === undefined) return false;
  const first = Math.max(at - VERB_BEFORE, one.to <= at ? boundary + 1 : 0);
  let states = false;
  for (let index = first; index <= at; index += 1) {
    const text = tokens[index]?.text ?? '';
    if (SUPPOSING.test(text)) return false;
    states ||= STATES.test(text);
  }
  return states;
}

function between(one: Range, at: number): readonly number[] {
  const [from, to] = one.to <= at ? [one.to, at] : [at + 1, one.from];
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
