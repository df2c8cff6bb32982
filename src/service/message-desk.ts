import { domainOf } from '../core/address.ts';
import type { Instant } from '../core/entry.ts';
import { passageOf } from '../core/false-alarm.ts';
import type { MessageState } from '../core/message.ts';
import type { KeyRing } from '../registers/keys.ts';
import { digestPassage } from '../registers/passage-digest.ts';
import { may, refuse } from './authorise.ts';
import { engineOf, releasePeople, sortRecipients } from './decide-held.ts';
import { findFor, openKept, type ReviewDeps, viewFor } from './message-for.ts';
import type { Caller } from './ports.ts';
import { refusal } from './refusal.ts';
import type { KeptDecision, KeptFalseAlarm, RecipientState, ReviewRecord } from './review-record.ts';
import type { MessageView, Outcome } from './service.ts';
import type { AccountRecord } from './stores.ts';

/** A decision as a reviewer may read it; the reason only with access to what it was on. */
export interface PastDecision {
  readonly message: string;
  readonly state: MessageState;
  readonly action: string;
  readonly who: string;
  readonly at: Instant;
  readonly reason: string | null;
}

/** What stands beside a message on its page. */
export interface MessageSurroundings {
  readonly recipients: readonly RecipientState[];
  /** How many people a release needs. */
  readonly releasePeople: number;
  /** Releases that a first person proposed since the verdict. */
  readonly proposals: readonly (PastDecision & { readonly isOwn: boolean })[];
  /** Whom a release to eligible recipients would reach and whom not; null where it makes no sense. */
  readonly sorted: { readonly eligible: readonly string[]; readonly withheld: readonly string[] } | null;
  /** What was decided on other messages that the same rules found. */
  readonly similar: readonly PastDecision[];
}

export interface FalseAlarmView extends Omit<KeptFalseAlarm, 'passage' | 'proposedBy' | 'approvedBy' | 'endedBy'> {
  readonly state: 'proposed' | 'in-force' | 'expired' | 'refused' | 'revoked';
  readonly proposer: string;
  readonly approver: string | null;
  readonly ender: string | null;
  readonly isOwn: boolean;
  /** Whether the caller may approve it: another person, who may see what it was found in. */
  readonly mayApprove: boolean;
}

export interface FalseAlarmInput {
  readonly message: string;
  /** Place of the finding in the view's list. */
  readonly finding: number;
  readonly anyEntry: boolean;
  readonly sender: 'address' | 'organisation';
  readonly days: number;
  readonly reason: string;
}

/** What reviewers look up and settle beside the message itself. */
export interface MessageDesk {
  surroundings(id: string, caller: Caller): Promise<Outcome<MessageSurroundings>>;
  /** Who is on this mail of a conversation and was on none of those it answers; empty where it answers none that are known. */
  addedTo(
    messageIds: readonly string[],
    id: string,
    caller: Caller,
  ): Promise<Outcome<{ readonly mails: readonly string[]; readonly added: readonly string[] }>>;
  falseAlarms(caller: Caller): Promise<Outcome<readonly FalseAlarmView[]>>;
  /** Needs access to what the message concerns, and a second person's approval before it does anything. */
  proposeFalseAlarm(input: FalseAlarmInput, caller: Caller): Promise<Outcome<{ readonly id: string }>>;
  settleFalseAlarm(
    id: string,
    how: 'approve' | 'refuse' | 'revoke',
    caller: Caller,
  ): Promise<Outcome<{ readonly id: string }>>;
}

export interface MessageDeskDeps extends ReviewDeps {
  readonly reviews: ReviewRecord;
  readonly accounts: Pick<AccountRecord, 'namesOf'>;
  readonly keys: KeyRing;
}

const MOST_SIMILAR = 8;
const MOST_ALARMS = 200;
const MOST_DAYS = 365;
const DAY_MS = 24 * 60 * 60_000;

export function createMessageDesk(deps: MessageDeskDeps): MessageDesk {
  const { reviews } = deps;
  return {
    async surroundings(id, caller) {
      const refused = refuse(caller, 'review');
      if (refused !== null) return refused;
      const message = await findFor(id, caller, deps);
      if (message === null) return refusal('not-found', `there is no message ${id.slice(0, 64)}`);
      const engine = await engineOf(deps);
      const rules = deps.engines.rules();
      const [recipients, own, similar] = await Promise.all([
        reviews.recipients(id),
        reviews.decisions(id),
        reviews.similar(id, MOST_SIMILAR),
      ]);
      const proposals = own.filter(({ action, isCurrent }) => isCurrent && action.startsWith('propose-'));
      const canSort = message.state === 'held' && message.kind === 'email' && message.envelope.to.length > 1;
      return {
        ok: true,
        value: {
          recipients,
          releasePeople: releasePeople(rules),
          proposals: (await show(proposals, caller, deps)).map((one, index) => ({
            ...one,
            isOwn: proposals[index]?.actor === caller.id,
          })),
          sorted:
            canSort && engine !== null && rules !== null
              ? sortRecipients(message, engine.registers, rules, deps.now())
              : null,
          similar: await show(similar, caller, deps),
        },
      };
    },
    async addedTo(messageIds, id, caller) {
      const refused = refuse(caller, 'review');
      if (refused !== null) return refused;
      const message = await findFor(id, caller, deps);
      if (message === null) return refusal('not-found', `there is no message ${id.slice(0, 64)}`);
      const mails = (await reviews.thread(messageIds)).filter((mail) => mail.id !== id);
      const known = new Set(mails.flatMap(({ addresses }) => addresses.map((one) => one.toLowerCase())));
      const added = mails.length === 0 ? [] : message.envelope.to.filter((one) => !known.has(one.toLowerCase()));
      return { ok: true, value: { mails: mails.map((mail) => mail.id), added } };
    },
    async falseAlarms(caller) {
      const refused = refuse(caller, 'see-false-alarms');
      if (refused !== null) return refused;
      const alarms = await reviews.falseAlarms(MOST_ALARMS);
      const people = alarms.flatMap(({ proposedBy, approvedBy, endedBy }) => [
        proposedBy,
        approvedBy ?? '',
        endedBy ?? '',
      ]);
      const names = await deps.accounts.namesOf([...new Set(people)]);
      const nameOf = (person: string | null) => (person === null ? null : (names.get(person) ?? person));
      return { ok: true, value: await Promise.all(alarms.map((alarm) => showAlarm(alarm, nameOf, caller, deps))) };
    },
    proposeFalseAlarm: (input, caller) => propose(input, caller, deps),
    async settleFalseAlarm(id, how, caller) {
      const refused = refuse(caller, how === 'revoke' ? 'revoke-false-alarms' : 'review');
      if (refused !== null) return refused;
      const alarm = await reviews.findFalseAlarm(id);
      if (alarm === null) return refusal('not-found', `there is no false alarm ${id.slice(0, 64)}`);
      if (how === 'approve') {
        if (alarm.proposedBy === caller.id)
          return refusal('forbidden', 'you proposed it yourself: a second person approves it');
        if (!(await maySeeInside(alarm.message, caller, deps)))
          return refusal('forbidden', 'you have no access to what it was found in');
      }
      if (!(await reviews.settleFalseAlarm(id, how, caller.id)))
        return refusal('conflict', 'it was settled already, has expired, or was proposed by you');
      if (how !== 'refuse') {
        // In this order: what is judged again is to be judged by what was just settled.
        await deps.engines.refresh();
        for (const again of await reviews.judgeAgain(alarm)) void deps.queue.add({ kind: 'scan', id: again });
      }
      return { ok: true, value: { id } };
    },
  };
}

async function propose(
  { message: id, finding: index, anyEntry, sender, days, reason }: FalseAlarmInput,
  caller: Caller,
  deps: MessageDeskDeps,
): Promise<Outcome<{ readonly id: string }>> {
  const refused = refuse(caller, 'review');
  if (refused !== null) return refused;
  const given = reason.trim();
  if (given === '' || given.length > 2000) return refusal('invalid', 'a reason of 1 to 2000 characters is needed');
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    return refusal('invalid', `it lasts for 1 to ${MOST_DAYS} days`);
  }
  const message = await findFor(id, caller, deps);
  if (message === null) return refusal('not-found', `there is no message ${id.slice(0, 64)}`);
  if (!(await viewFor(message, caller, deps)).mayReveal) {
    return refusal('forbidden', 'you have no access to what it concerns, or its content was deleted');
  }
  const finding = message.judgement?.findings[index];
  if (finding === undefined) return refusal('invalid', 'the message has no such reason: open it again');
  const from = message.envelope.from;
  if (from === '') return refusal('conflict', 'a message without a sender cannot be told from others');
  const passage = passageOf(finding, await openKept(message, deps));
  if (passage === null) {
    return refusal('conflict', 'of this reason no lasting exception can be made: decide on each message');
  }
  const alarm = {
    id: deps.newId(),
    message: id,
    detector: finding.detector,
    rule: finding.rule,
    entry: finding.entry,
    anyEntry,
    sender: sender === 'address' ? from.toLowerCase() : `*@${domainOf(from)}`,
    passage: digestPassage(passage, deps.keys),
    reason: given,
    until: Date.now() + days * DAY_MS,
  };
  await deps.reviews.proposeFalseAlarm(alarm, caller.id);
  return { ok: true, value: { id: alarm.id } };
}

async function maySeeInside(id: string, caller: Caller, deps: MessageDeskDeps): Promise<boolean> {
  const message = await findFor(id, caller, deps);
  return message !== null && knowsInside(await viewFor(message, caller, deps));
}

/** Also after its content was deleted, what was in it stays what it was. */
function knowsInside({ mayReveal, subject }: MessageView): boolean {
  return mayReveal || subject !== null;
}

async function showAlarm(
  alarm: KeptFalseAlarm,
  nameOf: (person: string | null) => string | null,
  caller: Caller,
  deps: MessageDeskDeps,
): Promise<FalseAlarmView> {
  const { passage: _passage, proposedBy, approvedBy, endedBy, ...rest } = alarm;
  const mayRead = await maySeeInside(alarm.message, caller, deps);
  const state = stateOf(alarm, Date.now());
  return {
    ...rest,
    reason: mayRead ? alarm.reason : '',
    state,
    proposer: nameOf(proposedBy) ?? proposedBy,
    approver: nameOf(approvedBy),
    ender: nameOf(endedBy),
    isOwn: proposedBy === caller.id,
    mayApprove: state === 'proposed' && proposedBy !== caller.id && may(caller, 'review') && mayRead,
  };
}

function stateOf({ approvedAt, endedAt, until }: KeptFalseAlarm, now: Instant): FalseAlarmView['state'] {
  if (endedAt !== null) return approvedAt === null ? 'refused' : 'revoked';
  if (until <= now) return 'expired';
  return approvedAt === null ? 'proposed' : 'in-force';
}

/** A reason may say what only those with access may read. */
async function show(
  decisions: readonly KeptDecision[],
  caller: Caller,
  deps: MessageDeskDeps,
): Promise<readonly PastDecision[]> {
  const names = await deps.accounts.namesOf([...new Set(decisions.map(({ actor }) => actor))]);
  const ids = [...new Set(decisions.map(({ message }) => message))];
  const open = new Map(await Promise.all(ids.map(async (id) => [id, await maySeeInside(id, caller, deps)] as const)));
  return decisions.map(({ message, state, action, actor, at, reason }) => ({
    message,
    state,
    action,
    at,
    who: names.get(actor) ?? actor,
    reason: open.get(message) === true ? reason : null,
  }));
}
