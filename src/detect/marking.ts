import type { Finding } from '../core/finding.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { Marking } from '../rules/marking.ts';
import { matchMarkings } from '../rules/match-marking.ts';
import { concernedEntries } from './concerned-entries.ts';
import type { DetectContext, Detector } from './detector.ts';
import { outsideOf } from './organisation.ts';

/** Places of a marking that are false alarms, past which nobody looks whether the next one is too. */
const MOST_FALSE = 50;

/**
 * Finds standing phrases that say how a message may travel: pre-release and embargo notices while a window is open, classifications on
 * what leaves the organisation. One finding for each marking and entry, at the first place; where that is a false alarm, one more at the
 * first that is none.
 */
export const marking: Detector = {
  name: 'marking',
  detect: (message, context) =>
    context.rules.markings.flatMap((rule) => {
      if (rule.kind === 'pre-release' && context.open.length === 0) return [];
      if (rule.kind === 'protective' && !leavesTheOrganisation(context)) return [];
      const place = firstPlace(message, rule);
      if (place === null) return [];
      return rule.kind === 'pre-release'
        ? concernedEntries(message, context).flatMap((entry) =>
            untilReal((at) => preReleaseFinding(rule, at, entry.id, entry.title), message, rule, context),
          )
        : [protectiveFinding(rule, place)];
    }),
};

/** Whether a message bears a marking of pre-release access or embargo. */
export function bearsPreReleaseMarking(message: OpenedMessage, markings: readonly Marking[]): boolean {
  return markings.some((rule) => rule.kind === 'pre-release' && firstPlace(message, rule) !== null);
}

/** The finding at the first place and, where that is a false alarm, at the first place that is none. */
function untilReal(
  findingAt: (place: Place) => Finding,
  message: OpenedMessage,
  rule: Marking,
  { falseAlarm }: DetectContext,
): readonly Finding[] {
  let first: Finding | null = null;
  let seen = 0;
  for (const place of places(message, rule)) {
    const finding = findingAt(place);
    if ((falseAlarm?.(finding, message) ?? null) === null) return first === null ? [finding] : [first, finding];
    first ??= finding;
    seen += 1;
    // A finding without a place in the text is no false alarm.
    if (seen > MOST_FALSE) return [first, findingAt({ path: place.path, span: null })];
  }
  return first === null ? [] : [first];
}

interface LowerText {
  readonly path: string;
  readonly text: string;
  readonly lower: string;
}

const lowered = new WeakMap<OpenedMessage, readonly LowerText[]>();

function lowerTexts(message: OpenedMessage): readonly LowerText[] {
  const known = lowered.get(message);
  if (known !== undefined) return known;
  const texts = message.parts.flatMap(({ path, content }) =>
    content.kind === 'text' || content.kind === 'table'
      ? [{ path, text: content.text, lower: content.text.toLowerCase() }]
      : [],
  );
  lowered.set(message, texts);
  return texts;
}

type Place = Pick<Finding, 'path' | 'span'>;

function firstPlace(message: OpenedMessage, rule: Marking): Place | null {
  for (const place of places(message, rule)) return place;
  return null;
}

function* places(message: OpenedMessage, rule: Marking): Generator<Place> {
  for (const { path, text, lower } of lowerTexts(message))
    for (const span of matchMarkings(rule, text, lower)) yield { path, span };
}

function leavesTheOrganisation({ parties }: DetectContext): boolean {
  return parties.from !== null && (parties.to.length === 0 || outsideOf(parties.from, parties.to).length > 0);
}

function preReleaseFinding(rule: Marking, place: Place, entry: string, title: string): Finding {
  return {
    detector: 'marking',
    rule: rule.id,
    entry,
    ...place,
    severity: 'high',
    summary: `Carries ${withArticle(rule.title)} while ${title} is not yet published: it is meant for the people on the access list alone.`,
    weight: 'embargoed',
  };
}

function protectiveFinding(rule: Marking, place: Place): Finding {
  return {
    detector: 'marking',
    rule: rule.id,
    entry: null,
    ...place,
    severity: 'low',
    summary: `Carries ${withArticle(rule.title)} and goes outside the sender's organisation.`,
    weight: 'notable',
  };
}

function withArticle(title: string): string {
  return `${/^[aeiou]/i.test(title) ? 'an' : 'a'} ${title}`;
}
