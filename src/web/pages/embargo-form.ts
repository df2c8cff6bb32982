import type { EmbargoEntry, Instant } from '../../core/entry.ts';
import { localTime } from '../api/present-entry.ts';
import { readLocal } from './show-time.ts';

const DEFAULT_ZONE = 'Europe/London';

/** The fields of an embargo entry as a person types them. */
export interface EmbargoFields {
  readonly id: string;
  readonly title: string;
  readonly producer: string;
  readonly series: string;
  readonly page: string;
  readonly subjects: string;
  readonly fromDay: string;
  readonly fromTime: string;
  readonly untilDay: string;
  readonly untilTime: string;
  readonly zone: string;
  readonly opensDay: string;
  readonly opensTime: string;
  readonly access: string;
  readonly custodians: string;
  readonly status: string;
  readonly figures: string;
  readonly quietDay: string;
  readonly quietTime: string;
}

const EMPTY: EmbargoFields = {
  id: '',
  title: '',
  producer: '',
  series: '',
  page: '',
  subjects: '',
  fromDay: '',
  fromTime: '00:00',
  untilDay: '',
  untilTime: '09:30',
  zone: DEFAULT_ZONE,
  opensDay: '',
  opensTime: '09:30',
  access: '',
  custodians: '',
  status: 'scheduled',
  figures: '',
  quietDay: '',
  quietTime: '',
};

export function emptyEmbargoFields(): EmbargoFields {
  return EMPTY;
}

export function readEmbargoFields(form: URLSearchParams): EmbargoFields {
  const names = Object.keys(EMPTY) as (keyof EmbargoFields)[];
  return Object.fromEntries(names.map((name) => [name, (form.get(name) ?? '').trim()])) as Record<
    keyof EmbargoFields,
    string
  >;
}

/** An entry as fields; its figures stay sealed, so their field is empty. */
export function fieldsOfEmbargo(entry: EmbargoEntry): EmbargoFields {
  const day = (instant: Instant | null) => (instant === null ? '' : localTime(instant, entry.zone).slice(0, 10));
  const time = (instant: Instant | null) => (instant === null ? '' : localTime(instant, entry.zone).slice(11));
  return {
    id: entry.id,
    title: entry.title,
    producer: entry.producer,
    series: entry.series ?? '',
    page: entry.page ?? '',
    subjects: entry.subjects.join(', '),
    fromDay: day(entry.from),
    fromTime: time(entry.from),
    untilDay: day(entry.until),
    untilTime: time(entry.until),
    zone: entry.zone,
    opensDay: day(entry.preRelease?.opens ?? null),
    opensTime: time(entry.preRelease?.opens ?? null),
    access: (entry.preRelease?.access ?? [])
      .map(({ email, role, declared }) => [email, role ?? '', declared ?? ''].join(', ').replace(/(, )+$/, ''))
      .join('\n'),
    custodians: entry.custodians.join('\n'),
    status: entry.status,
    figures: '',
    quietDay: day(entry.quietUntil),
    quietTime: time(entry.quietUntil),
  };
}

/**
 * The entry in the shape of its file, for the register's own checks.
 *
 * A figure of `kept` that is not entered anew goes without a value: the register keeps the one it has.
 */
export function embargoDocument(fields: EmbargoFields, kept: EmbargoEntry | null): Readonly<Record<string, unknown>> {
  const entered = lines(fields.figures).map(readFigure);
  const stays = (kept?.figures ?? []).filter(({ measure }) => !entered.some((figure) => figure.measure === measure));
  const figures = [...stays.map(({ measure, unit }) => ({ measure, unit })), ...entered];
  const access = lines(fields.access).map(readAccess);
  return withoutBlanks({
    id: fields.id,
    title: fields.title,
    producer: fields.producer,
    series: fields.series,
    page: fields.page,
    subjects: fields.subjects.split(/[\s,]+/).filter((one) => one !== ''),
    embargo: {
      from: local(fields.fromDay, fields.fromTime),
      until: local(fields.untilDay, fields.untilTime),
      zone: fields.zone,
    },
    preRelease: access.length === 0 ? '' : { opens: local(fields.opensDay, fields.opensTime), access },
    custodians: lines(fields.custodians),
    status: fields.status,
    figures,
    public: (kept?.public ?? []).map((figure) => withoutBlanks({ ...figure, release: figure.release ?? '' })),
    quietUntil: fields.quietDay === '' && fields.quietTime === '' ? '' : local(fields.quietDay, fields.quietTime),
  });
}

/** What the fields say of windows and access, as far as they can be read; null where the window itself cannot. */
export function previewEntry(
  fields: EmbargoFields,
): Pick<EmbargoEntry, 'from' | 'until' | 'preRelease' | 'status' | 'quietUntil'> | null {
  const from = readLocal(fields.fromDay, fields.fromTime, fields.zone);
  const until = readLocal(fields.untilDay, fields.untilTime, fields.zone);
  const opens = readLocal(fields.opensDay, fields.opensTime, fields.zone);
  const access = lines(fields.access).map(readAccess);
  const status = (['scheduled', 'published', 'postponed', 'cancelled'] as const).find((one) => one === fields.status);
  if (from === null || until === null || from >= until || status === undefined) return null;
  return {
    from,
    until,
    status,
    quietUntil: readLocal(fields.quietDay, fields.quietTime, fields.zone),
    preRelease:
      opens === null || access.length === 0
        ? null
        : { opens, access: access.map(({ email }) => ({ email, role: null, declared: null })) },
  };
}

function local(day: string, time: string): string {
  return `${day}T${time}`;
}

function lines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** `email, role, day of the declaration`; the role may hold commas of its own. */
function readAccess(line: string): { readonly email: string } {
  const cells = line.split(/[,\t]/).map((cell) => cell.trim());
  const [email = '', ...rest] = cells;
  const declared = /^\d{4}-\d{2}-\d{2}$/.test(rest.at(-1) ?? '') ? (rest.pop() ?? '') : '';
  return withoutBlanks({ email, role: rest.join(', '), declared }) as { readonly email: string };
}

/** `employment-rate 74.0 percent`. */
function readFigure(line: string): { readonly measure: string; readonly value: number; readonly unit: string } {
  const [measure = '', value = '', ...unit] = line.split(/[\s,]+/);
  return { measure, value: value === '' ? Number.NaN : Number(value), unit: unit.join('-') };
}

function withoutBlanks(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(value).filter(([, one]) => one !== '' && !(Array.isArray(one) && one.length === 0)),
  );
}
