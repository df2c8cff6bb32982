import type { MessageState } from '../core/message.ts';
import { batchOf, type Sibling } from '../detect/batch.ts';
import type { CompiledRules } from '../rules/compiled-rules.ts';
import type { MessageView } from './service.ts';
import type { MessageRecord } from './stores.ts';

/** One mail of a batch, as whoever may open it sees it. */
export interface BatchMail {
  readonly id: string;
  readonly at: number;
  readonly state: MessageState;
  readonly to: readonly string[];
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/** Mails of a batch that are shown; the rest are like these. */
const MOST_SHOWN = 20;

/** Who got which file: the mails of one batch with this one, for a reviewer who may open each of them. */
export async function viewBatch(
  id: string,
  messages: Pick<MessageRecord, 'siblings'>,
  view: (id: string) => Promise<MessageView | null>,
  rules: Pick<CompiledRules, 'thresholds'>,
): Promise<readonly BatchMail[]> {
  const own = await view(id);
  if (own === null || !own.mayReveal || own.kind !== 'email') return [];
  const siblings = await messages.siblings(own.envelope.from, id);
  if (siblings.own === null) return [];
  const batch = batchOf(siblings.own, siblings.judged, rules.thresholds).slice(0, MOST_SHOWN);
  const shown = await Promise.all(batch.map(async (sibling) => ({ sibling, message: await view(sibling.id) })));
  return shown
    .flatMap(({ sibling, message }) => (message === null || message.subject === null ? [] : [show(sibling, message)]))
    .toSorted((a, b) => a.at - b.at);
}

function show({ attachments }: Sibling, { id, receivedAt, state, envelope }: MessageView): BatchMail {
  const files = attachments.map(({ path, bytes }) => ({ name: path, bytes }));
  return { id, at: receivedAt, state, to: envelope.to, files };
}
