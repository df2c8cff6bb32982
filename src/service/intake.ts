import { setTimeout as sleep } from 'node:timers/promises';
import { asSource, memorySource } from '../core/byte-source.ts';
import type { Instant } from '../core/entry.ts';
import type { Envelope, MessageKind } from '../core/message.ts';
import { refuse } from './authorise.ts';
import { draftContent } from './draft-mail.ts';
import { type EngineSource, NotReady } from './engine-source.ts';
import { createFairTurns } from './fair-turns.ts';
import { judgeTaken } from './judge-message.ts';
import type { Log } from './log.ts';
import { HEADER_LIMIT, messageIdOf } from './message-header.ts';
import { paceIntake } from './pace-intake.ts';
import type { Caller, JobQueue } from './ports.ts';
import type { DraftInput, MessageView, Outcome, Refusal, Service } from './service.ts';
import type { KeptMessage, MessageRecord } from './stores.ts';
import { viewMessage } from './view-message.ts';
import { LEASE_MS } from './with-lease.ts';

export interface IntakeDeps {
  readonly messages: MessageRecord;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly engines: EngineSource;
  readonly now: () => Instant;
  readonly newId: () => string;
  /** Unique to this process. */
  readonly workerId: string;
  /** Whether cleared mail has anywhere to go. */
  readonly delivers: boolean;
  readonly log: Log;
}

/** Larger ones are judged by a worker process, so that they do not stand in the way of everybody else here. */
const INLINE_BYTES = 512 * 1024;
/** Somebody waits for the answer: before all mail. */
const AHEAD_MS = -86_400_000;
/** How long a submitter waits for a worker's verdict before being answered without one. */
const VERDICT_WAIT_MS = 50_000;

interface Submission {
  readonly kind: MessageKind;
  readonly name: string;
  readonly content: Uint8Array;
  readonly envelope: Envelope;
  readonly publishAt: Instant | null;
  readonly messageId: string | null;
}

/** What comes in: stored first, judged by the one engine, answered in the sender's view. */
export function createIntake(
  deps: IntakeDeps,
): Pick<Service, 'receive' | 'submitMessage' | 'submitDraft' | 'checkDraft'> {
  const turns = createFairTurns(() => performance.now());
  const pace = paceIntake(deps.messages.countFresh, () => performance.now());
  return {
    async receive({ content, envelope, transport = {} }) {
      // What cannot be judged is not taken.
      if (deps.engines.problems().length > 0) return notReady(deps.engines.problems());
      const id = deps.newId();
      const messageId = messageIdOf(await asSource(content).read(0, HEADER_LIMIT));
      const turnAfterMs = turns.next(envelope.from, envelope.to.length, asSource(content).size);
      await deps.messages.insert({
        id,
        kind: 'email',
        receivedAt: deps.now(),
        publishAt: null,
        envelope,
        messageId,
        content,
        transport,
        turnAfterMs,
      });
      deps.log.info({ id, bytes: asSource(content).size }, 'message received');
      void deps.queue.add({ kind: 'take', id }, { priority: 'bulk' });
      const delay = pace.delayFor(turnAfterMs);
      if (delay > 0) await sleep(delay);
      return { ok: true, value: { id } };
    },
    async submitMessage(content, envelope, caller) {
      return (
        refuse(caller, 'submit') ??
        (await submit(
          {
            kind: 'email',
            name: 'message.eml',
            content,
            envelope,
            publishAt: null,
            messageId: messageIdOf(content),
          },
          caller,
          deps,
        ))
      );
    },
    async submitDraft(draft, caller) {
      return refuse(caller, 'submit') ?? (await submit(submissionOf(draft), caller, deps));
    },
    async checkDraft(draft, caller) {
      return refuse(caller, 'submit') ?? (await check(submissionOf(draft), caller, deps));
    },
  };
}

function submissionOf(draft: DraftInput): Submission {
  return {
    kind: 'draft',
    ...draftContent(draft),
    envelope: { from: draft.author, to: draft.recipients },
    publishAt: draft.publishAt,
    messageId: null,
  };
}

async function submit(submission: Submission, caller: Caller, deps: IntakeDeps): Promise<Outcome<MessageView>> {
  const { messages, queue } = deps;
  const engine = await deps.engines.current().catch(asNotReady);
  if (engine instanceof NotReady) return notReady(engine.problems);
  const id = deps.newId();
  const { name, ...rest } = submission;
  const message = { ...rest, id, name, submittedBy: caller.id, receivedAt: deps.now(), transport: {} };
  if (submission.content.length <= INLINE_BYTES) {
    const claimant = `${deps.workerId}/${id}`;
    await messages.insertClaimed(message, claimant, LEASE_MS);
    const kept: KeptMessage = { ...message, bytes: message.content.length, ...UNJUDGED };
    const verdict = await judgeTaken({ ...kept, content: message.content }, claimant, {
      store: messages,
      engine: () => Promise.resolve(engine),
      now: deps.now,
      log: deps.log,
    });
    if (verdict !== null && verdict !== 'hold' && deps.delivers && submission.kind === 'email') {
      void queue.add({ kind: 'deliver', id }, { priority: 'interactive' });
    }
    if (verdict === null) await awaitVerdict(id, deps);
  } else {
    await messages.insertSubmitted({ ...message, turnAfterMs: AHEAD_MS });
    await queue.add({ kind: 'scan', id }, { priority: 'interactive' });
    await awaitVerdict(id, deps);
  }
  const kept = await messages.find(id);
  if (kept === null) throw new Error(`message ${id} vanished from the store`);
  return { ok: true, value: viewMessage(kept, engine.registers, { kind: 'sender' }, false) };
}

const UNJUDGED = {
  state: 'scanning',
  judgement: null,
  rulesVersion: null,
  releaseAtLift: false,
  subject: null,
  hasContent: true,
} as const;

async function check(submission: Submission, caller: Caller, deps: IntakeDeps): Promise<Outcome<MessageView>> {
  const engine = await deps.engines.current().catch(asNotReady);
  if (engine instanceof NotReady) return notReady(engine.problems);
  const { kind, name, content, envelope, publishAt } = submission;
  const now = deps.now();
  const { judgement, opened, rulesVersion } = await engine.judge({
    kind: name.endsWith('.eml') ? 'email' : kind,
    name,
    source: memorySource(content),
    parties: { from: envelope.from, to: envelope.to },
    now,
    publishAt,
    // Its answer is the sender's view, which has no insight; comparing takes half the time of a check.
    insights: false,
  });
  const message: KeptMessage = {
    id: 'draft',
    kind,
    state: judgement.verdict === 'hold' ? 'held' : 'cleared',
    receivedAt: now,
    publishAt,
    envelope,
    messageId: null,
    bytes: content.length,
    judgement,
    rulesVersion,
    releaseAtLift: false,
    subject: opened.headers?.subject ?? null,
    name,
    submittedBy: caller.id,
    hasContent: false,
  };
  return { ok: true, value: viewMessage(message, engine.registers, { kind: 'sender' }, false) };
}

/** Waits until a worker has judged a message, for as long as a submitter will wait. */
async function awaitVerdict(id: string, { messages }: IntakeDeps): Promise<void> {
  const deadline = performance.now() + VERDICT_WAIT_MS;
  for (let pause = 20; performance.now() < deadline; pause = Math.min(500, pause * 1.3)) {
    if ((await messages.find(id))?.judgement != null) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function asNotReady(error: unknown): NotReady {
  if (error instanceof NotReady) return error;
  throw error;
}

function notReady(problems: readonly string[]): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { kind: 'not-ready', message: `nothing can be judged now: ${problems.join('; ')}` } };
}
