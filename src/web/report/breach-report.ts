import type { Instant } from '../../core/entry.ts';
import type { IncidentView } from '../../service/incident-desk.ts';
import type { ReportField } from '../../service/incident-record.ts';
import { ACTION_WORDS } from '../pages/audit-words.ts';
import { visibleText } from '../pages/visible-text.ts';
import type { ReportBlock, ReportDocument } from './report-document.ts';

/** The template's sections, with its own words for what goes into each. */
export const REPORT_SECTIONS: readonly {
  readonly heading: string;
  readonly fields: readonly {
    readonly name: ReportField;
    readonly label: string;
    readonly hint?: string;
    readonly rows: number;
  }[];
}[] = [
  {
    heading: '1. Background information',
    fields: [
      { name: 'title', label: 'Name of statistical output', rows: 1 },
      { name: 'link', label: 'Web link to the output or its landing page', rows: 1 },
      { name: 'producer', label: 'Name of producer organisation', rows: 1 },
      {
        name: 'contact',
        label: 'Name and contact details of the statistical Head of Profession submitting this report',
        rows: 3,
      },
      { name: 'reportedOn', label: 'Date of report', rows: 1 },
    ],
  },
  {
    heading: '2. Circumstances of breach',
    fields: [
      {
        name: 'principle',
        label: 'Relevant principle or protocol, and practice',
        hint: 'As the edition of the Code that applies calls it.',
        rows: 2,
      },
      { name: 'occurredOn', label: 'Date of occurrence', rows: 1 },
      { name: 'nature', label: 'Nature of breach, with links to previous breaches, if any', rows: 8 },
      { name: 'reasons', label: 'Reasons for breach', rows: 5 },
    ],
  },
  {
    heading: '3. Reactions and impact',
    fields: [{ name: 'reactions', label: 'Within the producer body and outside', rows: 5 }],
  },
  {
    heading: '4. Corrective actions taken to prevent reoccurrence',
    fields: [{ name: 'corrective', label: 'Short-term actions, and long-term changes made to procedures', rows: 5 }],
  },
  {
    heading: '5. Links to published statements about this breach',
    fields: [{ name: 'statements', label: 'Links', rows: 2 }],
  },
  {
    heading: '6. Any other relevant supporting material',
    fields: [{ name: 'other', label: 'Other material', rows: 4 }],
  },
];

/** The report that goes to the regulator, with what the record knows as annexes: who was reached, and what was done when. */
export function breachReport(incident: IncidentView, showInstant: (at: Instant) => string): ReportDocument {
  const sections = REPORT_SECTIONS.flatMap(({ heading, fields }): readonly ReportBlock[] => [
    { kind: 'heading', text: heading },
    ...fields.map(({ name, label }) => ({ kind: 'field' as const, label, text: shown(incident.fields[name]) })),
  ]);
  return {
    title: 'Breach of the Code of Practice for Statistics',
    blocks: [...sections, ...recipients(incident, showInstant), ...timeline(incident, showInstant)],
  };
}

function recipients({ recipients: all }: IncidentView, showInstant: (at: Instant) => string): readonly ReportBlock[] {
  if (all.length === 0) return [];
  return [
    { kind: 'heading', text: 'Annex A. Whom it reached' },
    {
      kind: 'table',
      header: ['Recipient', 'Delivered', 'Deletion confirmed'],
      rows: all.map(({ address, state, settledAt, confirmed }) => [
        shown(address),
        state === 'delivered' && settledAt !== null ? showInstant(settledAt) : (STATE_WORDS[state] ?? state),
        confirmed === null
          ? 'no'
          : `${showInstant(confirmed.confirmedAt)}${confirmed.note === '' ? '' : `: ${shown(confirmed.note)}`}`,
      ]),
    },
  ];
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  due: 'not delivered yet',
  failed: 'not delivered',
  withheld: 'left out by a reviewer',
};

function timeline(incident: IncidentView, showInstant: (at: Instant) => string): readonly ReportBlock[] {
  return [
    { kind: 'heading', text: 'Annex B. What was done when' },
    {
      kind: 'table',
      header: ['When', 'What', 'Who'],
      rows: timelineOf(incident).map(({ at, what, who }) => [showInstant(at), what, shown(who)]),
    },
  ];
}

/** From when it came in to the last act, oldest first. */
export function timelineOf({ receivedAt, sender, recipients: all, timeline: acts }: IncidentView) {
  const delivered = new Map<Instant, number>();
  for (const { state, settledAt } of all) {
    if (state === 'delivered' && settledAt !== null) delivered.set(settledAt, (delivered.get(settledAt) ?? 0) + 1);
  }
  return [
    ...(receivedAt === null ? [] : [{ at: receivedAt, what: 'Message came in', who: sender ?? '' }]),
    ...[...delivered].map(([at, count]) => ({
      at,
      what: `Delivered to ${count === 1 ? 'one recipient' : `${count} recipients`}`,
      who: 'Holdfast',
    })),
    ...acts.map(({ at, action, actor, actorName }) => ({
      at,
      what: `${ACTION_WORDS[action] ?? action}${action.startsWith('message.') ? ' the message' : ''}`,
      who: actorName ?? actor,
    })),
  ].toSorted((a, b) => a.at - b.at);
}

function shown(text: string): string {
  return visibleText(text);
}
