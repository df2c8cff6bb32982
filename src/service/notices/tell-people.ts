import { domainOf, normaliseAddress } from '../../core/address.ts';
import type { Instant } from '../../core/entry.ts';
import type { Log } from '../log.ts';
import type { JobQueue } from '../ports.ts';
import { noticeMail } from './notice-mail.ts';
import type { DueNotice, NoticeRecord, WaitingForReview } from './notice-record.ts';
import { fillNotice, type NoticeName, type NoticeTemplates, type NoticeValues } from './notice-template.ts';

export interface NoticeSettings {
  /** Address that notices come from. */
  readonly from: string;
  /** Domains whose addresses are our own; nobody else is ever told anything. */
  readonly domains: readonly string[];
  /** Where people reach the pages; null: notices have no links. */
  readonly publicUrl: string | null;
  /** Hour of the digest in London. */
  readonly digestHour: number;
}

export interface NoticeDeps {
  readonly record: NoticeRecord;
  readonly templates: NoticeTemplates;
  readonly settings: NoticeSettings;
  readonly queue: Pick<JobQueue, 'add'>;
  /** The judgements' clock, which lifts are told by. */
  readonly now: () => Instant;
  /** The real time, which digests go by. */
  readonly wallClock: () => number;
  readonly newId: () => string;
  readonly host: string;
  readonly log: Log;
}

const BATCH = 100;
/** Between two notices to reviewers about what is new. */
const REVIEWERS_EVERY_MS = 10 * 60_000;
const LIFTS_TOLD = 10;

/** Tells everybody who is to be told of something now, one process at a time. */
export async function tellPeople(deps: NoticeDeps): Promise<void> {
  await deps.record.alone(async () => {
    for (const due of await deps.record.dueToSenders(BATCH)) await tellSender(due, deps);
    await tellReviewers(deps);
    await sendDigest(deps);
  });
}

/** Whether an address is of our own organisation. */
export function isOurs(address: string, domains: readonly string[]): boolean {
  return /^[^\s<>,;@]+@[^\s<>,;@]+$/.test(normaliseAddress(address)) && domains.includes(domainOf(address));
}

/** The sender's own words for the occasion; the same whatever the message says and whatever it was held for. */
async function tellSender(due: DueNotice, deps: NoticeDeps): Promise<void> {
  const name = noticeFor(due);
  if (name !== null && due.isStill && isOurs(due.sender, deps.settings.domains)) {
    if (!(await deps.record.declines(due.sender))) {
      await send(name, due.sender, valuesFor(due, deps.settings), deps);
    }
  }
  await deps.record.senderTold(due.message, due.what);
}

function noticeFor({ kind, what, holdUntil }: DueNotice): NoticeName | null {
  if (kind === 'email') {
    if (what === 'held') return holdUntil === null ? 'mail-held' : 'mail-held-until-lift';
    return `mail-${what}`;
  }
  // Whoever sends a draft to a reviewer sees on the page that it is held.
  return kind === 'draft' && what !== 'held' ? `draft-${what}` : null;
}

function valuesFor(due: DueNotice, { publicUrl }: NoticeSettings): NoticeValues {
  return {
    id: due.message,
    sent: sayTime(due.receivedAt),
    recipients: due.recipients === 1 ? '1 recipient' : `${due.recipients} recipients`,
    lift: due.holdUntil === null ? null : sayTime(due.holdUntil),
    link: publicUrl === null ? null : `${publicUrl}/drafts/${encodeURIComponent(due.message)}`,
  };
}

async function tellReviewers(deps: NoticeDeps): Promise<void> {
  const { record } = deps;
  if (!(await record.mayTellReviewers(REVIEWERS_EVERY_MS))) return;
  const state = await record.waiting();
  if (state.fresh.length === 0) return;
  const values = { ...reviewValues(state, deps), fresh: messages(state.fresh.length) };
  for (const address of await record.reviewers('soon')) {
    if (isOurs(address, deps.settings.domains)) await send('review-new', address, values, deps);
  }
  await record.reviewersTold(state.fresh);
}

async function sendDigest(deps: NoticeDeps): Promise<void> {
  const { day, hour } = londonTime(deps.wallClock());
  if (hour < deps.settings.digestHour || !(await deps.record.takeDigest(day))) return;
  const state = await deps.record.waiting();
  if (state.waiting === 0) return;
  for (const address of await deps.record.reviewers('daily')) {
    if (isOurs(address, deps.settings.domains)) await send('review-digest', address, reviewValues(state, deps), deps);
  }
}

function reviewValues(state: WaitingForReview, { settings, now }: NoticeDeps): NoticeValues {
  const coming = state.lifts.filter(({ lift }) => lift > now()).slice(0, LIFTS_TOLD);
  const [next] = coming;
  return {
    waiting: messages(state.waiting),
    oldest: state.oldest === null ? null : sayTime(state.oldest),
    'next-lift': next === undefined ? null : sayTime(next.lift),
    lifts: coming.length === 0 ? null : coming.map(({ lift, held }) => `${sayTime(lift)}: ${held}`).join('\n'),
    link: settings.publicUrl === null ? null : `${settings.publicUrl}/review`,
    wishes: settings.publicUrl === null ? null : `${settings.publicUrl}/notices`,
  };
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count.toLocaleString('en-GB')} messages`;
}

async function send(
  name: NoticeName,
  to: string,
  values: NoticeValues,
  { record, templates, settings, queue, newId, host, now, log }: NoticeDeps,
): Promise<void> {
  const template = templates.get(name);
  if (template === undefined) throw new Error(`there is no template of the notice ${name}`);
  const id = newId();
  const filled = fillNotice(template, values);
  await record.send(noticeMail({ id, name, from: settings.from, to, ...filled, host, now: now() }));
  void queue.add({ kind: 'scan', id }, { priority: 'bulk' });
  log.info({ id, notice: name }, 'notice');
}

const LONDON = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** `09:30 on Wednesday 20 January 2016`, London time. */
function sayTime(at: Instant): string {
  const parts = new Map(LONDON.formatToParts(at).map(({ type, value }) => [type, value]));
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return `${get('hour')}:${get('minute')} on ${get('weekday')} ${get('day')} ${get('month')} ${get('year')}`;
}

function londonTime(at: number): { readonly day: string; readonly hour: number } {
  const iso = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/London',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at);
  return { day: iso.slice(0, 10), hour: Number(iso.slice(11, 13)) };
}
