import { readAll } from '../core/byte-source.ts';
import type { OpenedMessage } from '../core/part.ts';
import { type ColumnEvidence, describeColumns } from '../detect/describe-columns.ts';
import { htmlBodies } from '../extract/html-bodies.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import { may, refuse } from './authorise.ts';
import { createDeciding } from './decide-held.ts';
import { findFor, openSource, type ReviewDeps, viewFor } from './message-for.ts';
import { isMessageId } from './message-id.ts';
import { refusal } from './refusal.ts';
import type { MessageView, Outcome, Service } from './service.ts';
import type { KeptMessage } from './stores.ts';
import { viewBatch } from './view-batch.ts';

const MAX_PAGE = 200;
/** Larger mails are shown by their text alone. */
const MOST_MARKUP = 8 * 1024 * 1024;
/** Nobody reads a larger number more exactly. */
const MOST_COUNTED = 100_000;

/** What reviewers and submitters do with messages that are in the record. */
export function createReview(
  deps: ReviewDeps,
): Pick<Service, 'listMessages' | 'countMessages' | 'viewMessage' | 'viewBatch' | 'revealMessage' | 'decideMessage'> {
  const { messages } = deps;
  return {
    async listMessages({ limit, ...query }, caller) {
      const own = may(caller, 'see-all-messages') ? {} : { submittedBy: caller.id };
      const refused = 'submittedBy' in own ? refuse(caller, 'see-own-messages') : null;
      if (refused !== null) return refused;
      if (query.after !== undefined && !isMessageId(query.after)) {
        const message = 'after: is no place in the list, take it from `next` of the page before, or leave it out';
        return { ok: false, refusal: { kind: 'malformed-request', message } };
      }
      const wanted = Math.max(1, Math.min(limit, MAX_PAGE));
      // One more than asked for tells whether there is a next page.
      const found = await messages.list({ ...query, ...own, limit: wanted + 1 });
      const items = await Promise.all(found.slice(0, wanted).map((message) => viewFor(message, caller, deps)));
      return { ok: true, value: { items, next: found.length > wanted ? (items.at(-1)?.id ?? null) : null } };
    },
    async countMessages(query, caller) {
      return refuse(caller, 'review') ?? { ok: true, value: await messages.count({ ...query, limit: MOST_COUNTED }) };
    },
    async viewMessage(id, caller) {
      const message = await findFor(id, caller, deps);
      return message === null ? notFound(id) : { ok: true, value: await viewFor(message, caller, deps) };
    },
    async viewBatch(id, caller) {
      const refused = refuse(caller, 'review');
      if (refused !== null) return refused;
      const rules = deps.engines.rules();
      if (rules === null) return { ok: true, value: [] };
      const see = async (one: string) => {
        const message = await findFor(one, caller, deps);
        return message === null ? null : viewFor(message, caller, deps);
      };
      return { ok: true, value: await viewBatch(id, messages, see, rules) };
    },
    async revealMessage(id, caller) {
      const refused = refuse(caller, 'review');
      if (refused !== null) return refused;
      const message = await findFor(id, caller, deps);
      if (message === null) return notFound(id);
      const shown = await viewFor(message, caller, deps);
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
      const opened = await openSource(message, source, deps);
      const markup = message.kind === 'email' && source.size <= MOST_MARKUP ? htmlBodies(await readAll(source)) : [];
      const columns = columnsOf(opened, shown, deps.engines.rules());
      return { ok: true, value: { opened, message: shown, columns, markup } };
    },
    decideMessage: createDeciding(deps),
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

function entriesOf({ judgement }: KeptMessage): readonly string[] {
  const named = judgement?.findings.flatMap((finding) => (finding.entry === null ? [] : [finding.entry])) ?? [];
  return [...new Set(named)];
}

function notFound(id: string): Outcome<never> {
  return refusal('not-found', `there is no message ${id.slice(0, 64)}`);
}
