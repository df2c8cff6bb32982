import { z } from 'zod';
import { readHtml } from '../../extract/read-html.ts';
import type { ChatCall, CheckPointKind } from '../../service/check-points.ts';
import { draftToCheck, faultOfDraft } from './draft-to-check.ts';
import { type CheckAnswer, sayCheck } from './present-check.ts';

/** What a chat asks. `nothing`: a call that only tests the address. */
export type ChatQuestion =
  | { readonly kind: 'draft'; readonly draft: z.output<typeof draftToCheck> }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'fault'; readonly message: string };

/** How one chat asks, and how it wants to be answered. */
export interface ChatDialect {
  readonly ask: (body: ChatCall['body']) => ChatQuestion;
  readonly answer: (answer: CheckAnswer) => unknown;
  /** A sentence instead of an answer. */
  readonly say: (sentence: string) => unknown;
}

const HOW = 'Write the draft after the command, and Holdfast says whether it may go.';

export const CHAT_DIALECTS: Readonly<Record<Exclude<CheckPointKind, 'embed'>, ChatDialect>> = {
  /** A slash command: a form; its answer is for the asker alone. */
  slack: {
    ask(body) {
      const form = new URLSearchParams(Buffer.from(body).toString('utf8'));
      if (form.get('ssl_check') === '1') return { kind: 'nothing' };
      return question(unescapeSlack(form.get('text') ?? ''));
    },
    answer: (answer) => ({ response_type: 'ephemeral', text: escapeSlack(sayCheck(answer)) }),
    say: (text) => ({ response_type: 'ephemeral', text: escapeSlack(text) }),
  },
  /** An outgoing webhook: an activity whose text is HTML with the mention in front. */
  teams: {
    ask(body) {
      const activity = teamsActivity.safeParse(readJson(body));
      return activity.success ? question(plainText(activity.data.text)) : { kind: 'fault', message: NO_ACTIVITY };
    },
    answer: (answer) => ({ type: 'message', textFormat: 'plain', text: sayCheck(answer) }),
    say: (text) => ({ type: 'message', textFormat: 'plain', text }),
  },
  /** Whatever signs its calls as we document: JSON both ways. */
  signed: {
    ask(body) {
      const draft = draftToCheck.safeParse(readJson(body));
      if (draft.success) return { kind: 'draft', draft: draft.data };
      return { kind: 'fault', message: faultOfDraft(draft.error) };
    },
    answer: (answer) => ({ ...answer, text: sayCheck(answer) }),
    say: (text) => ({ text }),
  },
};

const teamsActivity = z.object({ type: z.literal('message'), text: z.string().max(100_000) });
const NO_ACTIVITY = 'The body is no message of a Teams outgoing webhook.';

function question(text: string): ChatQuestion {
  const draft = draftToCheck.safeParse({ text: text.trim() });
  if (draft.success) return { kind: 'draft', draft: draft.data };
  return { kind: 'fault', message: text.trim() === '' ? HOW : 'The draft is too long to be checked here.' };
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}

/** Slack writes these three characters as references, in both directions. */
function unescapeSlack(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What a message in Teams' HTML says, shown or not, its pictured emoji too; without the name it is addressed to. */
function plainText(html: string): string {
  const { visible, hidden } = readHtml(html.replaceAll(/<at>[^<]*<\/at>/gi, ' '));
  return hidden === '' ? visible : `${visible}\n${hidden}`;
}
