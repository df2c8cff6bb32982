import type { EmbargoEntry, Instant, SensitivityEntry } from '../../core/entry.ts';

/** An embargo entry in the shape of its file; of its figures it says only that they are there. */
export function presentEmbargo(entry: EmbargoEntry): Readonly<Record<string, unknown>> {
  const local = (instant: Instant) => localTime(instant, entry.zone);
  return withoutNulls({
    id: entry.id,
    title: entry.title,
    producer: entry.producer,
    series: entry.series,
    page: entry.page,
    subjects: entry.subjects,
    embargo: { from: local(entry.from), until: local(entry.until), zone: entry.zone },
    preRelease:
      entry.preRelease === null
        ? null
        : {
            opens: local(entry.preRelease.opens),
            access: [...entry.preRelease.access, ...(entry.preRelease.former ?? [])].map(withoutNulls),
          },
    custodians: entry.custodians.length === 0 ? null : entry.custodians,
    status: entry.status,
    figures: entry.figures.length === 0 ? null : entry.figures.map(({ measure, unit }) => ({ measure, unit })),
    public: entry.public.length === 0 ? null : entry.public.map(withoutNulls),
    quietUntil: entry.quietUntil === null ? null : local(entry.quietUntil),
  });
}

export function presentSensitivity(entry: SensitivityEntry): Readonly<Record<string, unknown>> {
  return withoutNulls({ ...entry, columns: entry.columns.length === 0 ? null : entry.columns });
}

/** `2016-01-20T09:30` in a zone, with seconds only where there are any. */
export function localTime(instant: Instant, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
  const seconds = of('second') === '00' ? '' : `:${of('second')}`;
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}${seconds}`;
}

function withoutNulls(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
}
