import { Temporal } from 'temporal-polyfill';
import type { EmbargoEntry, Instant } from '../../core/entry.ts';
import type { ListedPerson } from '../../registers/access-list.ts';
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
  opensTime: '',
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
  const read = Object.fromEntries(names.map((name) => [name, (form.get(name) ?? '').trim()])) as Record<
    keyof EmbargoFields,
    string
  >;
  return {
    ...read,
    id: read.id === '' ? idFor(read.title) : read.id,
    subjects: form.getAll('subjects').join(', '),
    zone: read.zone === '' ? DEFAULT_ZONE : read.zone,
    status: read.status === '' ? 'scheduled' : read.status,
    figures: [read.figures, ...readFigureRows(form)].filter((line) => line !== '').join('\n'),
  };
}

/** An id as people would make it from a title: `UK Labour Market, January 2016` is `uk-labour-market-january-2016`. */
export function idFor(title: string): string {
  const plain = title.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
}

/** The rows of measure, value and unit as the lines that they stand for; a row without a value says nothing. */
function readFigureRows(form: URLSearchParams): readonly string[] {
  const values = form.getAll('figureValue');
  const [measures, units] = [form.getAll('figureMeasure'), form.getAll('figureUnit')];
  return values.flatMap((value, index) =>
    value.trim() === ''
      ? []
      : [[measures[index], value.trim().replaceAll(/[\s,%]/g, ''), units[index]].join(' ').trim()],
  );
}

/** What was typed into the rows, to be shown to whoever typed it while it is not saved. */
export function figureRows(
  fields: EmbargoFields,
): readonly { readonly measure: string; readonly value: string; readonly unit: string }[] {
  const typed = lines(fields.figures).map((line) => {
    const [measure = '', value = '', ...unit] = line.split(/[\s,]+/);
    return { measure, value, unit: unit.join('-') };
  });
  return [
    ...typed,
    ...Array.from({ length: Math.max(1, 3 - typed.length) }, () => ({ measure: '', value: '', unit: '' })),
  ];
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
 * An entry as fields at another lift: access opens as long before it, by the clock on the wall, as before the old one, or people would
 * have it longer than anybody meant. A lift that cannot be read leaves access where it is.
 */
export function fieldsMovedTo(
  entry: EmbargoEntry,
  lift: Pick<EmbargoFields, 'untilDay' | 'untilTime' | 'zone'>,
): EmbargoFields {
  const fields = fieldsOfEmbargo({ ...entry, zone: lift.zone });
  const moved = { ...fields, ...lift };
  if (fields.opensDay === '' || readLocal(lift.untilDay, lift.untilTime, lift.zone) === null) return moved;
  const clock = (day: string, time: string) => Temporal.PlainDateTime.from(local(day, time));
  const early = clock(fields.untilDay, fields.untilTime).since(clock(fields.opensDay, fields.opensTime));
  const opens = clock(lift.untilDay, lift.untilTime).subtract(early).toString();
  return { ...moved, opensDay: opens.slice(0, 10), opensTime: opens.slice(11).replace(/^(\d\d:\d\d):00$/, '$1') };
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
  const access = accessOf(fields, kept);
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
    preRelease: access.length === 0 ? '' : { opens: opensOf(fields), access },
    custodians: lines(fields.custodians),
    status: fields.status,
    figures,
    public: (kept?.public ?? []).map((figure) => withoutBlanks({ ...figure, release: figure.release ?? '' })),
    quietUntil: fields.quietDay === '' && fields.quietTime === '' ? '' : local(fields.quietDay, fields.quietTime),
  });
}

/** The entry with another list of people, and everything else as it is. */
export function documentWithAccess(entry: EmbargoEntry, list: readonly object[]): Readonly<Record<string, unknown>> {
  const fields = fieldsOfEmbargo(entry);
  const document = embargoDocument({ ...fields, access: '' }, { ...entry, preRelease: null });
  return list.length === 0 ? document : { ...document, preRelease: { opens: opensOf(fields), access: list } };
}

/** The people of an entry as its file lists them, those who left included. */
export function listOfEntry({ preRelease }: Pick<EmbargoEntry, 'preRelease'>): readonly ListedPerson[] {
  return [...(preRelease?.access ?? []), ...(preRelease?.former ?? [])].map(
    (one) => withoutBlanks({ ...one, role: one.role ?? '', declared: one.declared ?? '' }) as unknown as ListedPerson,
  );
}

/** What the fields say of windows and access, as far as they can be read; null where the window itself cannot. */
export function previewEntry(
  fields: EmbargoFields,
): Pick<EmbargoEntry, 'from' | 'until' | 'preRelease' | 'status' | 'quietUntil'> | null {
  const from = readLocal(fields.fromDay, fields.fromTime, fields.zone);
  const until = readLocal(fields.untilDay, fields.untilTime, fields.zone);
  const [opensDay = '', opensTime = ''] = opensOf(fields).split('T');
  const opens = readLocal(opensDay, opensTime, fields.zone);
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

/** As long before the lift as the Pre-release Access to Official Statistics Order 2008 allows, where nobody says when. */
function opensOf({ opensDay, opensTime, untilDay, untilTime }: EmbargoFields): string {
  if (opensDay !== '' || !/^\d{4}-\d{2}-\d{2}$/.test(untilDay)) return local(opensDay, opensTime);
  const before = new Date(`${untilDay}T12:00:00Z`).getTime() - 24 * 60 * 60_000;
  return Number.isNaN(before) ? local('', '') : local(new Date(before).toISOString().slice(0, 10), untilTime);
}

/** The people of the list, with what the form does not show of them; who left stays on record unless listed again. */
function accessOf(fields: EmbargoFields, kept: EmbargoEntry | null): readonly object[] {
  const { access = [], former = [] } = kept?.preRelease ?? {};
  const typed = lines(fields.access).map(readAccess);
  const known = new Map(access.map((one) => [one.email.toLowerCase(), one]));
  const listed = new Set(typed.map(({ email }) => email.toLowerCase()));
  const people = typed.map((one) =>
    withoutBlanks({ ...one, trained: known.get(one.email.toLowerCase())?.trained ?? '' }),
  );
  const gone = former.filter(({ email }) => !listed.has(email.toLowerCase()));
  return [
    ...people,
    ...gone.map((one) => withoutBlanks({ ...one, role: one.role ?? '', declared: one.declared ?? '' })),
  ];
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
