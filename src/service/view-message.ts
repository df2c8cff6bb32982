import type { Instant, Registers } from '../core/entry.ts';
import type { Judgement } from '../core/verdict.ts';
import { knowsAll, type Viewer, viewFindings } from '../core/view.ts';
import { may } from './authorise.ts';
import type { Caller } from './ports.ts';
import type { MessageView } from './service.ts';
import type { KeptMessage } from './stores.ts';

/** How a caller looks at messages: those who see everybody's see what their own address may know, submitters what a sender does. */
export function viewerFor(caller: Caller, at: Instant): Viewer {
  return may(caller, 'see-all-messages') ? { kind: 'reviewer', address: caller.address, at } : { kind: 'sender' };
}

/** A message as a viewer may see it (contract section 4); `mayReveal` for reviewers who know every entry concerned. */
export function viewMessage(
  message: KeptMessage,
  registers: Registers,
  viewer: Viewer,
  isReviewer: boolean,
): MessageView {
  const { judgement } = message;
  const knowsIt =
    judgement !== null && viewer.kind === 'reviewer' && knowsAll(judgement, registers, viewer.address, viewer.at);
  return {
    id: message.id,
    kind: message.kind,
    state: message.state,
    verdict: judgement?.verdict ?? null,
    holdUntil: judgement?.holdUntil ?? null,
    effectiveAt: judgement?.effectiveAt ?? null,
    receivedAt: message.receivedAt,
    envelope: message.envelope,
    messageId: message.messageId,
    subject: viewer.kind === 'sender' || knowsIt ? message.subject : null,
    findings: judgement === null ? [] : viewFindings(judgement, registers, viewer),
    incomplete: judgement?.incomplete ?? [],
    waitsFor: judgement === null ? [] : releasesAwaited(judgement, registers),
    mayReveal: isReviewer && knowsIt && message.hasContent,
  };
}

/** Their dates and titles are announced to everybody, and that the text is of them stands in the findings. */
function releasesAwaited({ findings, holdUntil }: Judgement, { embargoes }: Registers): readonly string[] {
  if (holdUntil === null) return [];
  const concerned = new Set(findings.map(({ entry }) => entry));
  return embargoes.filter(({ id, until }) => concerned.has(id) && until === holdUntil).map(({ title }) => title);
}
