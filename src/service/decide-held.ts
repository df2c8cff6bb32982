import type { Instant } from '../core/entry.ts';
import type { DecisionAction } from '../core/message.ts';
import { decide } from '../core/policy.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { Engine } from '../scan/engine.ts';
import { refuse } from './authorise.ts';
import { NotReady } from './engine-source.ts';
import { waitingOf } from './judgement-extras.ts';
import { findFor, type ReviewDeps, viewFor } from './message-for.ts';
import type { Caller } from './ports.ts';
import { questionMail } from './question-mail.ts';
import { refusal } from './refusal.ts';
import type { Outcome, Service } from './service.ts';
import type { Decision, KeptMessage } from './stores.ts';

const MAX_REASON = 2000;
/** More recipients than these are not sorted out one by one. */
export const MOST_SORTED = 500;

/** A reviewer's decision on a held message, audited; where the policy says so, a release needs a second person. */
export function createDeciding(deps: ReviewDeps): Service['decideMessage'] {
  return async (id, { action, reason }, caller) => {
    const refused = refuse(caller, 'review');
    if (refused !== null) return refused;
    const given = reason.trim();
    if (given === '' || given.length > MAX_REASON) {
      return refusal('invalid', `a reason of 1 to ${MAX_REASON} characters is needed`);
    }
    const message = await findFor(id, caller, deps);
    if (message === null) return refusal('not-found', `there is no message ${id.slice(0, 64)}`);
    const rules = deps.engines.rules();
    if (rules === null && action !== 'reject' && action !== 'ask') {
      return refusal(
        'not-ready',
        'the rules do not load, so nobody knows how many people a release needs: mend them first',
      );
    }
    const more = await moreOf(action, given, message, caller, deps);
    if (!more.ok) return more;
    const people = releasePeople(rules);
    const decision = { action, reason: given, liftsAt: null, people, ...more.value };
    const decided = await deps.messages.decide(id, decision, caller);
    if (decided === null) return conflict(await findFor(id, caller, deps), action, people);
    if (decided.state === 'released' && deps.delivers && decided.kind === 'email') {
      void deps.queue.add({ kind: 'deliver', id }, { priority: 'interactive' });
    }
    if (decision.question !== undefined) void deps.queue.add({ kind: 'scan', id: decision.question.id });
    return { ok: true, value: await viewFor(decided, caller, deps) };
  };
}

/** How many people a release needs: `releasePeople` in the policy, one where it says nothing. */
export function releasePeople(rules: Pick<CompiledRules, 'thresholds'> | null): number {
  return (rules?.thresholds['releasePeople'] ?? 1) >= 2 ? 2 : 1;
}

async function moreOf(
  action: DecisionAction,
  reason: string,
  message: KeptMessage,
  caller: Caller,
  deps: ReviewDeps,
): Promise<Outcome<Partial<Pick<Decision, 'liftsAt' | 'withheld' | 'question'>>>> {
  switch (action) {
    case 'release':
    case 'reject':
      return { ok: true, value: {} };
    case 'release-at-lift':
      return liftFor(message, deps);
    case 'release-eligible':
      return withheldFrom(message, deps);
    case 'ask':
      return questionTo(message, reason, caller, deps);
  }
}

async function liftFor(message: KeptMessage, deps: ReviewDeps): Promise<Outcome<{ readonly liftsAt: Instant | null }>> {
  if (message.judgement === null) return refusal('conflict', `the message is ${message.state}, not held`);
  const engine = await engineOf(deps);
  if (engine === null) return refusal('not-ready', 'the registers cannot be read now');
  const waiting = waitingOf(message.judgement, engine.registers, effective(message, deps.now()));
  if (waiting.neverLifts) return refusal('conflict', 'protected records never lift: release or reject the message');
  if (!waiting.isWaiting) return refusal('conflict', 'no embargo holds this message: release or reject it');
  return { ok: true, value: { liftsAt: waiting.until } };
}

async function withheldFrom(
  message: KeptMessage,
  deps: ReviewDeps,
): Promise<Outcome<{ readonly withheld: readonly string[] }>> {
  if (message.kind !== 'email') return refusal('conflict', 'a draft has no recipients to choose from');
  const engine = await engineOf(deps);
  const rules = deps.engines.rules();
  if (engine === null || rules === null) return refusal('not-ready', 'the registers cannot be read now');
  const sorted = sortRecipients(message, engine.registers, rules, deps.now());
  if (sorted === null) return refusal('conflict', `it has more than ${MOST_SORTED} recipients, or is not judged yet`);
  if (sorted.eligible.length === 0) return refusal('conflict', 'nobody on it may have it now: reject it, or wait');
  return { ok: true, value: { withheld: sorted.withheld } };
}

/**
 * Recipients whom the policy would let have the message if it went to each alone, and the others; null where there is nothing to sort.
 *
 * Never depends on an embargoed value: the policy does not read insights (promise 4).
 */
export function sortRecipients(
  message: KeptMessage,
  registers: Engine['registers'],
  { policy }: Pick<CompiledRules, 'policy'>,
  now: Instant,
): { readonly eligible: readonly string[]; readonly withheld: readonly string[] } | null {
  const { judgement, envelope } = message;
  if (judgement === null || envelope.to.length > MOST_SORTED) return null;
  const { findings, incomplete } = judgement;
  const effectiveAt = effective(message, now);
  const mayHave = (address: string) => {
    const parties = { from: envelope.from, to: [address] };
    return decide({ findings, incomplete, parties, effectiveAt }, registers, policy).verdict !== 'hold';
  };
  const eligible = envelope.to.filter(mayHave);
  return { eligible, withheld: envelope.to.filter((address) => !eligible.includes(address)) };
}

function questionTo(
  message: KeptMessage,
  question: string,
  caller: Caller,
  { newId, now, host = 'localhost' }: ReviewDeps,
): Outcome<Pick<Decision, 'question'>> {
  const sender = message.envelope.from;
  if (!/^[^\s<>]+@[^\s<>@]+$/.test(sender)) return refusal('conflict', 'it has no sender with an address to ask at');
  const mail = questionMail({ id: newId(), host, now: now(), sender, message, question, asker: caller });
  return { ok: true, value: { question: mail } };
}

function effective({ publishAt }: KeptMessage, now: Instant): Instant {
  return Math.max(now, publishAt ?? 0);
}

/** Null while nothing can be judged. */
export async function engineOf({ engines }: Pick<ReviewDeps, 'engines'>): Promise<Engine | null> {
  return engines.current().catch((error: unknown) => {
    if (error instanceof NotReady) return null;
    throw error;
  });
}

function conflict(message: KeptMessage | null, action: DecisionAction, people: number): Outcome<never> {
  if (message?.state === 'held' && action === 'release-at-lift' && message.releaseAtLift) {
    return refusal('conflict', 'the message is to be released at its lift already');
  }
  if (message?.state === 'held' && people > 1) {
    return refusal('conflict', 'you proposed this release yourself: it needs a second person');
  }
  return refusal('conflict', `the message is ${message?.state ?? 'gone'}, only a held one can be decided on`);
}
