import type { StoredMessage } from '../core/message.ts';
import type { Judgement } from '../core/verdict.ts';
import type { Engine, ScanReport } from '../scan/engine.ts';
import { siblingOf } from '../scan/judge-batch.ts';
import type { ClaimedMessage, JudgementExtras, MessageRecord } from './stores.ts';

/**
 * The judgement of a mail with attachments among its sender's others: one of a batch may have the wrong file.
 *
 * At its first judgement it is also told to wait for the rest of its batch; one that was judged before is not kept back again.
 */
export async function amongSiblings(
  message: StoredMessage,
  report: ScanReport,
  engine: Engine,
  store: Partial<Pick<MessageRecord, 'siblings'>>,
): Promise<{
  readonly judgement: Judgement;
  readonly sibling: Pick<JudgementExtras, 'sibling' | 'batchWait'>;
}> {
  const { judgement } = report;
  if (message.kind !== 'email' || engine.inBatch === undefined || store.siblings === undefined || isOwnNotice(message))
    return { judgement, sibling: {} };
  const sibling = siblingOf(message.id, message.receivedAt, report);
  if (sibling.attachments.length === 0) return { judgement, sibling: {} };
  const others = await store.siblings(message.envelope.from, message.id);
  const { waitMs, seen, ...among } = engine.inBatch(report, sibling, others, null);
  const isFirst = message.judgement === null;
  return { ...among, sibling: { sibling, ...(isFirst && waitMs !== null && { batchWait: { waitMs, seen } }) } };
}

/** A delivery notice of ours is nobody's batch, and its report no file that could be the wrong one. Nobody else can know its id. */
function isOwnNotice({ id, envelope, messageId }: StoredMessage): boolean {
  return envelope.from === '' && messageId?.startsWith(`<${id}@`) === true;
}

/**
 * Looks at a cleared mail once more when it has waited for its batch, without opening it: it goes, waits on, or is held as the odd one.
 *
 * Null where it is not such a mail, and has to be judged as a whole.
 */
export async function settleInBatch(
  message: StoredMessage & Partial<Pick<ClaimedMessage, 'batchWait' | 'subject'>>,
  claimant: string,
  engine: Engine,
  store: Pick<MessageRecord, 'recordJudgement'> & Partial<Pick<MessageRecord, 'siblings'>>,
): Promise<Judgement['verdict'] | null> {
  const { id, judgement, batchWait = null, subject = null, rulesVersion } = message;
  if (batchWait === null || judgement === null || rulesVersion !== engine.rulesVersion) return null;
  const others = await store.siblings?.(message.envelope.from, id);
  if (engine.inBatch === undefined || others === undefined || others.own === null) return null;
  const report = { judgement, parties: message.envelope };
  const among = engine.inBatch(report, others.own, others, batchWait);
  const wait = among.waitMs === null ? {} : { batchWait: { waitMs: among.waitMs, seen: among.seen } };
  const extras = { subject, releasedAtLift: false, ...wait };
  await store.recordJudgement(id, claimant, among.judgement, engine.rulesVersion, extras);
  return among.judgement.verdict;
}
