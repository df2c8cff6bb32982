import type { Finding } from '../core/finding.ts';
import { type OpenedMessage, type OpenedPart, PATH_SEPARATOR } from '../core/part.ts';
import type { DetectContext, Detector } from '../detect/detector.ts';
import { groupParts, lengthOf } from './part-groups.ts';

/** Characters that detectors get at a time; between slices everybody else here has a turn. */
const SLICE = 64 * 1024;
/** Characters of the slice before that are read once more, for what stands across its end. */
const OVERLAP = 2048;
/** Longest time that detecting takes, ms; what is left then is incomplete. */
const MOST_TIME = 60_000;
/** How long detecting goes on, ms, before everybody else here has a turn. */
const LONGEST_STRETCH = 15;
/** Readers of sentences, who need no more of the other parts than the subject line; all others get the whole message. */
const BY_SENTENCE: ReadonlySet<Detector['name']> = new Set(['direction', 'figure']);
/** Findings of one rule and entry in one part, of one weight and one false alarm or none; more of them say nothing new. */
const MOST_ALIKE = 100;

export interface SliceOptions {
  /** Monotonic clock, ms. */
  readonly now?: () => number;
  readonly mostTime?: number;
}

/**
 * The findings of all detectors, those marked that are false alarms. A message with long texts, or with many, is read by groups of its
 * parts, and a very long part slice by slice, cut at line ends, so that it neither stands in the way of other mail nor fills the memory;
 * what time did not suffice for is added to the message as incomplete.
 */
export async function detectInSlices(
  opened: OpenedMessage,
  detectors: readonly Detector[],
  context: DetectContext,
  { now = () => performance.now(), mostTime = MOST_TIME }: SliceOptions = {},
): Promise<{ readonly findings: readonly Finding[]; readonly opened: OpenedMessage }> {
  const length = opened.parts.reduce((sum, part) => sum + lengthOf(part), 0);
  if (length <= SLICE) return { findings: await detectAll(opened, detectors, context), opened };
  const deadline = now() + mostTime;
  const turn = takingTurns(now);
  const firsts = { ...opened, parts: opened.parts.map(firstSlice) };
  const whole = detectors.filter(({ name }) => !BY_SENTENCE.has(name));
  const bySentence = detectors.filter(({ name }) => BY_SENTENCE.has(name));
  const inOrder = inWhole({ ...context, turn }, opened);
  const findings = [...(await detectAll(firsts, whole, inOrder))];
  const unread = new Set<OpenedPart>();
  for (const [at, { parts, message }] of (await groupParts(firsts, turn)).entries()) {
    if (at > 0 && now() > deadline) {
      for (const part of parts) unread.add(part);
      continue;
    }
    await turn();
    const own = new Set(parts.map(({ path }) => path));
    for (const found of await detectAll(message, bySentence, inOrder)) if (own.has(found.path)) findings.push(found);
  }
  const alike = new Map<string, number>();
  const subjects = opened.parts.filter(({ content }) => content.kind === 'text' && content.role === 'subject');
  for (const part of opened.parts.filter((one) => lengthOf(one) > SLICE)) {
    for (let start = sliceEnd(part, 0); start < lengthOf(part); start = sliceEnd(part, start)) {
      if (now() > deadline) {
        unread.add(part);
        break;
      }
      await turn();
      // What is known of the address lists was said with the first slice.
      const from = Math.max(0, start - OVERLAP);
      const slice = { ...opened, headers: null, parts: [...subjects, laterSlice(part, from, sliceEnd(part, start))] };
      const place = (finding: Finding) => (finding.path === part.path ? moved(finding, from) : finding);
      for (const found of await detectAll(slice, detectors, inWhole({ ...context, turn }, opened, place))) {
        const finding = place(found);
        // What ends in the slice before was judged with it, and with all that stands before.
        const isOfSlice = finding.span === null || finding.span.end > start;
        if (finding.path === part.path && isOfSlice && isNew(finding, alike)) findings.push(finding);
      }
    }
  }
  const paths = new Set([...unread].map(({ path }) => path));
  const rests = opened.parts.filter(({ path }) => paths.has(path)).map(restOf);
  return { findings, opened: rests.length === 0 ? opened : { ...opened, parts: [...opened.parts, ...rests] } };
}

/** Lets everybody else have a turn where the last one is long enough ago. */
function takingTurns(now: () => number): () => Promise<void> {
  let since = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now() - since < LONGEST_STRETCH) return;
    await nextTurn();
    since = now();
  };
}

const waiting: (() => void)[] = [];

/** One of all who wait goes on, the longest first; before the next does, what else has come in the meantime is looked at. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(goOn);
  });
}

function goOn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(goOn);
}

/** The context for a slice, whose findings are compared with false alarms at their place in the whole message. */
function inWhole(
  context: DetectContext,
  opened: OpenedMessage,
  place: (finding: Finding) => Finding = (finding) => finding,
): DetectContext {
  const { falseAlarm } = context;
  return falseAlarm === undefined
    ? context
    : { ...context, falseAlarm: (finding) => falseAlarm(place(finding), opened) };
}

async function detectAll(
  message: OpenedMessage,
  detectors: readonly Detector[],
  context: DetectContext,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const detector of detectors) {
    await context.turn?.();
    const found = detector.detect(message, context);
    for (const finding of found instanceof Promise ? await found : found) {
      const falseAlarm = context.falseAlarm?.(finding, message) ?? null;
      findings.push(falseAlarm === null ? finding : { ...finding, falseAlarm });
    }
  }
  return findings;
}

/** Where the slice that begins at `start` ends: behind a line end, else behind a blank, else where it is full. */
function sliceEnd({ content }: OpenedPart, start: number): number {
  if (!('text' in content)) return 0;
  const full = start + SLICE;
  if (full >= content.text.length) return content.text.length;
  for (const mark of ['\n', ' ']) {
    const at = content.text.lastIndexOf(mark, full - 1);
    if (at > start) return at + 1;
  }
  return full;
}

/** A part with the beginning of its text alone. */
function firstSlice(part: OpenedPart): OpenedPart {
  const { content } = part;
  const end = sliceEnd(part, 0);
  if (!('text' in content) || end === content.text.length) return part;
  return { ...part, content: { ...content, text: content.text.slice(0, end) } };
}

/** A part with a later stretch of its text; what is known of a table's columns is said once, with its first rows. */
function laterSlice(part: OpenedPart, start: number, end: number): OpenedPart {
  const { content } = part;
  if (!('text' in content)) return part;
  const text = content.text.slice(start, end);
  return { ...part, content: content.kind === 'text' ? { ...content, text } : { kind: 'text', role: 'table', text } };
}

function isNew({ detector, rule, entry, path, weight, falseAlarm }: Finding, alike: Map<string, number>): boolean {
  const key = [detector, rule, entry ?? '', path, weight ?? '', falseAlarm ?? ''].join('\n');
  const count = alike.get(key) ?? 0;
  alike.set(key, count + 1);
  return count < MOST_ALIKE;
}

function moved(finding: Finding, by: number): Finding {
  const { span } = finding;
  return span === null ? finding : { ...finding, span: { start: span.start + by, end: span.end + by } };
}

function restOf(part: OpenedPart): OpenedPart {
  const detail = 'the text is too long to be read to its end';
  return {
    path: `${part.path}${PATH_SEPARATOR}unread`,
    type: part.type,
    bytes: 0,
    content: { kind: 'incomplete', reason: 'timed-out', detail },
  };
}
