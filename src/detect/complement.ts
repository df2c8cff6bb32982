import { DOCUMENT_NOUNS, STATISTICAL_NOUNS } from '../text/english.ts';
import type { Token } from '../text/tokenise.ts';
import type { Range } from './range.ts';

const LINKING =
  /^(?:is|are|was|were|be|been|'s|'re|isn't|aren't|wasn't|weren't|ain't|look|looks|looked|looking|seem|seems|seemed|sound|sounds|feel|feels|felt|read|reads|remain|remains|remained|prove|proves|proved|stay|stays|stayed|:|come|comes|came|coming|turn|turns|turned|go|goes|going|gone|went|get|gets|getting|got|become|became)$/;

/** What may stand between the verb and a cue: "are frankly not all that". */
const BEFORE_COMPLEMENT =
  /^(?:in|out|to|be|a|an|the|so|too|very|really|quite|rather|pretty|super|bit|little|touch|lot|far|much|all|that|not|n't|no|nothing|short|of|less|than|more|most|fairly|just|still|again|now|both|going|set|somewhat|well|dead|ever|even|yet|another|one|particularly|exactly|what|you|might|call|up|as|being|something|bloody|damn|proper)$/;

/** Whether the last verb before a cue is one of being or seeming. */
export function endsInLinkingVerb(tokens: readonly Token[], gap: Range, known: (at: number) => boolean): boolean {
  for (let at = gap.to - 1; at >= gap.from; at -= 1) {
    const text = tokens[at]?.text ?? '';
    if (LINKING.test(text)) return text !== ':' || at === gap.from;
    if (!BEFORE_COMPLEMENT.test(text) && !text.endsWith('ly') && !known(at)) return false;
  }
  return false;
}

/** Nouns of offices that are people who take figures well or badly, or what is written of the figures. */
const TAKERS =
  /^(?:ministers?|economists?|analysts?|experts?|department|directorate|lines?|questions|debate|interest|call|interviews?|policy|policies|strategy|work|offices?|committee|group|board|press_notice|notice|lead|leads|act)$/;

/** Whether papers, meetings or pages stand in a range: what is said is said of them. */
export function isOfPaper(tokens: readonly Token[], { from, to }: Range): boolean {
  for (let at = from; at < to; at += 1) {
    const token = tokens[at];
    if (token === undefined || token.kind === 'end' || token.kind === 'line' || token.kind === 'paragraph')
      return false;
    if (token.kind === 'cell') return true;
    if (DOCUMENT_NOUNS.has(token.text) && !STATISTICAL_NOUNS.has(token.text) && !TAKERS.test(token.text)) return true;
  }
  return false;
}
