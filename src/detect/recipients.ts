import { domainOf, listOf, normaliseAddress } from '../core/address.ts';
import type { EmbargoEntry } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import type { OpenedMessage } from '../core/part.ts';
import { threshold } from '../rules/threshold.ts';
import { editDistance } from '../text/nearest-name.ts';
import { concernedEntries } from './concerned-entries.ts';
import type { DetectContext, Detector } from './detector.ts';
import { bearsPreReleaseMarking } from './marking.ts';
import { organisationOf, outsideOf } from './organisation.ts';
import { addressesIn, quotedAddresses } from './quoted-addresses.ts';

/** Pairs of addresses compared letter by letter; a mail to thousands is no slip of the finger. */
const MOST_COMPARED = 20_000;

const MOST_NAMED = 5;
const LONGEST_NAMED = 50;

/**
 * Reads the address lists: a long one in sight of everybody; and, on a mail that carries a pre-release marking, recipients who are
 * not on the access list (above all those who look like one that is), and recipients whom a reply adds to the thread.
 */
export const recipients: Detector = {
  name: 'recipients',
  detect: (message, context) => [...manyVisible(message, context), ...strangersOnMarkedMail(message, context)],
};

function manyVisible(message: OpenedMessage, { parties, rules }: DetectContext): readonly Finding[] {
  if (message.headers === null) return [];
  const sender = parties.from ?? message.headers.from[0] ?? null;
  const visible = new Set([...message.headers.to, ...message.headers.cc].map(normaliseAddress));
  const outside = outsideOf(sender, [...visible]);
  if (outside.length <= threshold(rules.thresholds, 'visibleRecipients')) return [];
  return [
    notable(
      'many-visible-recipients',
      null,
      `${outside.length} addresses outside the sender's organisation stand in To and Cc, where every recipient sees them all; Bcc hides them.`,
    ),
  ];
}

function strangersOnMarkedMail(message: OpenedMessage, context: DetectContext): readonly Finding[] {
  if (context.open.length === 0 || context.parties.to.length === 0) return [];
  const inherited = inheritedEntries(context);
  const isMarked = bearsPreReleaseMarking(message, context.rules.markings);
  if (!isMarked && inherited.length === 0) return [];
  const added = addedByReply(message, context);
  const concerned = new Set([...(isMarked ? concernedEntries(message, context) : []), ...inherited]);
  return [...concerned].flatMap((entry) => [
    ...offList(entry, isMarked, context),
    ...(added.length === 0 ? [] : [addedFinding(entry, isMarked, added)]),
    ...answersElsewhere(message, entry),
  ]);
}

/** What the mails that this one answers were about, where they are in the record and their releases still open. */
function inheritedEntries({ open, thread }: DetectContext): readonly EmbargoEntry[] {
  return thread === undefined ? [] : open.filter(({ id }) => thread.entries.includes(id));
}

function addedFinding(entry: EmbargoEntry, isMarked: boolean, added: readonly string[]): Finding {
  return {
    ...notable(
      'added-recipients',
      entry.id,
      `${isMarked ? 'A mail with a pre-release marking' : 'A mail about statistics under embargo'} is answered or forwarded to ${added.length} more ${added.length === 1 ? 'address' : 'addresses'} than it came with.`,
    ),
    insight: listed('Added', added),
  };
}

/** One wording whoever is off the list: who is on it, and who was, is for cleared eyes. */
function offList(entry: EmbargoEntry, isMarked: boolean, context: DetectContext): readonly Finding[] {
  const eligible = eligibleFor(entry);
  const isEligible = listOf(eligible);
  const strangers = context.parties.to.filter((address) => !isEligible(address)).map(normaliseAddress);
  if (strangers.length === 0) return [];
  const people = eligible.filter((address) => !address.startsWith('*@')).map(normaliseAddress);
  const alike = strangers
    .slice(0, Math.ceil(MOST_COMPARED / Math.max(1, people.length)))
    .filter((address) => people.some((person) => looksLike(address, person))).length;
  const former = strangers.filter(formerlyListed(entry, context)).length;
  return [
    {
      ...notable(
        'recipients-off-list',
        entry.id,
        `${isMarked ? 'A mail with a pre-release marking' : 'It answers a mail about statistics under embargo'}, and not every recipient is known to be eligible: check each address.`,
      ),
      insight: `${strangers.length} of ${context.parties.to.length} recipients not on the access list; ${alike} closely resembling a listed address; ${former} listed for another release of the series only. ${listed('Not on it', strangers)}`,
    },
  ];
}

/** An answer to a mail between eligible people would go to somebody who is not. */
function answersElsewhere(message: OpenedMessage, entry: EmbargoEntry): readonly Finding[] {
  const replyTo = message.parts.find(({ path }) => /(?:^|› )header › Reply-To$/i.test(path))?.content;
  if (replyTo?.kind !== 'text') return [];
  const isEligible = listOf(eligibleFor(entry));
  const strangers = addressesIn(replyTo.text).filter((address) => !isEligible(address));
  if (strangers.length === 0) return [];
  return [
    {
      ...notable(
        'reply-to-off-list',
        entry.id,
        'A mail with a pre-release marking asks for answers at an address that is not known to be eligible.',
      ),
      insight: listed('Reply-To', strangers),
    },
  ];
}

function eligibleFor(entry: EmbargoEntry): readonly string[] {
  return [...(entry.preRelease?.access.map((person) => person.email) ?? []), ...entry.custodians];
}

/** A few addresses by name, for those who may see whom a mail goes to anyway. */
function listed(what: string, addresses: readonly string[]): string {
  const named = addresses.slice(0, MOST_NAMED).map((address) => address.slice(0, LONGEST_NAMED));
  const more = addresses.length - named.length;
  return `${what}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

/** One or two letters apart, or the same name at another organisation. */
function looksLike(address: string, person: string): boolean {
  const [name, other] = [localPart(address), localPart(person)];
  if (name === other) return name.length >= 4 && domainOf(address) !== domainOf(person);
  // More letters than that are more edits.
  if (Math.abs(address.length - person.length) <= 2 && address.length >= 12 && editDistance(address, person) <= 2)
    return true;
  return (
    name.length >= 6 &&
    Math.abs(name.length - other.length) <= 2 &&
    organisationOf(address) === organisationOf(person) &&
    editDistance(name, other) <= 2
  );
}

function localPart(address: string): string {
  return address.slice(0, address.lastIndexOf('@'));
}

function formerlyListed(entry: EmbargoEntry, { registers }: DetectContext): (address: string) => boolean {
  const others = registers.embargoes.filter(
    ({ id, series }) => id !== entry.id && series !== null && series === entry.series,
  );
  return listOf(others.flatMap(({ preRelease }) => preRelease?.access.map((person) => person.email) ?? []));
}

/** Whom an answer goes to beyond those who had the mail it answers, by the record where that is there, else by what it quotes. */
function addedByReply(message: OpenedMessage, { parties, thread }: DetectContext): readonly string[] {
  const { headers } = message;
  const answers =
    headers !== null && (headers.inReplyTo !== null || /^\s*(re|aw|sv|tr|fw|fwd|wg)\s*:/i.test(headers.subject));
  if (!answers && thread === undefined) return [];
  const quoted = quotedAddresses(message);
  // A quoted block with a single address, the sender's, says nothing about who else was there.
  if (thread === undefined && quoted.size < 2) return [];
  const before = new Set([...[...quoted].map(normaliseAddress), ...(thread?.addresses ?? []).map(normaliseAddress)]);
  return [...new Set(parties.to.map(normaliseAddress).filter((address) => !before.has(address)))];
}

function notable(rule: string, entry: string | null, summary: string): Finding {
  return {
    detector: 'recipients',
    rule,
    entry,
    path: 'headers',
    span: null,
    severity: 'medium',
    summary,
    weight: 'notable',
  };
}
