import type { Caller } from '../../service/ports.ts';
import type { Outcome } from '../../service/service.ts';
import type { FieldFault } from './entry-faults.ts';

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The entry of an id that a form names; null where there is none, or it is no id. */
export async function findExisting<E>(
  find: (id: string, caller: Caller) => Promise<Outcome<E>>,
  id: string,
  caller: Caller,
): Promise<E | null> {
  if (!ID.test(id)) return null;
  const outcome = await find(id, caller);
  return outcome.ok ? outcome.value : null;
}

/** A new entry never overwrites one that is there, and an edit never makes a second one. */
export function faultOfId(id: string, isNew: boolean, exists: boolean): FieldFault | null {
  const fault = (text: string): FieldFault => ({ field: 'id', text: `Id: ${text}` });
  if (id === '') return { field: 'title', text: 'Title: is missing, fill it in' };
  if (!ID.test(id)) return fault('use letters, digits, dots, hyphens and underscores, like labour-market-2016-01');
  if (isNew && exists) return fault(`there is an entry ${id} already, choose another id or change that one`);
  if (!isNew && !exists) return fault(`there is no entry ${id} any more, make a new one`);
  return null;
}
