import type { z } from 'zod';
import type { EmbargoDocument } from './embargo-document.ts';
import { AddressPattern, IsoDate, Text } from './entry-fields.ts';

export type ListedPerson = NonNullable<EmbargoDocument['preRelease']>['access'][number];

/** A list of people as a spreadsheet has it. */
export interface ReadList {
  readonly people: readonly ListedPerson[];
  /** One line a fault, each names its row. */
  readonly faults: readonly string[];
}

/** How a list that is to come differs from the one that is there. */
export interface ListChange {
  readonly added: readonly ListedPerson[];
  readonly changed: readonly { readonly before: ListedPerson; readonly after: ListedPerson }[];
  /** On the list now and not on the new one. */
  readonly removed: readonly ListedPerson[];
  readonly same: readonly ListedPerson[];
  /** The list as it will be. */
  readonly result: readonly ListedPerson[];
}

type Column = 'email' | 'role' | 'declared' | 'trained' | 'name';

const HEADERS: readonly (readonly [Column, RegExp])[] = [
  ['email', /^(e-?mail|address|e-?mail address)\b/i],
  ['role', /^(role|job|post|position|title|job title)\b/i],
  ['declared', /^(declar|signed|date of declaration|undertaking)/i],
  ['trained', /^(train|date of training|last trained|course)/i],
  ['name', /^(name|full name|person)\b/i],
];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Reads a list whose header names an address, and any of role, name, declared and trained; rows above the header are passed over. */
export function readAccessRows(rows: readonly (readonly string[])[]): ReadList {
  const at = rows.findIndex((row) => columnsOf(row).has('email'));
  const header = rows[at];
  if (header === undefined) {
    return { people: [], faults: ['no column is called Email: give the columns a header row with Email in it'] };
  }
  const columns = columnsOf(header);
  const people: ListedPerson[] = [];
  const faults: string[] = [];
  const seen = new Map<string, number>();
  for (const [index, row] of rows.slice(at + 1).entries()) {
    const number = at + index + 2;
    const cell = (column: Column) => (row[columns.get(column) ?? -1] ?? '').trim();
    if (row.every((one) => one.trim() === '')) continue;
    const email = cell('email').toLowerCase();
    const fault = (words: string) => void faults.push(`row ${number}: ${words}`);
    const before = seen.get(email);
    if (email === '') fault('has no address, fill it in or delete the row');
    else if (!AddressPattern.safeParse(email).success)
      fault(`${JSON.stringify(cell('email').slice(0, 80))} is no e-mail address`);
    else if (before !== undefined) fault(`${email} stands in row ${before} too, delete one of them`);
    if (!AddressPattern.safeParse(email).success || before !== undefined) continue;
    seen.set(email, number);
    const role = [cell('role'), cell('name')]
      .filter((one) => one !== '')
      .join(', ')
      .slice(0, 500);
    const days = (['declared', 'trained'] as const).map((column) => {
      const text = cell(column);
      const day = text === '' ? null : readDay(text);
      if (text !== '' && day === null)
        fault(`${JSON.stringify(text.slice(0, 40))} is no day, write it like 2016-01-12`);
      return day;
    });
    people.push(person(email, role, days[0] ?? null, days[1] ?? null));
  }
  if (people.length === 0 && faults.length === 0) faults.push('has no person below its header row');
  return { people, faults };
}

/**
 * What a new list does to the one that is there. Who is on it again after leaving is back; who is not on it any more is taken off,
 * and people who left before stay on record.
 */
export function compareLists(kept: readonly ListedPerson[], given: readonly ListedPerson[]): ListChange {
  const byEmail = new Map(kept.map((one) => [one.email.toLowerCase(), one]));
  const listed = new Set(given.map(({ email }) => email.toLowerCase()));
  const merged = given.map((one) => {
    const before = byEmail.get(one.email.toLowerCase());
    if (before === undefined) return { before, after: one };
    const { left: _left, ...stays } = before;
    return { before, after: { ...stays, ...one } };
  });
  const added = merged.flatMap(({ before, after }) =>
    before === undefined || before.left !== undefined ? [after] : [],
  );
  const there = merged.flatMap(({ before, after }) =>
    before === undefined || before.left !== undefined ? [] : [{ before, after }],
  );
  const isSame = ({ before, after }: { readonly before: ListedPerson; readonly after: ListedPerson }) =>
    (['role', 'declared', 'trained'] as const).every((key) => before[key] === after[key]);
  const left = kept.filter((one) => one.left !== undefined && !listed.has(one.email.toLowerCase()));
  return {
    added,
    changed: there.filter((one) => !isSame(one)),
    removed: kept.filter((one) => one.left === undefined && !listed.has(one.email.toLowerCase())),
    same: there.filter(isSame).map(({ after }) => after),
    result: [...merged.map(({ after }) => after), ...left],
  };
}

function columnsOf(row: readonly string[]): ReadonlyMap<Column, number> {
  const columns = new Map<Column, number>();
  row.forEach((cell, index) => {
    const column = HEADERS.find(([, pattern]) => pattern.test(cell.trim()))?.[0];
    if (column !== undefined && !columns.has(column)) columns.set(column, index);
  });
  return columns;
}

function person(email: string, role: string, declared: string | null, trained: string | null): ListedPerson {
  return {
    email,
    ...(Text.safeParse(role).success ? { role } : {}),
    ...(declared === null ? {} : { declared }),
    ...(trained === null ? {} : { trained }),
  };
}

/** `2016-01-12`, `12/01/2016` (day first, as in Britain), `12 January 2016`, `12-Jan-16`; null for anything else. */
export function readDay(text: string): z.output<typeof IsoDate> | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]|$)/.exec(text);
  const numeric = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: |$)/.exec(text);
  const worded = /^(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{2}|\d{4})$/.exec(text);
  const month = MONTHS.indexOf(worded?.[2]?.slice(0, 3).toLowerCase() ?? '') + 1;
  const parts =
    iso !== null
      ? [iso[1], iso[2], iso[3]]
      : numeric !== null
        ? [numeric[3], numeric[2], numeric[1]]
        : worded !== null && month > 0
          ? [worded[3]?.length === 2 ? `20${worded[3]}` : worded[3], String(month), worded[1]]
          : null;
  if (parts === null) return null;
  const day = parts.map((part, index) => (part ?? '').padStart(index === 0 ? 4 : 2, '0')).join('-');
  return IsoDate.safeParse(day).success ? day : null;
}
