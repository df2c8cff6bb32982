import type { OpenedMessage } from '../../core/part.ts';
import { threadIds } from '../../detect/thread-ids.ts';
import type { MessageSurroundings, PastDecision } from '../../service/message-desk.ts';
import type { Caller } from '../../service/ports.ts';
import type { MessageView, Service } from '../../service/service.ts';
import { STATE_TAGS } from './wording.ts';

const ACTION_WORDS: Readonly<Record<string, string>> = {
  release: 'released it',
  reject: 'rejected it',
  'release-at-lift': 'set it to go at the lift',
  'release-eligible': 'released it to those who may have it',
};

const SETTLED_WORDS: Readonly<Record<string, string>> = {
  withheld: 'Left out',
  delivered: 'Delivered',
  failed: 'Not delivered',
};

const MOST_MAILS = 20;

const RELEASES = ['release', 'release-at-lift', 'release-eligible'] as const;

/** What a reviewer sees around a message: how far it got, its conversation, who a release needs, and how alike ones were decided on. */
export async function besideMessage(
  service: Service,
  view: MessageView,
  opened: OpenedMessage | null,
  caller: Caller,
): Promise<Readonly<Record<string, unknown>>> {
  const outcome = await service.surroundings(view.id, caller);
  const beside = outcome.ok ? outcome.value : null;
  const ids = opened === null ? [] : threadIds(opened);
  const thread = ids.length === 0 ? null : await service.addedTo(ids, view.id, caller);
  const mails = thread?.ok === true ? thread.value.mails.slice(0, MOST_MAILS) : [];
  const seen = await Promise.all(mails.map((id) => service.viewMessage(id, caller)));
  const settled = beside?.recipients.flatMap(({ address, state }) => {
    const words = SETTLED_WORDS[state];
    return words === undefined ? [] : [[address, words] as const];
  });
  return {
    settled: Object.fromEntries(settled ?? []),
    added: Object.fromEntries((thread?.ok === true ? thread.value.added : []).map((address) => [address, true])),
    thread: seen.flatMap((one) =>
      one.ok
        ? [
            {
              id: one.value.id,
              at: one.value.receivedAt,
              from: one.value.envelope.from,
              state: STATE_TAGS[one.value.state],
            },
          ]
        : [],
    ),
    similar: (beside?.similar ?? []).map(showDecision),
    // Only where some may have it and some may not does it make a difference.
    sorted:
      beside?.sorted != null && beside.sorted.eligible.length > 0 && beside.sorted.withheld.length > 0
        ? beside.sorted
        : null,
    needsTwo: (beside?.releasePeople ?? 1) > 1,
    // The first of two people; the second one's decision counts.
    proposedLift: beside?.proposals.some((one) => one.isOwn && one.action === 'propose-release-at-lift') === true,
    verbs: Object.fromEntries(RELEASES.map((action) => [action, verbFor(action, beside)])),
    proposals: (beside?.proposals ?? []).map((one) => ({ ...one, action: one.action.replace(/^propose-/, '') })),
    canAsk: view.state === 'held' && /^[^\s<>]+@[^\s<>@]+$/.test(view.envelope.from),
  };
}

/** The first of two people proposes, the second one releases. */
function verbFor(action: string, beside: MessageSurroundings | null): string {
  const isSeconded = beside?.proposals.some((one) => !one.isOwn && one.action === `propose-${action}`) === true;
  return (beside?.releasePeople ?? 1) === 1 || isSeconded ? 'Release' : 'Propose to release';
}

function showDecision({ message, state, action, who, at, reason }: PastDecision) {
  return { message, at, who, reason, words: ACTION_WORDS[action] ?? action, state: STATE_TAGS[state] };
}
