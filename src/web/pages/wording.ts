import type { Instant } from '../../core/entry.ts';
import type { MessageState } from '../../core/message.ts';
import type { IncompleteReason } from '../../core/part.ts';
import type { MessageView } from '../../service/service.ts';
import { showInstant, showNear, showTime } from './show-time.ts';

export type Tone = 'safe' | 'recorded' | 'held';

/** A judged draft in the words of the person who wrote it. */
export interface DraftAdvice {
  readonly tone: Tone;
  readonly heading: string;
  readonly next: string;
  /** Words that give nothing away; null where the text may go as it is. */
  readonly sayInstead: string | null;
}

/** What to do with a draft. Nothing in it depends on an embargoed value: it reads the sender's view alone. */
export function adviseOnDraft(view: MessageView, publishAt: Instant | null, now: Instant): DraftAdvice {
  const when = publishAt === null || publishAt <= now ? 'now' : `at ${showNear(publishAt, now)}`;
  if (view.verdict === 'pass') {
    return {
      tone: 'safe',
      heading: `You can publish this ${when}`,
      next: 'Nothing in it touches statistics under embargo, or protected data. If you change the text, check it again.',
      sayInstead: null,
    };
  }
  if (view.verdict === 'flag') {
    return {
      tone: 'recorded',
      heading: `You can publish this ${when}, with care`,
      next: 'It may go, and Holdfast keeps a record of why it looked twice. The reasons are below.',
      sayInstead: null,
    };
  }
  if (view.holdUntil !== null) {
    return {
      tone: 'held',
      heading: `Do not publish this before ${showNear(view.holdUntil, now)}`,
      next: `It says something about statistics that are not out yet. The same text is safe from ${showInstant(view.holdUntil)}.`,
      sayInstead: `${releaseWords(view)} published at ${showInstant(view.holdUntil)}.`,
    };
  }
  return {
    tone: 'held',
    heading: 'Do not publish this',
    next:
      view.incomplete.length > 0 && view.findings.length === 0
        ? 'Part of it could not be opened, so nobody can say what is in it. Take that part out, or send it to a reviewer.'
        : 'It does not become safe at a known time. Take out what is marked, or send it to a reviewer.',
    sayInstead: null,
  };
}

function releaseWords({ waitsFor = [] }: MessageView): string {
  const [title, ...others] = waitsFor;
  return title === undefined || others.length > 0 ? 'New statistics are' : `“${title}” is`;
}

/** How a draft that its author sent to a reviewer stands, in the author's words. */
export function adviseAuthor(view: MessageView, now: Instant): Pick<DraftAdvice, 'heading' | 'next'> {
  switch (view.state) {
    case 'received':
    case 'scanning':
      return { heading: 'Your draft is being judged', next: 'Do not publish it yet. Look again in a moment.' };
    case 'held':
      return {
        heading: 'A reviewer has your draft',
        next:
          view.holdUntil === null
            ? 'Do not publish it before they release it.'
            : `Do not publish it before they release it, or before ${showNear(view.holdUntil, now)}.`,
      };
    case 'released':
    case 'delivering':
    case 'delivered':
      return { heading: 'You can publish your draft', next: 'A reviewer released it.' };
    case 'cleared':
      return { heading: 'You can publish your draft', next: 'Nothing in it has to wait.' };
    case 'rejected':
      return {
        heading: 'Do not publish your draft',
        next: 'A reviewer rejected it. Change the text and check it again.',
      };
    case 'expired':
    case 'returned':
      return {
        heading: 'Nobody decided on your draft',
        next: 'Do not publish it. Check it again, or send it once more.',
      };
  }
}

/** One sentence on a message for a reviewer. */
export function verdictSentence(view: MessageView, now: Instant): string {
  const reasons = [
    count(view.findings.length, 'reason', 'reasons'),
    count(view.incomplete.length, 'part that could not be opened', 'parts that could not be opened'),
  ].filter((one) => one !== null);
  const why = reasons.length === 0 ? '' : `, for ${reasons.join(' and ')}`;
  switch (view.state) {
    case 'held': {
      if (view.holdUntil === null) return `It waits for a reviewer${why}. It does not become safe by itself.`;
      const when = showNear(view.holdUntil, now);
      if (view.holdUntil <= now)
        return `It is held${why}. The embargo behind it ended at ${when}, so it is judged again.`;
      const goes = view.kind === 'draft' ? 'may be published' : 'goes';
      return `It is held${why}. At ${when} it is judged again, and ${goes} if nothing else is found. You can decide before.`;
    }
    case 'received':
    case 'scanning':
      return 'It is to be judged, and goes nowhere before that.';
    case 'cleared':
      return view.verdict === 'flag' ? `It may go, and is recorded${why}.` : 'Nothing was found.';
    case 'released':
      return 'A reviewer released it.';
    case 'rejected':
      return 'A reviewer rejected it. It will not be sent.';
    case 'expired':
      return 'Nobody decided in time. It will not be sent.';
    case 'delivering':
      return 'It is on its way.';
    case 'delivered':
      return 'It was handed to the next server.';
    case 'returned':
      return 'It could not be delivered; its sender was told.';
  }
}

function count(number: number, one: string, many: string): string | null {
  return number === 0 ? null : `${number} ${number === 1 ? one : many}`;
}

export const STATE_TAGS: Readonly<Record<MessageState, { readonly text: string; readonly colour: string }>> = {
  received: { text: 'Waiting', colour: 'grey' },
  scanning: { text: 'Waiting', colour: 'grey' },
  cleared: { text: 'Cleared', colour: 'green' },
  held: { text: 'Held', colour: 'red' },
  released: { text: 'Released', colour: 'green' },
  rejected: { text: 'Rejected', colour: 'orange' },
  expired: { text: 'Expired', colour: 'grey' },
  delivering: { text: 'Sending', colour: 'blue' },
  delivered: { text: 'Delivered', colour: 'green' },
  returned: { text: 'Returned', colour: 'orange' },
};

const INCOMPLETE_WORDS: Readonly<Record<IncompleteReason, string>> = {
  encrypted: 'is encrypted, and nobody can look inside',
  corrupt: 'is damaged and could not be read to its end',
  unsupported: 'is of a kind that Holdfast cannot open',
  'too-large': 'is larger than Holdfast opens',
  'too-deep': 'is packed in too many layers',
  'too-many': 'has too many parts to open them all',
  'timed-out': 'took too long to open',
  crashed: 'broke the program that opens it',
};

export function incompleteWords(reason: IncompleteReason): string {
  return INCOMPLETE_WORDS[reason];
}

const DETECTOR_WORDS: Readonly<Record<string, string>> = {
  direction: 'Words about the figures',
  figure: 'Figure',
  'record-level': 'Record-level data',
  fingerprint: 'Copy of registered data',
  marking: 'Protective marking',
  recipients: 'Recipients',
  batch: 'Unlike its siblings',
};

/** For a choice among them. */
export const DETECTORS = Object.entries(DETECTOR_WORDS).map(([value, text]) => ({ value, text }));

export function detectorWords(detector: string): string {
  return DETECTOR_WORDS[detector] ?? detector;
}

/** `safe from 9:30am`, for a tag. */
export function safeFrom(holdUntil: Instant): string {
  return `Safe from ${showTime(holdUntil)}`;
}
