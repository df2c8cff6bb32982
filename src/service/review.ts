import type { Instant } from '../core/entry.ts';
import type { DecisionAction } from '../core/message.ts';
import type { OpenedMessage } from '../core/part.ts';
import { type ColumnEvidence, describeColumns } from '../detect/describe-columns.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { Opener } from '../scan/engine.ts';
import { may, maySee, refuse } from './authorise.ts';
import { type EngineSource, NotReady } from './engine-source.ts';
import { waitingOf } from './judgement-extras.ts';
import type { Caller, JobQueue } from './ports.ts';
import type { MessageView, Outcome, Refusal, Service } from './service.ts';
import type { AuditLog, KeptMessage, MessageRecord } from './stores.ts';
import { viewBatch } from './view-batch.ts';
import { viewerFor, viewMessage } from './view-message.ts';

export interface ReviewDeps {
  readonly messages: MessageRecord;
  readonly audit: AuditLog;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly engines: EngineSource;
  readonly open: Opener;
  readonly now: () => Instant;
  readonly delivers: boolean;
}

const MAX_PAGE = 200;
const MAX_REASON = 2000;

/** What reviewers and submitters do with messages that are in the record. */
export function createReview(
  deps: ReviewDeps,
): Pick<Service, 'listMessages' | 'viewMessage' | 'viewBatch' | 'revealMessage' | 'decideMessage'> {
  const { messages } = deps;
  return {
    async listMessages({ limit, ...query }, caller) {
      const own = may(caller, 'see-all-messages') ? {} : { submittedBy: caller.id };
      const refused = 'submittedBy' in own ? refuse(caller, 'see-own-messages') : null;
      if (refused !== null) return refused;
      const wanted = Math.max(1, Math.min(limit, MAX_PAGE));
      // One more than asked for tells whether there is a next page.
      const found = await messages.list({ ...query, ...own, limit: wanted + 1 });
      const items = await Promise.all(found.slice(0, wanted).map((message) => view(message, caller, deps)));
      return { ok: true, value: { items, next: found.length > wanted ? (items.at(-1)?.id ?? null) : null } };
    },
    async viewMessage(id, caller) {
      const message = await find(id, caller, deps);
      return message === null ? notFound(id) : { ok: true, value: await view(message, caller, deps) };
    },
    async viewBatch(id, caller) {
      const refused = refuse(caller, 'review');
      if (refused !== null) return refused;
      const rules = deps.engines.rules();
      if (rules === null) return { ok: true, value: [] };
      const see = async (one: string) => {
        const message = await find(one, caller, deps);
        return message === null ? null : view(message, caller, deps);
      };
      return { ok: true, value: await viewBatch(id, messages, see, rules) };
    },
    async revealMessage(id, caller) {
      const refused = refuse(caller, 'review');
      if (refused !== null) return refused;
      const message = await find(id, caller, deps);
      if (message === null) return notFound(id);
      const shown = await view(message, caller, deps);
      if (!shown.mayReveal) {
        if (!message.hasContent) return refusal('conflict', 'the content of this message was deleted');
        const why = message.judgement === null ? 'it is not judged yet' : 'you have no access to an entry concerned';
        return { ok: false, refusal: { kind: 'forbidden', message: `this message cannot be opened: ${why}` } };
      }
      const source = await messages.source(id);
      // Before anything is shown: a view that could not be written down does not happen (promise 8).
      await deps.audit.append({
        actor: caller.id,
        action: 'message.revealed',
        target: id,
        detail: { entries: entriesOf(message) },
      });
      const name = message.name ?? (message.kind === 'email' ? 'message.eml' : 'draft.txt');
      const kind = name.endsWith('.eml') ? 'email' : message.kind;
      // As it was opened when it was judged, with the register's passwords; while nothing can be judged, without.
      const engine = await deps.engines.current().catch(() => null);
      const opened = await (engine?.open ?? deps.open)({ kind, name, source });
      return { ok: true, value: { opened, message: shown, columns: columnsOf(opened, shown, deps.engines.rules()) } };
    },
    async decideMessage(id, { action, reason }, caller) {
      const refused = refuse(caller, 'review');
      if (refused !== null) return refused;
      const given = reason.trim();
      if (given === '' || given.length > MAX_REASON) {
        return invalid(`a reason of 1 to ${MAX_REASON} characters is needed`);
      }
      const message = await find(id, caller, deps);
      if (message === null) return notFound(id);
      const lift = action === 'release-at-lift' ? await liftFor(message, deps) : { ok: true as const, value: null };
      if (!lift.ok) return lift;
      const decided = await messages.decide(id, { action, reason: given, liftsAt: lift.value }, caller);
      if (decided === null) return conflict(await find(id, caller, deps), action);
      if (action === 'release' && deps.delivers && decided.kind === 'email') {
        void deps.queue.add({ kind: 'deliver', id }, { priority: 'interactive' });
      }
      return { ok: true, value: await view(decided, caller, deps) };
    },
  };
}

/** Of pointed tables alone: in a workbook of a thousand sheets nobody looks at the rest. */
function columnsOf(
  opened: OpenedMessage,
  { findings }: MessageView,
  rules: CompiledRules | null,
): ReadonlyMap<string, readonly ColumnEvidence[]> {
  const pointed = new Set(findings.map(({ path }) => path));
  return new Map(
    rules === null
      ? []
      : opened.parts.flatMap(({ path, content }) =>
          content.kind === 'table' && pointed.has(path)
            ? [[path, describeColumns(content.table, rules.identifiers)] as const]
            : [],
        ),
  );
}

async function find(id: string, caller: Caller, { messages }: ReviewDeps): Promise<KeptMessage | null> {
  const message = await messages.find(id);
  return message !== null && maySee(caller, message) ? message : null;
}

/** While nothing can be judged nobody knows who has access, so everything is shown as to somebody without any. */
async function view(message: KeptMessage, caller: Caller, { engines, now }: ReviewDeps): Promise<MessageView> {
  const engine = await engines.current().catch((error: unknown) => {
    if (error instanceof NotReady) return null;
    throw error;
  });
  const shown = viewMessage(
    message,
    engine?.registers ?? { embargoes: [], sensitivity: [] },
    viewerFor(caller, now()),
    may(caller, 'review'),
  );
  if (engine !== null || !may(caller, 'see-all-messages')) return shown;
  const findings = shown.findings.map(({ insight: _insight, ...finding }) => ({ ...finding, span: null }));
  return { ...shown, subject: null, mayReveal: false, findings };
}

async function liftFor(message: KeptMessage, { engines, now }: ReviewDeps): Promise<Outcome<Instant | null>> {
  if (message.judgement === null) return refusal('conflict', `the message is ${message.state}, not held`);
  const engine = await engines.current().catch((error: unknown) => {
    if (error instanceof NotReady) return null;
    throw error;
  });
  if (engine === null) return refusal('not-ready', 'the registers cannot be read now');
  const waiting = waitingOf(message.judgement, engine.registers, Math.max(now(), message.publishAt ?? 0));
  if (waiting.neverLifts) {
    return refusal('conflict', 'protected records never lift: release or reject the message');
  }
  if (!waiting.isWaiting) {
    return refusal('conflict', 'no embargo holds this message: release or reject it');
  }
  return { ok: true, value: waiting.until };
}

function entriesOf({ judgement }: KeptMessage): readonly string[] {
  const named = judgement?.findings.flatMap((finding) => (finding.entry === null ? [] : [finding.entry])) ?? [];
  return [...new Set(named)];
}

function conflict(message: KeptMessage | null, action: DecisionAction): Outcome<never> {
  if (message?.state === 'held' && action === 'release-at-lift') {
    return refusal('conflict', 'the message is to be released at its lift already');
  }
  return refusal('conflict', `the message is ${message?.state ?? 'gone'}, only a held one can be decided on`);
}

function notFound(id: string): Outcome<never> {
  return refusal('not-found', `there is no message ${id.slice(0, 64)}`);
}

function invalid(message: string): Outcome<never> {
  return refusal('invalid', message);
}

function refusal(kind: Refusal['kind'], message: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { kind, message } };
}
