import type { Instant } from '../../core/entry.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { MessageView } from '../../service/service.ts';
import { groupReasons } from '../pages/reasons.ts';
import { adviseOnDraft, incompleteWords } from '../pages/wording.ts';

/** A judged draft in words, for places that have no page of ours. Made of the sender's view alone. */
export interface CheckAnswer {
  readonly verdict: Verdict;
  readonly heading: string;
  readonly next: string;
  readonly sayInstead: string | null;
  /** ISO 8601; null where no lift ends it. */
  readonly holdUntil: string | null;
  readonly reasons: readonly {
    readonly summary: string;
    /** Offsets in UTF-16 units. */
    readonly spans: readonly { readonly start: number; readonly end: number }[];
  }[];
}

/** What a place outside our pages is told. A draft without a verdict is not to go. */
export function presentCheck(view: MessageView, publishAt: Instant | null, now: Instant): CheckAnswer {
  const { heading, next, sayInstead } = adviseOnDraft(view, publishAt, now);
  return {
    verdict: view.verdict ?? 'hold',
    heading,
    next,
    sayInstead,
    holdUntil: view.holdUntil === null ? null : new Date(view.holdUntil).toISOString(),
    reasons: [
      ...groupReasons(view.findings).map(({ summary, spans }) => ({ summary, spans })),
      ...view.incomplete.map(({ path, reason }) => ({ summary: `${path} ${incompleteWords(reason)}.`, spans: [] })),
    ],
  };
}

const SIGNS: Readonly<Record<Verdict, string>> = { pass: '✓', flag: '!', hold: '✕' };
const REASONS_TOLD = 5;

/** The same as lines of plain text, for a chat. */
export function sayCheck(answer: CheckAnswer): string {
  const told = answer.reasons.slice(0, REASONS_TOLD).map(({ summary }) => `• ${summary}`);
  const more = answer.reasons.length - told.length;
  return [
    `${SIGNS[answer.verdict]} ${answer.heading}`,
    answer.next,
    ...(told.length === 0 ? [] : ['', ...told]),
    ...(more > 0 ? [`• and ${more} more`] : []),
    ...(answer.sayInstead === null ? [] : ['', `What you can say now: ${answer.sayInstead}`]),
  ].join('\n');
}
