import { Temporal } from 'temporal-polyfill';
import { domainOf } from '../core/address.ts';
import type { Instant, Registers } from '../core/entry.ts';
import { REPORT_FIELDS, type ReportFields } from './incident-record.ts';
import type { RecipientState } from './review-record.ts';
import type { MessageView } from './service.ts';

const ZONE = 'Europe/London';
const EMPTY = Object.fromEntries(REPORT_FIELDS.map((field) => [field, ''])) as ReportFields;

/** A report that only says which day it is. */
export function emptyReport(now: Instant): ReportFields {
  return { ...EMPTY, reportedOn: dayOf(now) };
}

/**
 * What the record knows of a breach by a message that left: which output, when, between whom, what was found.
 *
 * Reads the message as its reviewer without access sees it, so that a report shows nothing that a list of held messages does not.
 */
export function prefillReport(
  view: MessageView,
  recipients: readonly RecipientState[],
  registers: Registers,
  now: Instant,
): ReportFields {
  const named = new Set(view.findings.map(({ entry }) => entry));
  const releases = registers.embargoes.filter(({ id }) => named.has(id));
  const datasets = registers.sensitivity.filter(({ id }) => named.has(id));
  const reached = recipients.filter(({ state }) => state === 'delivered');
  const organisations = new Set(reached.map(({ address }) => domainOf(address)));
  const left = Math.min(...reached.map(({ settledAt }) => settledAt ?? view.receivedAt), Number.POSITIVE_INFINITY);
  const at = Number.isFinite(left) ? left : view.receivedAt;
  const early = releases.flatMap(({ title, until }) =>
    until > at && reached.length > 0 ? [`It left ${before(until - at)} before ${title} was to be published.`] : [],
  );
  const summaries = [...new Set(view.findings.map(({ summary }) => summary))];
  return {
    ...emptyReport(now),
    title: [...releases, ...datasets].map(({ title }) => title).join('; '),
    link: releases.flatMap(({ page }) => (page === null ? [] : [page])).join('\n'),
    producer: [...new Set(releases.map(({ producer }) => producer))].join('; '),
    occurredOn: dayOf(at),
    nature: [
      `A message from ${view.envelope.from || 'an empty sender'} came in at ${timeOf(view.receivedAt)}. ${reachedWords(reached.length, organisations.size, at)}`,
      ...early,
      ...(summaries.length === 0 ? [] : ['Found in it:', ...summaries.map((summary) => `- ${summary}`)]),
    ].join('\n'),
  };
}

function reachedWords(people: number, organisations: number, at: Instant): string {
  if (people === 0) return 'As far as the record knows it was delivered to nobody.';
  const who =
    people === 1
      ? 'one person'
      : `${people} people in ${organisations === 1 ? 'one organisation' : `${organisations} organisations`}`;
  return `It was delivered to ${who} from ${timeOf(at)} on.`;
}

function local(at: Instant): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE);
}

function dayOf(at: Instant): string {
  return local(at).toLocaleString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
}

function timeOf(at: Instant): string {
  return local(at).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
}

/** By the minute where every minute counts. */
function before(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 60_000));
  if (whole > 180) return `${Math.round(whole / 60).toLocaleString('en-GB')} hours`;
  return whole === 1 ? '1 minute' : `${whole} minutes`;
}
