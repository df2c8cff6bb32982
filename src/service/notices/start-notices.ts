import { type Repeating, repeat } from '../repeat.ts';
import { type NoticeDeps, tellPeople } from './tell-people.ts';

const EVERY_MS = 3000;

/** Tells people what they are to be told for as long as it runs. What fails is tried again; nobody waits for it. */
export function startNotices(deps: NoticeDeps, everyMs: number = EVERY_MS): Repeating {
  const onError = (err: unknown) => deps.log.warn({ err }, 'notices could not be sent, they are tried again');
  return repeat(() => tellPeople(deps), { everyMs, onError });
}
