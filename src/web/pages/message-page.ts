import type { EmbargoEntry, Instant, Registers } from '../../core/entry.ts';
import type { DecisionAction } from '../../core/message.ts';
import type { OpenedMessage } from '../../core/part.ts';
import type { MessageView } from '../../service/service.ts';
import { groupRecipients } from './group-recipients.ts';
import { highlight, type Segment } from './highlight.ts';
import { partTree } from './part-tree.ts';
import { groupReasons, marksOf, type Reason } from './reasons.ts';
import { STATE_TAGS, verdictSentence } from './wording.ts';

/** More of one text than a person reads on a page; the marks of the rest stay in the list of reasons. */
const MAX_SHOWN_CHARACTERS = 200_000;
const MAX_SHOWN_TEXTS = 60;

export interface DecisionForm {
  readonly action: DecisionAction | null;
  readonly reason: string;
  readonly errors: Readonly<Partial<Record<'action' | 'reason', string>>>;
}

export const NO_DECISION: DecisionForm = { action: null, reason: '', errors: {} };

/** Everything the message page shows, from the caller's own view; `opened` only where its content was revealed to them. */
export function messagePageData(
  view: MessageView,
  registers: Registers | null,
  opened: OpenedMessage | null,
  now: Instant,
  decision: DecisionForm,
): Readonly<Record<string, unknown>> {
  const entries = entriesOf(view, registers);
  const reasons = groupReasons(view.findings);
  const texts = opened === null ? [] : shownTexts(reasons, opened);
  const shownPaths = texts.map(({ path }) => path);
  return {
    view,
    sentence: verdictSentence(view, now),
    state: STATE_TAGS[view.state],
    reasons: reasons.map((reason) => ({
      ...reason,
      title: titleOf(reason.entry, registers),
      marked: reason.spans.length > 0 && shownPaths.includes(reason.path),
    })),
    groups: groupRecipients(view.envelope.from, view.envelope.to, entries, view.effectiveAt ?? now),
    concerns: [...new Set(reasons.map(({ entry }) => titleOf(entry, registers) ?? entry))].filter(
      (one) => one !== null,
    ),
    parts: opened === null ? null : partTree(opened),
    texts,
    revealed: opened !== null,
    canDecide: view.state === 'held',
    canLift: view.holdUntil !== null,
    liftAhead: view.holdUntil !== null && view.holdUntil > now,
    decision,
  };
}

function entriesOf(view: MessageView, registers: Registers | null): readonly EmbargoEntry[] {
  const ids = new Set(view.findings.map(({ entry }) => entry));
  return registers?.embargoes.filter((entry) => ids.has(entry.id)) ?? [];
}

function titleOf(id: string | null, registers: Registers | null): string | null {
  const entries = [...(registers?.embargoes ?? []), ...(registers?.sensitivity ?? [])];
  return entries.find((entry) => entry.id === id)?.title ?? null;
}

interface ShownText {
  readonly path: string;
  readonly label: string;
  readonly segments: readonly Segment[];
  readonly cut: boolean;
}

/** The sender's own words first, and every other text that a reason points into. */
function shownTexts(reasons: readonly Reason[], opened: OpenedMessage): readonly ShownText[] {
  const pointed = new Set(reasons.map(({ path }) => path));
  return opened.parts
    .flatMap((part) => {
      if (part.content.kind !== 'text' && part.content.kind !== 'table') return [];
      const body = part.content.kind === 'text' && (part.content.role === 'body' || part.content.role === 'subject');
      if (!body && !pointed.has(part.path)) return [];
      const marks = marksOf(reasons, part.path);
      const furthest = Math.max(0, ...marks.map(({ span }) => span.end));
      const length = Math.min(part.content.text.length, Math.max(MAX_SHOWN_CHARACTERS, furthest));
      const text = part.content.text.slice(0, length);
      return [
        { path: part.path, label: part.path, segments: highlight(text, marks), cut: length < part.content.text.length },
      ];
    })
    .slice(0, MAX_SHOWN_TEXTS);
}
