import type { EmbargoEntry, Instant } from '../core/entry.ts';
import type { Fault } from '../core/result.ts';
import { quote } from '../text/explain-issue.ts';
import { suggestName } from '../text/nearest-name.ts';
import type { KeyPath } from '../text/read-yaml.ts';
import type { EmbargoDocument, FigureDocument } from './embargo-document.ts';
import { faultOfZone, type Repeated, resolveLocalTime } from './local-time.ts';
import { readPasswords } from './read-passwords.ts';
import type { RegisterContext } from './register-context.ts';
import { comparableFigure, sealState } from './seal.ts';

/** An entry in both its forms: as it is judged by, and as it is kept, with figures sealed. */
export interface ParsedEntry<E, D> {
  readonly entry: E;
  readonly document: D;
  /** Tried on encrypted attachments; in memory alone. */
  readonly passwords: readonly string[];
}

/** What a reader of one entry found: the entry where there are no faults, and what its owner should know. */
export interface EntryReading<E, D> {
  readonly parsed: ParsedEntry<E, D> | null;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Says a fault at a key of the entry that is being read. */
export type Place = (path: KeyPath, message: string) => Fault;

/**
 * Resolves an embargo entry: names that must be known, local times that must exist, an order of times that makes sense.
 *
 * A local time that the autumn clock change repeats is read on the safe side: `from` as the earlier of the two, `until`, `opens`
 * and `quietUntil` as the later.
 */
export function parseEmbargo(
  document: EmbargoDocument,
  context: RegisterContext,
  at: Place,
): EntryReading<EmbargoEntry, EmbargoDocument> {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const fault = (path: KeyPath, message: string) => void faults.push(at(path, message));
  const warn = (path: KeyPath, message: string) => void warnings.push(at(path, message));

  document.subjects.forEach((subject, index) => {
    if (!context.subjects.includes(subject))
      fault(
        ['subjects', index],
        `${quote(subject)} is no subject of the rules, ${suggestName(subject, context.subjects)}`,
      );
  });
  const figures = (document.figures ?? []).map((figure, index) => ({ figure, path: ['figures', index] as KeyPath }));
  for (const { figure, path } of figures) {
    checkMeasure(figure, path, document.subjects, context, fault, warn);
    checkValue(figure, path, document.id, context, fault, warn);
  }
  (document.public ?? []).forEach((figure, index) => {
    checkMeasure(figure, ['public', index], document.subjects, context, fault, warn);
  });

  const passwords = readPasswords(document, context, fault, warn);
  const times = resolveTimes(document, fault);
  if (times === null || faults.length > 0) return { parsed: null, faults, warnings };
  const sealed = sealFigures(document, context);
  const entry: EmbargoEntry = {
    id: document.id,
    title: document.title,
    producer: document.producer,
    series: document.series ?? null,
    page: document.page ?? null,
    subjects: document.subjects,
    from: times.from,
    until: times.until,
    zone: document.embargo.zone,
    preRelease:
      document.preRelease === undefined || times.opens === null
        ? null
        : {
            opens: times.opens,
            ...readAccess(document.preRelease.access),
          },
    custodians: document.custodians ?? [],
    status: document.status,
    figures: sealed.map(({ measure, unit, sealed: value }) => ({ measure, unit, digests: value?.digests ?? [] })),
    public: (document.public ?? []).map((figure) => ({ ...figure, release: figure.release ?? null })),
    quietUntil: times.quietUntil,
  };
  reviewEntry(entry, document, context.now, warn);
  const kept = {
    ...document,
    ...(document.figures === undefined ? {} : { figures: [...sealed] }),
    ...(document.passwords === undefined ? {} : { passwords: [...passwords.kept] }),
  };
  return { parsed: { entry, document: kept, passwords: passwords.open }, faults, warnings };
}

type AccessList = NonNullable<EmbargoDocument['preRelease']>['access'];

/** Whoever left stays in the list and has no access, whatever day it says. */
function readAccess(list: AccessList): Omit<NonNullable<EmbargoEntry['preRelease']>, 'opens'> {
  const person = ({ email, role, declared, trained }: AccessList[number]) => ({
    email,
    role: role ?? null,
    declared: declared ?? null,
    ...(trained === undefined ? {} : { trained }),
  });
  const former = list.flatMap((one) => (one.left === undefined ? [] : [{ ...person(one), left: one.left }]));
  return {
    access: list.filter(({ left }) => left === undefined).map(person),
    ...(former.length > 0 ? { former } : {}),
  };
}

interface Times {
  readonly from: Instant;
  readonly until: Instant;
  readonly opens: Instant | null;
  readonly quietUntil: Instant | null;
}

type Report = (path: KeyPath, message: string) => void;

function resolveTimes(document: EmbargoDocument, fault: Report): Times | null {
  const { from, until, zone } = document.embargo;
  const zoneFault = faultOfZone(zone);
  if (zoneFault !== null) {
    fault(['embargo', 'zone'], zoneFault);
    return null;
  }
  const resolve = (text: string | undefined, path: KeyPath, repeated: Repeated): Instant | null => {
    if (text === undefined) return null;
    const result = resolveLocalTime(text, zone, repeated);
    if (!result.ok) fault(path, result.error);
    return result.ok ? result.value : null;
  };
  const start = resolve(from, ['embargo', 'from'], 'earlier');
  const lift = resolve(until, ['embargo', 'until'], 'later');
  const opens = resolve(document.preRelease?.opens, ['preRelease', 'opens'], 'later');
  const quietUntil = resolve(document.quietUntil, ['quietUntil'], 'later');
  if (start === null || lift === null) return null;
  if (start > lift) fault(['embargo', 'from'], 'is after until, swap or correct the two');
  else if (start === lift)
    fault(['embargo', 'from'], 'is the same as until, so nothing would be embargoed, correct one of the two');
  else if (opens !== null && opens > lift)
    fault(['preRelease', 'opens'], 'is after embargo.until, access before release must open before the lift');
  if (quietUntil !== null && quietUntil < lift)
    fault(['quietUntil'], 'is before embargo.until, the quiet period follows the lift: correct it or remove the key');
  return { from: start, until: lift, opens, quietUntil };
}

function checkMeasure(
  figure: { readonly measure: string; readonly unit: string },
  path: KeyPath,
  subjects: readonly string[],
  context: RegisterContext,
  fault: Report,
  warn: Report,
): void {
  const measure = context.measures.find(({ id }) => id === figure.measure);
  if (measure === undefined) {
    const own = context.measures.filter(({ subject }) => subjects.includes(subject)).map(({ id }) => id);
    const all = context.measures.map(({ id }) => id);
    const advice = suggestName(figure.measure, own.length > 0 ? own : all);
    fault([...path, 'measure'], `${quote(figure.measure)} is no measure of the rules, ${advice}`);
    return;
  }
  if (!subjects.includes(measure.subject))
    warn(
      [...path, 'measure'],
      `${quote(figure.measure)} belongs to the subject ${measure.subject}, which this entry does not name: add it to subjects`,
    );
  if (measure.units.length > 0 && !measure.units.includes(figure.unit))
    warn(
      [...path, 'unit'],
      `${figure.unit} is unusual for ${figure.measure}, and a figure in a wrong unit is never found: check it (usual: ${measure.units.join(', ')})`,
    );
}

function checkValue(
  { measure, unit, value, sealed }: FigureDocument,
  path: KeyPath,
  entry: string,
  { key }: RegisterContext,
  fault: Report,
  warn: Report,
): void {
  if (value === undefined && sealed === undefined)
    fault([...path, 'value'], 'this key is missing, add it with a number');
  else if (value !== undefined && sealed !== undefined)
    fault([...path, 'value'], 'stands beside its sealed form, remove one of the two');
  else if (value !== undefined)
    warn([...path, 'value'], 'is in the clear, run `holdfast registers seal` on the folder');
  if (sealed === undefined || key === undefined) return;
  const state = sealState(sealed, { entry, measure, unit }, key);
  if (state === 'misplaced')
    fault(
      [...path, 'sealed'],
      'was sealed for another entry, measure or unit, or is damaged: seal the original figure anew',
    );
  if (state === 'foreign')
    warn(
      [...path, 'sealed'],
      `needs the key ${quote(sealed.key)}, which the key file lacks, so this figure is never found: use the key file it was sealed with`,
    );
}

/** Figures as they may be kept: with a key every value is sealed, and without one none is left. */
function sealFigures(document: EmbargoDocument, { key }: RegisterContext): readonly FigureDocument[] {
  return (document.figures ?? []).flatMap((figure): readonly FigureDocument[] => {
    if (key === undefined) return figure.sealed === undefined ? [] : [figure];
    return [comparableFigure(figure, document.id, key) ?? figure].filter(({ value }) => value === undefined);
  });
}

function reviewEntry(entry: EmbargoEntry, document: EmbargoDocument, now: Instant | undefined, warn: Report): void {
  document.preRelease?.access.forEach(({ email, declared, left }, index) => {
    if (left !== undefined) return;
    const path = ['preRelease', 'access', index];
    if (email.startsWith('*@'))
      warn(
        [...path, 'email'],
        "gives a whole domain access before release, name each person (the producer's own staff go to custodians)",
      );
    else if (declared === undefined && now !== undefined && now >= (entry.preRelease?.opens ?? now))
      warn(
        path,
        'has no declared day though access has opened, add the day of the signed declaration or remove the person',
      );
    else if (declared !== undefined && declared > (document.preRelease?.opens ?? '').slice(0, 10))
      warn([...path, 'declared'], 'is after access opens, the declaration comes before access');
  });
  if (now === undefined) return;
  if (entry.status === 'scheduled' && now >= entry.until)
    warn(
      ['status'],
      'is still scheduled though the embargo has ended, set it to published (or postponed, which goes on holding)',
    );
  if (entry.status === 'published' && now < entry.until)
    warn(['status'], 'is published before embargo.until, so nothing is held: check that it is out');
}
