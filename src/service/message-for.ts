import type { ByteSource } from '../core/byte-source.ts';
import type { Instant } from '../core/entry.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { Opener } from '../scan/engine.ts';
import { may, maySee } from './authorise.ts';
import { type EngineSource, NotReady } from './engine-source.ts';
import type { Caller, JobQueue } from './ports.ts';
import type { MessageView } from './service.ts';
import type { AuditLog, KeptMessage, MessageRecord } from './stores.ts';
import { viewerFor, viewMessage } from './view-message.ts';

export interface ReviewDeps {
  readonly messages: MessageRecord;
  readonly audit: AuditLog;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly engines: EngineSource;
  readonly open: Opener;
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly delivers: boolean;
  /** Name of this gateway, for mails of its own. */
  readonly host?: string;
}

/** Null where there is none, or the caller may not know that there is. */
export async function findFor(
  id: string,
  caller: Caller,
  { messages }: Pick<ReviewDeps, 'messages'>,
): Promise<KeptMessage | null> {
  const message = await messages.find(id);
  return message !== null && maySee(caller, message) ? message : null;
}

/** While nothing can be judged nobody knows who has access, so everything is shown as to somebody without any. */
export async function viewFor(
  message: KeptMessage,
  caller: Caller,
  { engines, now }: Pick<ReviewDeps, 'engines' | 'now'>,
): Promise<MessageView> {
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

/** Opens what is kept of a message, for what needs its words; showing any of it to somebody is for `revealMessage` alone. */
export async function openKept(
  message: KeptMessage,
  deps: Pick<ReviewDeps, 'messages' | 'engines' | 'open'>,
): Promise<OpenedMessage> {
  return openSource(message, await deps.messages.source(message.id), deps);
}

/** As it was opened when it was judged, with the register's passwords; while nothing can be judged, without. */
export async function openSource(
  message: KeptMessage,
  source: ByteSource,
  { engines, open }: Pick<ReviewDeps, 'engines' | 'open'>,
): Promise<OpenedMessage> {
  const name = message.name ?? (message.kind === 'email' ? 'message.eml' : 'draft.txt');
  const kind = name.endsWith('.eml') ? 'email' : message.kind;
  const engine = await engines.current().catch(() => null);
  return (engine?.open ?? open)({ kind, name, source });
}
