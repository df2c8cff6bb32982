import type { DetectorName } from '../../core/finding.ts';
import type { MessageView, Service } from '../../service/service.ts';
import type { NamedAct } from '../../service/stores.ts';
import { given } from '../given.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { DETECTORS, STATE_TAGS } from './wording.ts';

const PAGE_SIZE = 25;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Of what somebody else wrote, as much as a line of a list needs; a subject may be a megabyte. */
const MOST_SHOWN = 200;

/** The lists that a reviewer goes through, each one state. */
const SHELVES = [
  { state: 'held', title: 'Held messages', empty: 'Nothing is held. Messages that must wait for you appear here.' },
  { state: 'released', title: 'Released messages', empty: 'No released message is waiting to be sent.' },
  { state: 'rejected', title: 'Rejected messages', empty: 'No message was rejected.' },
  { state: 'delivered', title: 'Delivered messages', empty: 'No message was delivered yet.' },
  { state: 'returned', title: 'Returned messages', empty: 'No message came back.' },
] as const;

const ORDERS = [
  { value: 'newest', text: 'Newest first' },
  { value: 'oldest', text: 'Oldest first' },
  { value: 'lift', text: 'Nearest lift first' },
] as const;

const AGES = [
  { value: '1h', text: 'Over an hour', ms: HOUR },
  { value: '4h', text: 'Over 4 hours', ms: 4 * HOUR },
  { value: '1d', text: 'Over a day', ms: 24 * HOUR },
  { value: '7d', text: 'Over a week', ms: 7 * 24 * HOUR },
] as const;

const LIFTS = [
  { value: '15m', text: 'Within 15 minutes', ms: 15 * MINUTE },
  { value: '1h', text: 'Within an hour', ms: HOUR },
  { value: '1d', text: 'Within a day', ms: 24 * HOUR },
] as const;

/** Held messages, and the shelves of what was decided. */
export function queuePages(service: Service): readonly PageRoute[] {
  return [{ method: 'get', path: '/review', roles: ['reviewer'], handle: (call) => showQueue(service, call) }];
}

async function showQueue(service: Service, { caller, query }: PageCall): Promise<PageReply> {
  const now = service.clock.now();
  const after = query.get('after');
  const chosen = chosenFrom(query);
  const { shelf } = chosen;
  const isHeld = shelf.state === 'held';
  const filter = given({
    state: shelf.state,
    entry: chosen.entry,
    detector: chosen.detector,
    search: chosen.search,
    sender: chosen.sender,
    receivedBefore: chosen.age === undefined ? undefined : now - chosen.age.ms,
    // What was to lift before now is the most urgent of all.
    liftBefore: chosen.lift === undefined || !isHeld ? undefined : now + chosen.lift.ms,
  });
  const order = chosen.order.value === 'lift' && !isHeld ? 'newest' : chosen.order.value;
  const [outcome, count, registers, alerts] = await Promise.all([
    service.listMessages({ ...filter, order, limit: PAGE_SIZE, ...given({ after: after ?? undefined }) }, caller),
    isHeld ? service.countMessages(filter, caller) : null,
    service.registers(caller),
    isHeld && after === null ? service.probingAlerts(caller) : null,
  ]);
  const entries = registers.ok ? [...registers.value.embargoes, ...registers.value.sensitivity] : [];
  return pageOf(outcome, ({ items, next }) =>
    page('review-list.njk', {
      items: items.map((view) => row(view, now)),
      count: count?.ok === true ? count.value : null,
      next: next === null ? null : linkTo(query, shelf.state, next),
      first: after === null ? null : linkTo(query, shelf.state, null),
      shelf,
      shelves: SHELVES,
      entries: entries.map(({ id, title }) => ({ id, title })),
      detectors: DETECTORS,
      orders: isHeld ? ORDERS : ORDERS.slice(0, 2),
      ages: AGES,
      lifts: isHeld ? LIFTS : [],
      alerts: alerts?.ok === true ? alerts.value.map((act) => showAlert(act, entries)) : [],
      chosen: {
        entry: chosen.entry,
        detector: chosen.detector,
        search: chosen.search ?? chosen.sender,
        order,
        age: chosen.age?.value,
        lift: chosen.lift?.value,
      },
      isFiltered: Object.keys(filter).length > 1,
      isHeld,
    }),
  );
}

function chosenFrom(query: URLSearchParams) {
  const text = (name: string) => query.get(name)?.trim().slice(0, 320) || undefined;
  const oneOf = <T extends { readonly value: string }>(list: readonly T[], name: string) =>
    list.find(({ value }) => value === query.get(name));
  return {
    shelf: SHELVES.find(({ state }) => state === query.get('state')) ?? SHELVES[0],
    entry: text('entry'),
    detector: DETECTORS.find(({ value }) => value === query.get('detector'))?.value as DetectorName | undefined,
    search: text('search'),
    sender: text('sender'),
    order: oneOf(ORDERS, 'order') ?? ORDERS[0],
    age: oneOf(AGES, 'age'),
    lift: oneOf(LIFTS, 'lift'),
  };
}

/** The same list with the page that follows; only names of ours are carried on. */
function linkTo(query: URLSearchParams, state: string, after: string | null): string {
  const link = new URLSearchParams({ state });
  if (after !== null) link.set('after', after);
  for (const name of ['entry', 'detector', 'search', 'sender', 'order', 'age', 'lift']) {
    const value = query.get(name);
    if (value) link.set(name, value);
  }
  return `/review?${link}`;
}

function showAlert(
  { at, target, detail }: NamedAct,
  entries: readonly { readonly id: string; readonly title: string }[],
) {
  const title = entries.find(({ id }) => id === target)?.title ?? target;
  return { at, author: String(detail['author'] ?? ''), title };
}

export function row(view: MessageView, now: number) {
  const [first] = view.findings;
  const [part] = view.incomplete;
  return {
    id: view.id,
    from: short(view.envelope.from),
    to: view.envelope.to.length,
    kind: view.kind,
    subject: view.subject === null ? null : short(view.subject),
    why: first === undefined ? null : short(first.summary, 300),
    part: first === undefined && part !== undefined ? { ...part, path: short(part.path) } : null,
    more: Math.max(0, view.findings.length + view.incomplete.length - 1),
    age: Math.max(0, now - view.receivedAt),
    holdUntil: view.holdUntil,
    lifted: view.holdUntil !== null && view.holdUntil <= now,
    toLift: view.holdUntil === null ? null : view.holdUntil - now,
    state: STATE_TAGS[view.state],
  };
}

function short(text: string, most = MOST_SHOWN): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`;
}
