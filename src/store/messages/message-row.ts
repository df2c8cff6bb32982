import type { MessageKind, MessageState } from '../../core/message.ts';
import type { Judgement, Verdict } from '../../core/verdict.ts';
import type { KeptMessage } from '../../service/stores.ts';
import { open, seal, unwrapDataKey } from '../sealing.ts';
import type { StoreKeys } from '../store-keys.ts';

/** Columns of `message` that a `KeptMessage` is made from; the recipients come along in order. */
export const MESSAGE_COLUMNS = `m.id, m.kind, m.state, m.received_at, m.publish_at, m.sender, m.message_id, m.bytes, m.name,
  m.submitted_by, m.key_id, m.wrapped_key, m.verdict, m.hold_until, m.effective_at, m.rules_version, m.judgement, m.release_at_lift,
  m.content_purged_at is null as has_content,
  array(select r.address from message_recipient r where r.message_id = m.id order by r.position) as recipients`;

export interface MessageRow {
  readonly id: string;
  readonly kind: MessageKind;
  readonly state: MessageState;
  readonly received_at: Date;
  readonly publish_at: Date | null;
  readonly sender: string;
  readonly message_id: string | null;
  readonly bytes: string;
  readonly name: string | null;
  readonly submitted_by: string | null;
  readonly key_id: string;
  readonly wrapped_key: Buffer;
  readonly verdict: Verdict | null;
  readonly hold_until: Date | null;
  readonly effective_at: Date | null;
  readonly rules_version: string | null;
  readonly judgement: Buffer | null;
  readonly release_at_lift: boolean;
  readonly has_content: boolean;
  readonly recipients: readonly string[];
}

/** Bytes that every finding about an entry takes for its insight, which is shorter (`MOST_INSIGHT`). */
const INSIGHT_ROOM = 512;

/** What is sealed of a judgement; the rest of it is columns. */
interface SealedJudgement extends Pick<Judgement, 'findings' | 'incomplete'> {
  readonly subject: string | null;
}

/** Sealed in a size that is the same with every insight and with none: whoever has the rows without the key learns nothing of a match. */
export function sealJudgement(id: string, judgement: SealedJudgement, key: Uint8Array): Buffer {
  const findings = judgement.findings.map(({ insight: _insight, ...finding }) => finding);
  const room = judgement.findings.filter(({ entry }) => entry !== null).length * INSIGHT_ROOM;
  const size = Buffer.byteLength(JSON.stringify({ ...judgement, findings })) + room;
  const text = JSON.stringify(judgement);
  // JSON may end in blanks.
  return seal(Buffer.from(text + ' '.repeat(Math.max(0, size - Buffer.byteLength(text)))), key, `${id}/judgement`);
}

export function toMessage(row: MessageRow, keys: StoreKeys): KeptMessage {
  const sealed =
    row.judgement === null
      ? null
      : openJudgement(row.id, row.judgement, unwrapDataKey(row.id, row.key_id, row.wrapped_key, keys));
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    receivedAt: row.received_at.getTime(),
    publishAt: row.publish_at?.getTime() ?? null,
    envelope: { from: row.sender, to: row.recipients },
    messageId: row.message_id,
    bytes: Number(row.bytes),
    name: row.name,
    submittedBy: row.submitted_by,
    hasContent: row.has_content,
    rulesVersion: row.rules_version,
    releaseAtLift: row.release_at_lift,
    subject: sealed?.subject ?? null,
    judgement:
      sealed === null || row.verdict === null || row.effective_at === null
        ? null
        : {
            verdict: row.verdict,
            holdUntil: row.hold_until?.getTime() ?? null,
            effectiveAt: row.effective_at.getTime(),
            findings: sealed.findings,
            incomplete: sealed.incomplete,
          },
  };
}

/** @throws Error where it is not as `sealJudgement` wrote it, of this message. */
export function openJudgement(id: string, sealed: Buffer, key: Uint8Array): SealedJudgement {
  // Authenticated by the message's own key, so it is what `sealJudgement` wrote.
  return JSON.parse(open(sealed, key, `${id}/judgement`).toString('utf8'));
}
