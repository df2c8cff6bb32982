import type { EmbargoEntry, Instant, Registers } from '../../core/entry.ts';
import type { DecisionAction } from '../../core/message.ts';
import type { OpenedMessage, Table } from '../../core/part.ts';
import type { ColumnEvidence } from '../../detect/describe-columns.ts';
import type { MessageView, Revealed } from '../../service/service.ts';
import { excusable } from './false-alarm-pages.ts';
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
  columns: Revealed['columns'] = new Map(),
): Readonly<Record<string, unknown>> {
  const entries = entriesOf(view, registers);
  const reasons = groupReasons(view.findings);
  const texts = opened === null ? [] : shownTexts(reasons, opened, columns);
  const alarms = view.mayReveal && view.state === 'held' && view.envelope.from !== '' ? excusable(view.findings) : [];
  const shownPaths = texts.map(({ path }) => path);
  const concerns = [...new Set(reasons.map(({ entry }) => titleOf(entry, registers) ?? entry))].filter(
    (one) => one !== null,
  );
  return {
    view,
    sentence: verdictSentence(view, now),
    state: STATE_TAGS[view.state],
    reasons: reasons.map((reason) => ({
      ...reason,
      title: titleOf(reason.entry, registers),
      marked: reason.spans.length > 0 && shownPaths.includes(reason.path),
      // A whole table or part is jumped to by its heading.
      place: shownPaths.indexOf(reason.path) < 0 ? null : shownPaths.indexOf(reason.path) + 1,
      alarm: alarms.find(({ number }) => number === reason.number)?.finding ?? null,
    })),
    groups: groupRecipients(view.envelope.from, view.envelope.to, entries, view.effectiveAt ?? now),
    concerns,
    // What concerns nothing, or shows its subject, would show its content too if there were any.
    contentGone: !view.mayReveal && (concerns.length === 0 || view.subject !== null),
    parts: opened === null ? null : partTree(opened),
    texts,
    revealed: opened !== null,
    mayReport: view.kind === 'email' && ['delivering', 'delivered', 'returned', 'released'].includes(view.state),
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
  readonly hidden: boolean;
  /** A table without marks is shown as one. */
  readonly table: ShownTable | null;
  /** What the columns of a table were taken for; empty where there is nothing to tell. */
  readonly columns: readonly ShownColumn[];
}

interface ShownColumn extends ColumnEvidence {
  /** Width of its bar, of 100. */
  readonly share: number;
}

const MOST_COLUMNS = 40;

/** Those that were taken for something; where none was, nothing speaks from the columns. */
function showColumns(columns: readonly ColumnEvidence[]): readonly ShownColumn[] {
  return columns
    .filter(({ kind }) => kind !== null)
    .slice(0, MOST_COLUMNS)
    .map((column) => ({ ...column, share: Math.round(column.filled * 100) }));
}

interface ShownTable {
  readonly rows: number;
  readonly columns: number;
  readonly sample: readonly (readonly string[])[];
  readonly cut: boolean;
}

const SAMPLE_ROWS = 15;
const SAMPLE_COLUMNS = 30;

function showTable(table: Table): ShownTable {
  return {
    rows: table.rows,
    columns: table.columns,
    sample: table.sample.slice(0, SAMPLE_ROWS).map((row) => row.slice(0, SAMPLE_COLUMNS)),
    cut: table.rows > SAMPLE_ROWS || table.columns > SAMPLE_COLUMNS,
  };
}

/** The sender's own words first, and every other text that a reason points into. */
function shownTexts(
  reasons: readonly Reason[],
  opened: OpenedMessage,
  columns: Revealed['columns'],
): readonly ShownText[] {
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
      const { content } = part;
      return [
        {
          path: part.path,
          label: labelOf(part.path),
          segments: highlight(text, marks),
          cut: length < content.text.length,
          hidden: content.kind === 'table' ? content.table.hidden : content.hidden === true,
          table: content.kind === 'table' && marks.length === 0 ? showTable(content.table) : null,
          columns: showColumns(columns.get(part.path) ?? []),
        },
      ];
    })
    .slice(0, MAX_SHOWN_TEXTS);
}

/** The sender's own parts have names of ours, in lower case; every other path begins with a name of theirs. */
function labelOf(path: string): string {
  return /^(subject|body)\b/.test(path) ? `${path.slice(0, 1).toUpperCase()}${path.slice(1)}` : path;
}
