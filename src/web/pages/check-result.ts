import type { Instant } from '../../core/entry.ts';
import type { Incomplete } from '../../core/part.ts';
import type { MessageView, Service } from '../../service/service.ts';
import { highlight, type Segment } from './highlight.ts';
import { groupReasons, marksOf, type Reason } from './reasons.ts';
import { adviseOnDraft, type DraftAdvice } from './wording.ts';

/** The path that the draft's own words have among the parts; findings elsewhere are in an attachment. */
const DRAFT_TEXT = 'body';

/** A judged draft as its author reads it; made of the sender's view alone. */
export interface CheckResult {
  /** `waiting`: the words are fine, and the files are still to be opened. */
  readonly advice: Omit<DraftAdvice, 'tone'> & { readonly tone: DraftAdvice['tone'] | 'waiting' };
  /** Milliseconds to the lift; null where none is known, or the plan decides. */
  readonly liftIn: number | null;
  readonly plannedNote: string | null;
  readonly reasons: readonly (Reason & { readonly elsewhere: string | null; readonly marked: boolean })[];
  readonly incomplete: readonly Incomplete[];
  readonly segments: readonly Segment[];
  /** Places in the text, as offsets in UTF-16 units, for the script that marks them in the box itself. */
  readonly marks: string;
}

export interface Checked {
  readonly text: string;
  readonly publishAt: Instant | null;
  readonly plannedNote: string | null;
  /** Files that are not in this answer: still to be sent, or chosen before and not again. */
  readonly filesLeftOut: 'none' | 'waiting' | 'forgotten';
}

/** What to show of a judged draft. */
export function checkResult(view: MessageView, draft: Checked, clock: Service['clock']): CheckResult {
  const now = clock.now();
  const effectiveAt = Math.max(now, draft.publishAt ?? now);
  const grouped = groupReasons(view.findings);
  const marks = marksOf(grouped, DRAFT_TEXT);
  const advice = adviseOnDraft(view, draft.publishAt, now);
  return {
    advice: draft.filesLeftOut === 'none' || advice.tone === 'held' ? advice : LEFT_OUT[draft.filesLeftOut],
    // A fixed clock comes to no lift, and a draft planned for later is safe or not by its plan.
    liftIn: view.holdUntil === null || clock.fixed || effectiveAt > now ? null : view.holdUntil - now,
    plannedNote: draft.plannedNote,
    reasons: grouped.map((reason) => ({
      ...reason,
      elsewhere: reason.path === DRAFT_TEXT ? null : reason.path.replace(/^(Description of .+)\.txt$/, '$1'),
      marked: reason.path === DRAFT_TEXT && reason.spans.length > 0,
    })),
    incomplete: view.incomplete,
    segments: highlight(draft.text, marks),
    marks: JSON.stringify(marks.map(({ span }) => [span.start, span.end])),
  };
}

/** "You can publish this" must not stand there before the files were looked at. */
const LEFT_OUT = {
  waiting: {
    tone: 'waiting',
    heading: 'Your files are still to be opened',
    next: 'Nothing was found in the text. Do not publish before the files are checked too.',
    sayInstead: null,
  },
  forgotten: {
    tone: 'waiting',
    heading: 'Your files are not in this check',
    next: 'Nothing was found in the text. Your browser does not keep files: choose them again, or tick that the draft goes without them.',
    sayInstead: null,
  },
} as const;
