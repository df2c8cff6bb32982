import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../core/entry.ts';
import type { SourceFile } from '../text/read-yaml.ts';
import { EmbargoDocument } from './embargo-document.ts';
import { SensitivityDocument } from './sensitivity-document.ts';
import { lastWorkingDay, nextWorkingDay } from './working-day.ts';
import { writeEntry } from './write-entry.ts';

const ZONE = 'Europe/London';
const LIFT = Temporal.PlainTime.from('09:30');

/**
 * Registers to try the product with, relative to the day: the labour market statistics, whose window is open and lifts at 09:30
 * London on the next working day; the inflation statistics, a week ahead of that; retail sales, just published; and the CORE lettings.
 *
 * As files, so that they go the way of every other register. `reviewer` gets access to all of them; everything else is invented.
 */
export function demoRegisters(now: Instant, reviewer: string | null = null): readonly SourceFile[] {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(ZONE);
  const today = local.toPlainDate();
  const next = nextWorkingDay(today);
  const isOut = Temporal.PlainTime.compare(local.toPlainTime(), LIFT) >= 0;
  const last = lastWorkingDay(isOut ? today : today.subtract({ days: 1 }));
  return [
    release('labour-market', 'UK labour market', next, reviewer, {
      figures: [
        { measure: 'employment-rate', value: 75.3, unit: 'percent' },
        { measure: 'people-in-work', value: 34.12, unit: 'million' },
        { measure: 'unemployment-rate', value: 4.7, unit: 'percent' },
      ],
      public: [{ measure: 'employment-rate', value: 75.1, unit: 'percent' }],
    }),
    release('inflation', 'Consumer price inflation', next.add({ days: 7 }), reviewer, {
      figures: [{ measure: 'cpi-rate', value: 3.4, unit: 'percent' }],
    }),
    release('retail-sales', 'Retail sales', last, reviewer, { status: 'published' }),
    {
      file: 'demo/sensitivity/core-lettings.yaml',
      path: 'sensitivity/core-lettings.yaml',
      text: writeEntry(
        SensitivityDocument.parse({
          id: 'core-lettings-demo',
          title: 'CORE lettings, record level (demonstration)',
          owner: 'core.team@department.example',
          classification: 'OFFICIAL-SENSITIVE',
          dataset: 'core-lettings',
          allowedRecipients: [
            'analyst@department.example',
            '*@statistics.example',
            ...(reviewer === null ? [] : [reviewer]),
          ],
        }),
      ),
    },
  ];
}

/** A release that lifts at 09:30 of a day, embargoed for the week before and open to a few people from the working day before. */
function release(
  subject: string,
  title: string,
  day: Temporal.PlainDate,
  reviewer: string | null,
  rest: Partial<EmbargoDocument>,
): SourceFile {
  const month = day.toString().slice(0, 7);
  const at = (date: Temporal.PlainDate, time: string) => `${date.toString()}T${time}`;
  const declared = day.subtract({ days: 14 }).toString();
  const document = EmbargoDocument.parse({
    id: `${subject}-${month}`,
    title: `${title}, ${day.toLocaleString('en-GB', { month: 'long', year: 'numeric' })} (demonstration)`,
    producer: 'Demonstration statistics office',
    series: subject,
    subjects: [subject],
    embargo: { from: at(day.subtract({ days: 7 }), '00:00'), until: at(day, '09:30'), zone: ZONE },
    preRelease: {
      opens: at(lastWorkingDay(day.subtract({ days: 1 })), '09:30'),
      access: [
        { email: 'analyst@department.example', role: 'Analyst', declared },
        { email: 'press.lead@department.example', role: 'Head of news', declared },
      ],
    },
    custodians: ['*@statistics.example', ...(reviewer === null ? [] : [reviewer])],
    ...rest,
  });
  return { file: `demo/embargoes/${subject}.yaml`, path: `embargoes/${subject}.yaml`, text: writeEntry(document) };
}
