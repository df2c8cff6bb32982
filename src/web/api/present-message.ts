import type { Instant } from '../../core/entry.ts';
import type { MessageView } from '../../service/service.ts';

/** A message as JSON: the caller's view with instants as ISO strings. */
export function presentMessage(view: MessageView): Readonly<Record<string, unknown>> {
  return {
    id: view.id,
    kind: view.kind,
    state: view.state,
    verdict: view.verdict,
    holdUntil: isoOrNull(view.holdUntil),
    effectiveAt: isoOrNull(view.effectiveAt),
    receivedAt: new Date(view.receivedAt).toISOString(),
    envelope: { from: view.envelope.from, to: view.envelope.to },
    messageId: view.messageId,
    subject: view.subject,
    findings: view.findings,
    incomplete: view.incomplete,
    mayReveal: view.mayReveal,
  };
}

function isoOrNull(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
