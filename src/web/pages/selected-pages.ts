import { z } from 'zod';
import type { DecisionAction } from '../../core/message.ts';
import type { Caller } from '../../service/ports.ts';
import type { MessageView, Service } from '../../service/service.ts';
import { type PageCall, type PageReply, type PageRoute, page } from './page-route.ts';
import { row } from './queue-page.ts';

/** As many as a page shows: who decides on more has not looked at them. */
const MOST = 25;

const ACTIONS = ['release', 'release-at-lift', 'reject'] as const;
type BulkAction = (typeof ACTIONS)[number];

const Form = z.object({
  action: z.enum(ACTIONS, 'Choose what happens to the messages'),
  reason: z
    .string()
    .trim()
    .min(1, 'Say why, in a sentence; it is kept in the audit log for each of them')
    .max(2000, 'Use 2,000 characters or less'),
});

/** What is never let go among others: each of these is somebody's to look at. */
const ALONE = new Set(['record-level', 'fingerprint', 'batch']);

const DONE_WORDS: Readonly<Record<string, string>> = {
  release: 'Released',
  'release-at-lift': 'Set to go at the lift',
  reject: 'Rejected',
};

/** Several held messages at once: listed once more, decided on after that, and each with an act of its own in the audit log. */
export function selectedPages(service: Service): readonly PageRoute[] {
  return [
    {
      method: 'post',
      path: '/review/selected',
      roles: ['reviewer'],
      handle: async ({ form, caller }) => confirm(service, await chosen(service, form, caller), NOTHING_YET),
    },
    {
      method: 'post',
      path: '/review/selected/decision',
      roles: ['reviewer'],
      handle: (call) => decideAll(service, call),
    },
  ];
}

interface Fields {
  readonly action: string;
  readonly reason: string;
  readonly errors: Readonly<Partial<Record<string, string>>>;
}

const NOTHING_YET: Fields = { action: '', reason: '', errors: {} };

interface Chosen {
  readonly view: MessageView;
  /** Why it is not let go among others; null where it may be. */
  readonly alone: string | null;
}

async function chosen(service: Service, form: URLSearchParams, caller: Caller): Promise<readonly Chosen[]> {
  const ids = [...new Set(form.getAll('id'))].slice(0, MOST);
  const views = await Promise.all(ids.map((id) => service.viewMessage(id, caller)));
  return views.flatMap((outcome) =>
    outcome.ok && outcome.value.state === 'held' ? [{ view: outcome.value, alone: whyAlone(outcome.value) }] : [],
  );
}

function whyAlone(view: MessageView): string | null {
  if (view.incomplete.length > 0) return 'a part of it could not be opened';
  if (view.findings.some(({ detector }) => ALONE.has(detector))) return 'it may carry records, or the wrong file';
  return view.mayReveal ? null : 'you have no access to what it concerns';
}

function confirm(service: Service, messages: readonly Chosen[], fields: Fields): PageReply {
  const now = service.clock.now();
  const together = messages.filter(({ alone }) => alone === null);
  return page(
    'review-selected.njk',
    {
      items: messages.map(({ view, alone }) => ({ ...row(view, now), alone })),
      together: together.length,
      canLift: together.some(({ view }) => view.holdUntil !== null && view.holdUntil > now),
      fields,
    },
    Object.keys(fields.errors).length > 0 ? 422 : 200,
  );
}

async function decideAll(service: Service, { form, caller }: PageCall): Promise<PageReply> {
  const messages = await chosen(service, form, caller);
  const given = { action: form.get('action') ?? '', reason: form.get('reason') ?? '' };
  const parsed = Form.safeParse(given);
  if (!parsed.success) {
    const errors = Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]));
    return confirm(service, messages, { ...given, errors });
  }
  const done: { readonly item: ReturnType<typeof row>; readonly words: string; readonly isDone: boolean }[] = [];
  for (const one of messages) {
    const said = await decideOne(service, one, parsed.data.action, parsed.data.reason, caller);
    done.push({ item: row(one.view, service.clock.now()), ...said });
  }
  return page('review-selected-done.njk', { done, count: done.filter(({ isDone }) => isDone).length });
}

async function decideOne(
  service: Service,
  { view, alone }: Chosen,
  action: BulkAction,
  reason: string,
  caller: Caller,
): Promise<{ readonly words: string; readonly isDone: boolean }> {
  if (action !== 'reject' && alone !== null) return { words: `Left as it is: ${alone}`, isDone: false };
  const outcome = await service.decideMessage(view.id, { action: action satisfies DecisionAction, reason }, caller);
  if (!outcome.ok) return { words: `Left as it is: ${outcome.refusal.message}`, isDone: false };
  const isProposed = action === 'release' && outcome.value.state === 'held';
  return {
    words: isProposed ? 'Proposed: it waits for a second person' : (DONE_WORDS[action] ?? action),
    isDone: true,
  };
}
