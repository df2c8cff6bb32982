import { Temporal } from 'temporal-polyfill';
import type { EmbargoEntry } from '../../core/entry.ts';
import { type AnnouncedRelease, readCalendar } from '../../registers/read-calendar.ts';
import type { RegisterKeeping, RegisterWords } from '../../service/register-keeping.ts';
import type { Service } from '../../service/service.ts';
import { aProblem, problemOf } from '../problem.ts';
import { embargoDocument, emptyEmbargoFields, fieldsMovedTo, fieldsOfEmbargo, idFor } from './embargo-form.ts';
import { readFaults } from './entry-faults.ts';
import { monthOf } from './month.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { REGISTER_READERS } from './register-pages.ts';
import { toLocal } from './show-time.ts';

const MAX_CALENDAR_BYTES = 5 * 1024 * 1024;
const USUAL_DAYS = 7;

/** Releases by month, and their import from a release calendar. */
export function calendarPages(service: Service, keeping: RegisterKeeping): readonly PageRoute[] {
  const roles = ['registrar'] as const;
  const today = () => toLocal(service.clock.now()).day;
  return [
    {
      method: 'get',
      path: '/registers/calendar',
      roles: REGISTER_READERS,
      handle: async ({ caller, query }) =>
        pageOf(await service.registers(caller), ({ embargoes }) =>
          page('calendar.njk', { ...monthOf(embargoes, query.get('month'), today()) }),
        ),
    },
    {
      method: 'get',
      path: '/registers/import',
      roles,
      handle: async () => page('calendar-import.njk', { faults: [], today: today() }),
    },
    {
      method: 'post',
      path: '/registers/import/preview',
      roles,
      handle: (call) => preview(service, keeping, today(), call),
    },
    { method: 'post', path: '/registers/import', roles, handle: (call) => importRows(service, keeping, today(), call) },
  ];
}

async function preview(service: Service, keeping: RegisterKeeping, today: string, call: PageCall): Promise<PageReply> {
  const file = call.files[0];
  const refuse = (...texts: readonly string[]) =>
    page('calendar-import.njk', { faults: texts.map((text) => ({ field: 'file', text })), today }, 422);
  if (file === undefined || file.content.length === 0) return refuse('Choose a file: iCalendar (.ics) or JSON');
  if (file.content.length > MAX_CALENDAR_BYTES) return refuse('The file is larger than 5 MB, no release calendar is');
  const words = keeping.words(call.caller);
  const registers = await service.registers(call.caller);
  if (!words.ok) return { kind: 'problem', problem: problemOf(words.refusal) };
  if (!registers.ok) return { kind: 'problem', problem: problemOf(registers.refusal) };
  const { releases, faults } = readCalendar(Buffer.from(file.content).toString('utf8'));
  if (releases.length === 0) return refuse(...faults.map((text) => `The file ${text}`));
  const { embargoes } = registers.value;
  const rows = releases.map((release) => rowOf(release, embargoes, words.value, today));
  return page('calendar-preview.njk', {
    rows: rows.filter(({ kind }) => kind !== 'past'),
    past: rows.filter(({ kind }) => kind === 'past').length,
    faults,
    words: words.value,
    days: USUAL_DAYS,
    producer: embargoes[0]?.producer ?? '',
    fourEyes: keeping.fourEyes,
  });
}

/** What a calendar's release would do: nothing, make an entry, or move one that has its title or page. */
function rowOf(release: AnnouncedRelease, entries: readonly EmbargoEntry[], words: RegisterWords, today: string) {
  const same = entries.find((entry) => entry.title.toLowerCase() === release.title.toLowerCase());
  const fields = same === undefined ? null : fieldsOfEmbargo(same);
  const isThere = fields !== null && fields.untilDay === release.day && fields.untilTime === release.time;
  const kind = release.isCancelled
    ? ('cancelled' as const)
    : release.day < today
      ? ('past' as const)
      : same === undefined
        ? ('new' as const)
        : isThere
          ? ('same' as const)
          : ('moved' as const);
  return {
    ...release,
    kind,
    id: same?.id ?? '',
    was: fields === null ? null : `${fields.untilDay} ${fields.untilTime}`,
    subject: same?.subjects[0] ?? guessSubject(release.title, words),
    json: JSON.stringify(release),
  };
}

/** The subject whose title stands in the release's, if any does. */
function guessSubject(title: string, { subjects }: RegisterWords): string {
  const plain = title.toLowerCase();
  const named = subjects.find(
    (subject) => plain.includes(subject.title.toLowerCase()) || plain.includes(subject.id.replaceAll('-', ' ')),
  );
  const measured = subjects.find(({ measures }) =>
    measures.some((measure) => plain.includes(measure.title.toLowerCase())),
  );
  return (named ?? measured)?.id ?? '';
}

async function importRows(
  service: Service,
  keeping: RegisterKeeping,
  today: string,
  call: PageCall,
): Promise<PageReply> {
  const { form, caller } = call;
  const registers = await service.registers(caller);
  const words = keeping.words(caller);
  if (!registers.ok) return { kind: 'problem', problem: problemOf(registers.refusal) };
  if (!words.ok) return { kind: 'problem', problem: problemOf(words.refusal) };
  const days = Number(form.get('days') ?? '');
  const producer = (form.get('producer') ?? '').trim();
  if (!Number.isInteger(days) || days < 1 || days > 365 || producer === '') {
    return {
      kind: 'problem',
      problem: aProblem('invalid', 'Go back, and give the producer and a number of days from 1 to 365.'),
    };
  }
  const results: { title: string; words: string; isSaved: boolean; isNew: boolean }[] = [];
  for (const number of form.getAll('take')) {
    const release = readCalendar(`[${toCalendarJson(form.get(`release-${number}`) ?? '')}]`).releases[0];
    if (release === undefined) continue;
    const entry = registers.value.embargoes.find(({ title }) => title.toLowerCase() === release.title.toLowerCase());
    const until = { untilDay: release.day, untilTime: release.time, zone: release.zone };
    const begins = Temporal.PlainDate.from(release.day).subtract({ days }).toString();
    const fields =
      entry !== undefined
        ? { ...fieldsMovedTo(entry, until), status: 'scheduled' }
        : {
            ...emptyEmbargoFields(),
            ...until,
            id: `${idFor(release.title)}${/\d{4}/.test(release.title) ? '' : `-${release.day}`}`.slice(0, 100),
            title: release.title,
            producer,
            page: release.page ?? '',
            subjects: form.get(`subject-${number}`) ?? '',
            fromDay: begins < today ? today : begins,
          };
    const outcome = await keeping.saveEmbargo(fields.id, embargoDocument(fields, entry ?? null), caller);
    const said = outcome.ok
      ? outcome.value.kind === 'saved'
        ? entry === undefined
          ? 'Added'
          : 'Moved'
        : 'Waits for another registrar'
      : readFaults(outcome.refusal.message, 'release')
          .map(({ text }) => text)
          .join('; ');
    results.push({ title: release.title, words: said, isSaved: outcome.ok, isNew: entry === undefined });
  }
  return page('calendar-done.njk', { results, hasNew: results.some(({ isSaved, isNew }) => isSaved && isNew) });
}

/** A row of the preview in the shape that the reader takes. */
function toCalendarJson(text: string): string {
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row !== 'object' || row === null) return 'null';
    const { title, day, time, zone, page: address } = row as Partial<AnnouncedRelease>;
    return JSON.stringify({ title, date: day, time, zone, url: address ?? undefined });
  } catch {
    return 'null';
  }
}
